"""Reads about certificates."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max
from django.utils.translation import get_language

from visits.enums import CertificateStatus
from visits.models import Certificate

KNOWN = (CertificateStatus.ISSUED, CertificateStatus.REVOKED, CertificateStatus.SUPERSEDED)


def by_token(token: str) -> Certificate | None:
    """The certificate behind a QR code, if it was ever issued; with its successor."""
    if "\x00" in token:
        return None
    return Certificate.objects.filter(token=token, status__in=KNOWN).select_related("superseded_by").first()


def by_hash(sha256: str) -> Certificate | None:
    """The certificate whose file has this hash, if it left the house; with its successor."""
    return Certificate.objects.filter(sha256=sha256, status__in=KNOWN).select_related("superseded_by").first()


def successor_of(certificate: Certificate) -> Certificate | None:
    """What replaced the certificate, as soon as that is out."""
    successor = certificate.superseded_by
    return successor if successor and successor.status in KNOWN else None


def last_key() -> int:
    """The highest key of any certificate; 0 without one."""
    return Certificate.objects.aggregate(last=Max("pk"))["last"] or 0


def paper_of(certificate: Certificate) -> dict:
    """What the public page shows of the paper, in the active language; dates as dates."""
    language = "en" if (get_language() or "id").startswith("en") else "id"
    snapshot = certificate.snapshot
    return {
        "name": snapshot["name"],
        "organisation": snapshot["organisation"],
        "region": snapshot["region"],
        "programme": snapshot[f"programme_{language}"],
        "visit_date": dt.date.fromisoformat(snapshot["visit_date"]),
        "issued_on": dt.date.fromisoformat(snapshot["issued_on"]),
        "issuer": snapshot.get("issuer") or "Pemerintah Kota Binjai",
    }


@dataclass(frozen=True)
class Progress:
    """How many certificates of a visit are in which state; withdrawn ones do not count."""

    planned: int
    drawn: int
    issued: int
    failed: int
    reason: str

    @property
    def total(self) -> int:
        """All that are or will be valid."""
        return self.planned + self.drawn + self.issued + self.failed

    @property
    def is_going_on(self) -> bool:
        """Some are being made just now; one that stopped says why."""
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
