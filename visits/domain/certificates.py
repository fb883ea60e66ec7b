"""Certificates: who gets one, its number and its texts. The PDF is made by visits/documents."""

import base64
import datetime as dt
import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from knowledge_hub.models import User
from visits import signals
from visits.domain import attendance
from visits.domain.calendar_days import VENUE_ZONE, local_date
from visits.domain.delegates import unprintable
from visits.domain.errors import Refused
from visits.domain.place import names_of
from visits.domain.preconditions import require_programme, require_session
from visits.domain.stored_files import delete_after_commit
from visits.enums import CertificateStatus, VisitStatus
from visits.models import Certificate, CertificateTemplate, Delegate, NumberSequence, Visit
from visits.models.certificate import WITHDRAWN
from visits.models.delegation import person_key

TEMPLATE_WORDS = (
    "design",
    "heading_id",
    "heading_en",
    "deed_id",
    "deed_en",
    "closing_id",
    "closing_en",
    "issuer",
    "issuer_address",
    "place",
    "signatory_name",
    "signatory_position",
    "signatory_rank",
)
"""Fields that a certificate copies from its template, under the same names."""


def new_token() -> str:
    """A token of 100 random bits in upper-case letters and digits, which QR codes store compactly (alphanumeric mode)."""
    return base64.b32encode(secrets.token_bytes(13)).decode().rstrip("=")[:20]


def default_template() -> CertificateTemplate | None:
    """The template that is used unless staff choose another; None if there is none, then the design's own texts are used."""
    return CertificateTemplate.objects.filter(active=True, is_default=True).first()


def template_values(template: CertificateTemplate | None) -> dict:
    """Values of a template for the snapshot of a certificate."""
    if template is None:
        return {}
    return {
        **{name: getattr(template, name) for name in TEMPLATE_WORDS},
        "signature": template.signature,
        "logos": [logo for logo in (template.logo_1, template.logo_2) if logo],
        "template": {"name": template.name, "version": template.version},
    }


def snapshot_of(delegate: Delegate, visit: Visit, *, number: str, issued_on: dt.date, template: CertificateTemplate | None = None) -> dict:
    """Everything that is printed on the certificate, as plain values, so that it can be made again identically.

    Dates are ISO 8601 at the venue; texts are in both languages if the paper shows both.
    """
    programme, date, venue = require_programme(visit), local_date(require_session(visit).starts_at), names_of(visit)
    return {
        "number": number,
        "name": delegate.name,
        "position": delegate.position,
        "organisation": delegate.unit or visit.organisation,
        "region": visit.region.name if visit.region else "",
        "programme_id": programme.name_id,
        "programme_en": programme.name_en,
        "venue_id": venue["id"],
        "venue_en": venue["en"],
        "visit_reference": visit.reference,
        "visit_date": date.isoformat(),
        "issued_on": issued_on.isoformat(),
        "topics_id": [topic.name_id for topic in visit.topics.all()],
        "topics_en": [topic.name_en for topic in visit.topics.all()],
        **template_values(template),
    }


@transaction.atomic
def plan(
    visit: Visit, *, template: CertificateTemplate | None = None, only: set[int] | None = None, now: dt.datetime | None = None
) -> list[Certificate]:
    """Give everyone who attended a number and a snapshot; those who have one keep it. Idempotent.

    Args:
        template: the template; the default one if None.
        only: primary keys of the delegates; everyone if None.

    Raises:
        Refused: the visit is not completed.
    """
    visit, today = _lock_completed(visit, now)
    template = template or default_template()
    served = set(visit.certificates.exclude(status__in=WITHDRAWN).values_list("delegate_id", flat=True))
    planned = [
        _create(visit, delegate, template, today)
        for delegate in attendance.attended(visit)
        if delegate.pk not in served and (only is None or delegate.pk in only)
    ]
    _announce(visit, planned)
    return planned


def _require_printable(speaker: Delegate) -> None:
    """Raise Refused if a paper could not show the texts, before a number is used."""
    if errors := unprintable(speaker):
        raise Refused(" ".join(error.message for error in errors))


@transaction.atomic
def plan_for_speaker(
    visit: Visit, speaker: Delegate, *, template: CertificateTemplate | None = None, now: dt.datetime | None = None
) -> Certificate:
    """Plan a certificate for a speaker who is not on the list of delegates.

    Args:
        speaker: an unsaved delegate with name, position and unit.

    Raises:
        Refused: the visit is not completed, no name was given, no paper can show it, or this person already has a certificate of the visit.
    """
    visit, today = _lock_completed(visit, now)
    if not speaker.name.strip():
        raise Refused(_("Enter the name of the person."))
    _require_printable(speaker)
    key = person_key(speaker.name, speaker.position)
    for other in visit.certificates.filter(delegate=None).exclude(status__in=WITHDRAWN):
        if person_key(other.snapshot["name"], other.snapshot["position"]) == key:
            raise Refused(_("This person has certificate %(number)s already.") % {"number": other.number})
    certificate = _create(visit, speaker, template or default_template(), today)
    _announce(visit, [certificate])
    return certificate


@transaction.atomic
def retry(visit: Visit, *, template: CertificateTemplate | None = None, now: dt.datetime | None = None) -> int:
    """Plan missing certificates, plan failed ones again, and start making all planned ones.

    A failed certificate keeps its number and gets a new snapshot: the cause was often a name.

    Returns:
        How many are planned.

    Raises:
        Refused: the visit is not completed.
    """
    plan(visit, template=template, now=now)
    visit, _today = _lock_completed(visit, now)
    for failed in visit.certificates.filter(status=CertificateStatus.FAILED).select_related("delegate", "template"):
        _plan_again(failed, visit)
    waiting = Certificate.objects.filter(visit=visit, status=CertificateStatus.PLANNED).count()
    if waiting:
        signals.certificates_planned.send(sender=Visit, visit=visit)
    return waiting


