"""The delegation that every contestant draws: fictitious people of an example region."""

import datetime as dt

from visits.documents.certificate import CertificateContent


def people(count: int) -> list[CertificateContent]:
    """So many certificates, alike but for name, number and address."""
    return [
        CertificateContent(
            number=f"000.5/{number:04}/KH/2026",
            name=f"Dr. H. Contoh Nama Anggota {number}, S.STP., M.A.P.",
            position="Wakil Ketua Komisi B",
            organisation="DPRD Kabupaten Contoh",
            programme_id="Kunjungan belajar kota cerdas setengah hari",
            programme_en="Half-day smart city study visit",
            venue_id="Ruang Contoh, Kota Binjai",
            venue_en="Ruang Contoh, Kota Binjai",
            visit_date=dt.date(2026, 11, 18),
            issued_on=dt.date(2026, 11, 24),
            verify_url=f"https://contoh.example/v/ABCDEFGHIJKLMNOP{number:04}",
            topics_id=("Layanan Publik", "Tata Kelola Birokrasi"),
        )
        for number in range(count)
    ]
