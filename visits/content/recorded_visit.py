"""The one visit that a fresh install records, exactly as its source reports it; what the source does not say stays empty."""

import datetime as dt

SOURCE = "Sumut Pos, 15 November 2018 (ted/han)"

VISIT = {
    "recorded_date": dt.date(2018, 9, 5),
    "region_id": "12.19",
    "organisation": "Komisi B DPRD Kabupaten Batu Bara",
}

GIFT = {"giver": "Sekda Pemko Binjai Mahfullah", "receiver": "Rombongan Komisi B DPRD Batubara"}

NOTE_INDEX = {
    "id": {
        "title": "Catatan kunjungan",
        "slug": "catatan-kunjungan",
        "summary": "Kunjungan yang tercatat satu per satu, dengan sumbernya. Hal yang tidak disebut sumber ditulis “tidak tercatat”.",
    },
    "en": {
        "title": "Visit notes",
        "slug": "visit-notes",
        "summary": "Visits recorded one by one, with their sources. What a source does not say is shown as “not recorded”.",
    },
}

NOTE = {
    "id": {
        "title": "Kunjungan Komisi B DPRD Kabupaten Batu Bara",
        "slug": "komisi-b-dprd-batu-bara-2018",
        "summary": "Rombongan Komisi B DPRD Kabupaten Batu Bara berkunjung ke Binjai pada Rabu, 5 September 2018.",
        "body": (
            "<p>Sekda Pemko Binjai Mahfullah memberikan cenderamata kepada rombongan.</p>"
            "<p>Jumlah peserta, topik, tempat, dan surat permohonan: tidak tercatat.</p>"
        ),
    },
    "en": {
        "title": "Visit of Commission B of the council of Batu Bara regency",
        "slug": "commission-b-batu-bara-2018",
        "summary": "A delegation of Commission B of the council (DPRD) of Batu Bara regency visited Binjai on Wednesday, 5 September 2018.",
        "body": (
            "<p>Mahfullah, regional secretary of the city of Binjai, gave the delegation a souvenir.</p>"
            "<p>Number of people, topic, place and request letter: not recorded.</p>"
        ),
    },
}