@transaction.atomic
def replace(
    certificate: Certificate,
    *,
    by: User | None,
    reason: str,
    template: CertificateTemplate | None = None,
    speaker: Delegate | None = None,
    now: dt.datetime | None = None,
) -> Certificate:
    """Replace an issued certificate by one with a new number and the current data.

    The old one is kept as replaced, and its verification page names the new one. For a speaker, ``speaker`` (unsaved) holds the
    correct data.

    Raises:
        Refused: no reason was given, the certificate is not valid any more, or no paper can show what was entered.
    """
    if not reason.strip():
        raise Refused(_("Give a reason, so that the other side understands."))
    visit, today = _lock_completed(certificate.visit, now)
    changed = Certificate.objects.filter(pk=certificate.pk, status=CertificateStatus.ISSUED).update(
        status=CertificateStatus.REPLACED, withdrawn_at=now or timezone.now(), withdrawal_reason=reason.strip()
    )
    if not changed:
        raise Refused(_("Only a valid certificate can be replaced."))
    if speaker is not None:
        _require_printable(speaker)
    person = certificate.delegate or speaker or _speaker_of(certificate)
    replacement = _create(visit, person, template or certificate.template or default_template(), today)
    Certificate.objects.filter(pk=certificate.pk).update(replaced_by=replacement)
    log(
        instance=visit,
        action="visits.certificate_replaced",
        user=by,
        data={"number": certificate.number, "replacement": replacement.number},
    )
    signals.certificates_planned.send(sender=Visit, visit=visit)
    certificate.refresh_from_db()
    return replacement


@transaction.atomic
def correct(delegate: Delegate, *, by: User | None, reason: str, now: dt.datetime | None = None) -> Certificate | None:
    """Make the certificate of a delegate say what the list of delegates says now, in the caller's transaction.

    An issued certificate is replaced by a new one; one that is not issued yet keeps its number and is made again.

    Returns:
        The certificate that will be made; None if the delegate has none.

    Raises:
        Refused: no reason was given.
    """
    rows = delegate.certificates.exclude(status__in=WITHDRAWN).select_related("visit", "delegate", "template")
    certificate = rows.first()
    if certificate is None:
        return None
    if certificate.status == CertificateStatus.ISSUED:
        return replace(certificate, by=by, reason=reason, now=now)
    visit, _today = _lock_completed(certificate.visit, now)
    _plan_again(certificate, visit)
    signals.certificates_planned.send(sender=Visit, visit=visit)
    return certificate


def _lock_completed(visit: Visit, now: dt.datetime | None) -> tuple[Visit, dt.date]:
    """The visit under its lock, and today at the venue. Raises Refused unless it is completed."""
    visits = Visit.objects.select_for_update(of=("self",)).select_related("programme", "slot", "region")
    visit = visits.prefetch_related("allocations__resource__kind").get(pk=visit.pk)
    if visit.status != VisitStatus.COMPLETED:
        raise Refused(_("Certificates are issued when the visit is completed."))
    return visit, (now or timezone.now()).astimezone(VENUE_ZONE).date()


def _create(visit: Visit, person: Delegate, template: CertificateTemplate | None, today: dt.date) -> Certificate:
    number = NumberSequence.objects.next_number("certificate", year=today.year, month=today.month)
    return Certificate.objects.create(
        visit=visit,
        delegate=person if person.pk else None,
        template=template,
        number=number,
        token=new_token(),
        snapshot=snapshot_of(person, visit, number=number, issued_on=today, template=template),
    )


def _plan_again(certificate: Certificate, visit: Visit) -> None:
    """Write a new snapshot. The new token makes sure that a paper which is being drawn from the old one is not kept."""
    issued_on = dt.date.fromisoformat(certificate.snapshot["issued_on"])
    person = certificate.delegate or _speaker_of(certificate)
    certificate.snapshot = snapshot_of(person, visit, number=certificate.number, issued_on=issued_on, template=certificate.template)
    delete_after_commit(certificate.file)
    certificate.status, certificate.failure, certificate.file, certificate.token = CertificateStatus.PLANNED, "", "", new_token()
    certificate.save(update_fields=["snapshot", "status", "failure", "file", "token"])


def _speaker_of(certificate: Certificate) -> Delegate:
    snapshot = certificate.snapshot
    return Delegate(visit=certificate.visit, name=snapshot["name"], position=snapshot["position"], unit=snapshot["organisation"])


def _announce(visit: Visit, planned: list[Certificate]) -> None:
    if planned:
        log(instance=visit, action="visits.certificates_planned", data={"count": len(planned)})
        signals.certificates_planned.send(sender=Visit, visit=visit)


@transaction.atomic
def revoke(certificate: Certificate, *, by: User | None, reason: str) -> Certificate:
    """Revoke a certificate. Its number is not used again, and its verification page says that it is revoked.

    Raises:
        Refused: no reason was given, or it is revoked already.
    """
    if not reason.strip():
        raise Refused(_("Give a reason, so that the other side understands."))
    changed = (
        Certificate.objects.filter(pk=certificate.pk)
        .exclude(status__in=WITHDRAWN)
        .update(status=CertificateStatus.REVOKED, withdrawn_at=timezone.now(), withdrawal_reason=reason.strip())
    )
    if not changed:
        raise Refused(_("This certificate is withdrawn already."))
    log(instance=certificate.visit, action="visits.certificate_revoked", user=by, data={"number": certificate.number})
    certificate.refresh_from_db()
    return certificate
