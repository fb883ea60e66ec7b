"""Reads about certificates and their templates."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, QuerySet

from knowledge_hub.core.language import active_language
from visits.enums import CertificateStatus
from visits.models import Certificate, CertificateTemplate, Delegate

KNOWN = (CertificateStatus.ISSUED, CertificateStatus.REVOKED, CertificateStatus.REPLACED)


def by_token(token: str) -> Certificate | None:
    """The certificate of the token in a QR code, if it was issued; with its replacement."""
    if "\x00" in token:
        return None
    return Certificate.objects.filter(token=token, status__in=KNOWN).select_related("replaced_by").first()


def by_hash(sha256: str) -> Certificate | None:
    """The certificate whose file has this hash, if it was issued; with its replacement."""
    return Certificate.objects.filter(sha256=sha256, status__in=KNOWN).select_related("replaced_by").first()


def replacement_of(certificate: Certificate) -> Certificate | None:
    """The issued certificate that replaced this one, or None."""
    replacement = certificate.replaced_by
    return replacement if replacement and replacement.status in KNOWN else None


def highest_key() -> int:
    """The highest primary key of all certificates; 0 without any."""
    return Certificate.objects.aggregate(last=Max("pk"))["last"] or 0


def printed_facts(certificate: Certificate) -> dict:
    """What the verification page shows of a certificate, in the active language; dates as dates."""
    snapshot = certificate.snapshot
    return {
        "name": snapshot["name"],
        "position": snapshot["position"],
        "organisation": snapshot["organisation"],
        "region": snapshot["region"],
        "programme": snapshot[f"programme_{active_language()}"],
        "visit_date": dt.date.fromisoformat(snapshot["visit_date"]),
        "issued_on": dt.date.fromisoformat(snapshot["issued_on"]),
        "issuer": snapshot.get("issuer") or "Pemerintah Kota Binjai",
    }


@dataclass(frozen=True)
class Progress:
    """Number of certificates of a visit in each state, without revoked and replaced ones."""

    planned: int
    drawn: int
    issued: int
    failed: int
    reason: str

    @property
    def total(self) -> int:
        """Certificates that are or will be valid."""
        return self.planned + self.drawn + self.issued + self.failed

    @property
    def is_going_on(self) -> bool:
        """Whether some are being made; ``reason`` says why it stopped."""
        return self.planned > 0 and not self.reason


def progress_of(certificates: Iterable[Certificate]) -> Progress:
    """Count the certificates of a visit."""
    rows = list(certificates)
    count = Counter(row.status for row in rows)
    waiting = (CertificateStatus.PLANNED, CertificateStatus.DRAWN)
    return Progress(
        planned=count[CertificateStatus.PLANNED],
        drawn=count[CertificateStatus.DRAWN],
        issued=count[CertificateStatus.ISSUED],
        failed=count[CertificateStatus.FAILED],
        reason=next((row.failure for row in rows if row.status in waiting and row.failure), ""),
    )


PREVIEW_PEOPLE = 12


def active_templates() -> QuerySet[CertificateTemplate]:
    """Templates that staff can choose, the default one first."""
    return CertificateTemplate.objects.filter(active=True).order_by("-is_default", "name")


def recent_delegates() -> QuerySet[Delegate]:
    """Delegates of the latest visits, to preview a template with real names."""
    keys = Delegate.objects.filter(visit__slot__isnull=False).order_by("-pk").values_list("pk", flat=True)[:PREVIEW_PEOPLE]
    return Delegate.objects.filter(pk__in=list(keys)).select_related("visit__programme", "visit__slot", "visit__region").order_by("-pk")


def example_snapshot(today: dt.date) -> dict:
    """A fictitious snapshot for the preview, for sites without delegates."""
    return {
        "number": "SK-2026-00000",
        "name": "Dr. H. Contoh Nama Lengkap, S.STP., M.A.P.",
        "position": "Kepala Bidang Contoh",
        "organisation": "Dinas Komunikasi dan Informatika",
        "region": "Kabupaten Contoh",
        "programme_id": "Kunjungan belajar kota cerdas",
        "programme_en": "Smart city study visit",
        "venue_id": "Ruang Contoh, Kota Binjai",
        "venue_en": "Example Room, Kota Binjai",
        "visit_date": today.isoformat(),
        "issued_on": today.isoformat(),
        "topics_id": ["Layanan Publik"],
        "topics_en": ["Public Services"],
    }
