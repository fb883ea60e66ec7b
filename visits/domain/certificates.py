"""Certificates: who gets one, with which number, saying what; made by visits/documents."""

import base64
import datetime as dt
import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from visits import signals
from visits.domain import attendance, numbers
from visits.domain.calendar_days import VENUE_ZONE, local_date
from visits.domain.errors import MoveRefused
from visits.enums import CertificateStatus, VisitStatus
from visits.models import Certificate, Delegate, Visit


def new_token() -> str:
    """A token of 100 random bits in upper-case letters and digits, which a QR code holds in its dense mode."""
    return base64.b32encode(secrets.token_bytes(13)).decode().rstrip("=")[:20]


def snapshot_of(delegate: Delegate, visit: Visit, *, number: str, issued_on: dt.date) -> dict:
    """Everything that the certificate says, in plain values, so that it can be made again just so.

    Dates are ISO 8601 in the venue's zone; texts are given in both languages where the paper shows both.
    """
    date = local_date(visit.slot.starts_at)
    return {
        "number": number,
        "name": delegate.name,
        "position": delegate.position,
        "organisation": delegate.unit or visit.organisation,
        "region": visit.region.name if visit.region else "",
        "programme_id": visit.programme.name_id,
        "programme_en": visit.programme.name_en,
        "venue_id": visit.programme.venue_id,
        "venue_en": visit.programme.venue_en,
        "visit_reference": visit.reference,
        "visit_date": date.isoformat(),
        "issued_on": issued_on.isoformat(),
        "topics_id": [topic.name_id for topic in visit.topics.all()],
        "topics_en": [topic.name_en for topic in visit.topics.all()],
    }


@transaction.atomic
def plan(visit: Visit, *, now: dt.datetime | None = None) -> list[Certificate]:
    """Give everyone who attended a number and a snapshot; those who have one keep it. Idempotent.

    Raises:
        MoveRefused: the visit is not completed.
    """
    now = now or timezone.now()
    visit = Visit.objects.select_for_update(of=("self",)).select_related("programme", "slot", "region").get(pk=visit.pk)
    if visit.status != VisitStatus.COMPLETED:
        raise MoveRefused(_("Certificates are issued when the visit is completed."))
    served = set(visit.certificates.exclude(status=CertificateStatus.REVOKED).values_list("delegate_id", flat=True))
    today = now.astimezone(VENUE_ZONE).date()
    planned = []
    for delegate in attendance.attended(visit):
        if delegate.pk in served:
            continue
        number = numbers.next_number("certificate", year=today.year, month=today.month)
        planned.append(
            Certificate.objects.create(
                visit=visit,
                delegate=delegate,
                number=number,
                token=new_token(),
                snapshot=snapshot_of(delegate, visit, number=number, issued_on=today),
            )
        )
    if planned:
        log(instance=visit, action="visits.certificates_planned", data={"count": len(planned)})
        signals.certificates_planned.send(sender=Visit, visit=visit)
    return planned


@transaction.atomic
def retry(visit: Visit, *, now: dt.datetime | None = None) -> int:
    """Plan certificates that are missing, put failed ones back in line with their numbers, and have all waiting ones made.

    Returns:
        How many wait to be made.

    Raises:
        MoveRefused: the visit is not completed.
    """
    plan(visit, now=now)
    Certificate.objects.filter(visit=visit, status=CertificateStatus.FAILED).update(status=CertificateStatus.PLANNED, failure="")
    waiting = Certificate.objects.filter(visit=visit, status=CertificateStatus.PLANNED).count()
    if waiting:
        signals.certificates_planned.send(sender=Visit, visit=visit)
    return waiting


@transaction.atomic
def revoke(certificate: Certificate, *, by, reason: str) -> Certificate:
    """Withdraw a certificate; its number stays taken and its verification page says so.

    Raises:
        MoveRefused: no reason was given, or it is revoked already.
    """
    if not reason.strip():
        raise MoveRefused(_("Give a reason, so that the other side understands."))
    changed = (
        Certificate.objects.filter(pk=certificate.pk)
        .exclude(status=CertificateStatus.REVOKED)
        .update(status=CertificateStatus.REVOKED, revoked_at=timezone.now(), revoke_reason=reason.strip())
    )
    if not changed:
        raise MoveRefused(_("This certificate is revoked already."))
    log(instance=certificate.visit, action="visits.certificate_revoked", user=by, data={"number": certificate.number})
    certificate.refresh_from_db()
    return certificate
