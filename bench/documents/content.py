"""The delegation that every contestant draws: fictitious people of an example region."""

import datetime as dt
import json

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
            credential=_credential(number),
        )
        for number in range(count)
    ]


def _credential(number: int) -> bytes:
    """As much as a signed credential holds; only our own way attaches it."""
    site = "https://contoh.example"
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": f"{site}/v/ABCDEFGHIJKLMNOP{number:04}/credential.json",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": "did:web:contoh.example", "type": ["Profile"], "name": "Pemerintah Kota Contoh", "url": site},
        "validFrom": "2026-11-24T00:00:00+07:00",
        "credentialSubject": {"type": ["AchievementSubject"], "licenseNumber": f"{number:04}", "achievement": {"name": "x" * 400}},
        "credentialStatus": {"type": "BitstringStatusListEntry", "statusListIndex": str(number), "id": f"{site}/v/status/0#{number}"},
        "proof": {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofValue": f"z{number:04}" + "5aB" * 28},
    }
    return json.dumps(document, indent=1).encode()
