"""The programmes of a fresh install: neutral defaults after rules that other Indonesian hosts publish, all editable in the admin.

Tuesdays and Thursdays, a request at least seven working days ahead (as in Sleman's regulation on official guests), command
centre tours of at most forty people. They are no rules of the city until the city says so.
"""

import datetime as dt

from visits.enums import CertificateDesign

MORNING = dt.time(9), dt.time(11, 30)
TUESDAY, THURSDAY = 2, 4

PROGRAMMES = [
    {
        "slug": "kunjungan-setengah-hari",
        "hours": [(TUESDAY, *MORNING), (THURSDAY, *MORNING)],
        "values": {
            "name_id": "Kunjungan setengah hari",
            "name_en": "Half-day visit",
            "summary_id": (
                "Penyambutan, paparan tentang Smart City Binjai dan kerja sama tiga pihak, tanya jawab, lalu peninjauan. "
                "Tidak dipungut biaya. Ketentuan ini adalah setelan awal dan dapat diubah oleh tuan rumah."
            ),
            "summary_en": (
                "Welcome, presentation of Binjai's smart city and the cooperation of three parties, questions and answers, then a tour. "
                "Free of charge. These rules are initial settings that the host can change."
            ),
            "duration_minutes": 150,
            "min_persons": 5,
            "max_persons": 40,
            "capacity_persons": 60,
            "max_per_day": 2,
            "max_per_week": 4,
            "sort_order": 1,
        },
    },
    {
        "slug": "tinjauan-pusat-komando",
        "hours": [(TUESDAY, dt.time(13, 30), dt.time(15)), (THURSDAY, dt.time(13, 30), dt.time(15))],
        "values": {
            "name_id": "Tinjauan pusat komando",
            "name_en": "Command centre tour",
            "summary_id": (
                "Tinjauan singkat ke pusat komando kota dengan penjelasan petugas, paling banyak 40 orang. Tidak dipungut biaya. "
                "Ketentuan ini adalah setelan awal dan dapat diubah oleh tuan rumah."
            ),
            "summary_en": (
                "A short tour of the city's command centre, explained by its staff, for at most 40 people. Free of charge. "
                "These rules are initial settings that the host can change."
            ),
            "duration_minutes": 90,
            "min_persons": 1,
            "max_persons": 40,
            "capacity_persons": 40,
            "max_per_day": 1,
            "max_per_week": 2,
            "sort_order": 2,
        },
    },
    {
        "slug": "sesi-daring",
        "hours": [(TUESDAY, dt.time(9), dt.time(10, 30)), (THURSDAY, dt.time(9), dt.time(10, 30))],
        "values": {
            "name_id": "Sesi daring",
            "name_en": "Online session",
            "summary_id": (
                "Paparan dan tanya jawab melalui konferensi video bagi daerah yang belum dapat datang. Tidak dipungut biaya. "
                "Ketentuan ini adalah setelan awal dan dapat diubah oleh tuan rumah."
            ),
            "summary_en": (
                "Presentation, questions and answers by video conference, for regions that cannot come yet. Free of charge. "
                "These rules are initial settings that the host can change."
            ),
            "is_online": True,
            "duration_minutes": 90,
            "min_persons": 1,
            "max_persons": 100,
            "capacity_persons": 200,
            "max_per_day": 2,
            "max_per_week": 4,
            "sort_order": 3,
        },
    },
]

RULES = {"lead_working_days": 7, "answer_working_days": 5, "horizon_days": 180, "buffer_minutes": 30, "letter_required": True}
"""What all programmes start with."""

KINDS = [
    {"slug": "ruang", "name_id": "Ruang", "name_en": "Room", "is_place": True},
    {"slug": "narasumber", "name_id": "Narasumber", "name_en": "Speaker", "is_person": True},
    {"slug": "pemandu", "name_id": "Pemandu", "name_en": "Guide", "is_person": True},
    {"slug": "kendaraan", "name_id": "Kendaraan", "name_en": "Vehicle"},
]
"""Kinds of resources. Which rooms and people there are, and what a programme needs, only the host can say."""

AGENDAS = {
    "kunjungan-setengah-hari": [
        ("welcome", 15),
        ("host_speech", 15),
        ("guest_speech", 10),
        ("presentation", 45),
        ("questions", 30),
        ("tour", 25),
        ("souvenirs", 5),
        ("photo", 5),
    ],
    "tinjauan-pusat-komando": [("welcome", 10), ("presentation", 25), ("tour", 35), ("questions", 15), ("photo", 5)],
    "sesi-daring": [("opening", 5), ("host_speech", 10), ("presentation", 40), ("questions", 30), ("closing", 5)],
}
"""The usual order of such visits in press reports, with minutes: what the agenda of a new visit starts with."""

TASKS = {
    "kunjungan-setengah-hari": [
        ("Pastikan narasumber dan bahan paparan", 7),
        ("Siapkan ruang, pengeras suara, dan layar", 3),
        ("Pesan konsumsi sesuai jumlah dan kebutuhan tamu", 3),
        ("Siapkan cenderamata", 3),
        ("Tugaskan pemandu acara, pembaca doa, dan dokumentasi", 3),
        ("Periksa spanduk, papan nama, dan tempat parkir", 1),
    ],
    "tinjauan-pusat-komando": [("Pastikan pemandu dan jalur peninjauan", 3), ("Siapkan tanda pengenal tamu", 1)],
    "sesi-daring": [("Pastikan narasumber dan bahan paparan", 7), ("Buat tautan rapat dan uji suara", 1)],
}
"""What is usually prepared, with days before the visit. Who does it, only the host can say."""

CERTIFICATE_TEMPLATES = [
    ("Sertifikat peserta", CertificateDesign.PARTICIPANT),
    ("Piagam narasumber", CertificateDesign.SPEAKER),
    ("Surat keterangan kehadiran", CertificateDesign.LETTER),
]
"""Name and design of each. Without a signatory the papers say that they are valid without a signature: who signs, only the host can say."""
