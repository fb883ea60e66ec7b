"""Reads about certificates."""

import datetime as dt

from django.utils.translation import get_language

from visits.enums import CertificateStatus
from visits.models import Certificate


def by_token(token: str) -> Certificate | None:
    """The certificate behind a QR code, if it was ever issued."""
    if "\x00" in token:
        return None
    return Certificate.objects.filter(token=token, status__in=[CertificateStatus.ISSUED, CertificateStatus.REVOKED]).first()


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
    }
