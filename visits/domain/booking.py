"""A guest's request: from the filled form to the confirmed request that waits for an answer."""

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from knowledge_hub.models import CaseStudyPage, Region, SubDimension
from visits import signals
from visits.domain import lifecycle, notices, numbers, outbox, rules, seats, tokens
from visits.domain.calendar_days import VENUE_ZONE, answer_due
from visits.domain.errors import MoveRefused, Violation
from visits.enums import Actor, MessageKind, VisitSource, VisitStatus
from visits.models import IncomingLetter, Programme, Visit, VisitSlot

CONFIRM_WITHIN = dt.timedelta(hours=4)
"""How long an unconfirmed request holds its seats, and how long its link works."""


@dataclass(frozen=True)
class LetterDraft:
    """The request letter as the guest gave it."""

    number: str
    date: dt.date
    subject: str = ""
    signatory: str = ""
    file: UploadedFile | None = None


@dataclass(frozen=True)
class BookingDraft:
    """Everything that the guest gave. ``submission_key`` is made with the form: the same key is the same request."""

    programme: Programme
    slot: VisitSlot
    region: Region | None
    organisation: str
    organisation_kind: str
    group_size: int
    contact_name: str
    contact_email: str
    contact_position: str = ""
    contact_phone: str = ""
    purpose: str = ""
    topics: tuple[SubDimension, ...] = ()
    case_studies: tuple[CaseStudyPage, ...] = ()
    letter: LetterDraft | None = None
    language: str = "id"
    privacy_notice_version: str = ""
    submission_key: uuid.UUID = field(default_factory=uuid.uuid4)


def similar_visit(draft: BookingDraft) -> Visit | None:
    """A request of the same region with the same letter number that is still alive: most likely the same letter twice."""
    if not draft.letter or not draft.letter.number or not draft.region:
        return None
    return (
        Visit.objects.filter(region=draft.region, letters__number__iexact=draft.letter.number.strip())
        .exclude(status__in=[VisitStatus.DECLINED, VisitStatus.EXPIRED, VisitStatus.CANCELLED_BY_GUEST, VisitStatus.CANCELLED_BY_HOST])
        .exclude(submission_key=draft.submission_key)
        .first()
    )


def submit(draft: BookingDraft, *, now: dt.datetime | None = None, source: VisitSource = VisitSource.ONLINE) -> Visit:
    """Save a guest's request, hold its seats and write the mail that asks to confirm the address.

    Everything in one transaction: either the request, its seats and its mail exist, or nothing does. The same
    ``submission_key`` again (a double click) returns the first request.

    Raises:
        MoveRefused: a rule is not met; carries the rules' codes and sentences.
    """
    now = now or timezone.now()
    with transaction.atomic():
        slot = VisitSlot.objects.select_for_update(of=("self",)).select_related("programme").get(pk=draft.slot.pk)
        # Looked up under the slot's lock: the second click waits here until the first one has been saved.
        existing = Visit.objects.filter(submission_key=draft.submission_key).first()
        if existing:
            return existing
        request = rules.Request(
            programme=draft.programme,
            slot=slot,
            persons=draft.group_size,
            now=now,
            has_letter=bool(draft.letter and draft.letter.file),
        )
        violations = rules.check(request)
        if similar_visit(draft):
            violations.append(
                Violation(
                    "duplicate_letter",
                    _("We already have a request with this letter number from your region. Use the link in its mail to change it."),
                )
            )
        if violations:
            raise MoveRefused(violations=violations)
        visit = Visit(
            source=source,
            programme=draft.programme,
            slot=slot,
            region=draft.region,
            organisation=draft.organisation,
            organisation_kind=draft.organisation_kind,
            group_size=draft.group_size,
            purpose=draft.purpose,
            language=draft.language,
            contact_name=draft.contact_name,
            contact_position=draft.contact_position,
            contact_email=draft.contact_email,
            contact_phone=draft.contact_phone,
            privacy_notice_version=draft.privacy_notice_version,
            submission_key=draft.submission_key,
            hold_until=min(now + CONFIRM_WITHIN, slot.starts_at),
        )
        seats.take(visit, slot, draft.group_size)
        visit.save()
        visit.topics.set(draft.topics)
        visit.case_studies.set(draft.case_studies)
        tokens.assign(visit)
        if draft.letter:
            save_letter(visit, draft.letter)
        log(instance=visit, action="visits.submit", data={"source": source, "persons": draft.group_size})
        outbox.queue(visit, MessageKind.CONFIRM)
        signals.visit_moved.send(sender=Visit, visit=visit, source=None, target=VisitStatus.UNVERIFIED, actor=Actor.GUEST)
        return visit


def save_letter(visit: Visit, letter: LetterDraft) -> IncomingLetter:
    """Add a request letter to a visit; earlier ones are kept. The stored name is random: uploads never choose a path."""
    row = IncomingLetter(
        visit=visit, number=letter.number.strip(), date=letter.date, subject=letter.subject.strip(), signatory=letter.signatory.strip()
    )
    if letter.file:
        digest = hashlib.sha256()
        for chunk in letter.file.chunks():
            digest.update(chunk)
        row.sha256 = digest.hexdigest()
        row.file_name = letter.file.name[-255:]
        row.file.save(f"{uuid.uuid4().hex}.pdf", letter.file, save=False)
    row.save()
    return row


@transaction.atomic
def confirm(visit: Visit, *, now: dt.datetime | None = None, by: Actor = Actor.GUEST, user=None) -> Visit:
    """The guest opened the link in the mail: the request gets its reference, and the answer its date.

    A request that was confirmed before is returned as it is. If its seats were given back meanwhile, they are taken anew.

    Raises:
        MoveRefused: the request has expired or was withdrawn, or its seats are gone.
    """
    now = now or timezone.now()
    current = Visit.objects.select_for_update(of=("self",)).select_related("programme", "slot").get(pk=visit.pk)
    if current.reference and current.status != VisitStatus.UNVERIFIED:
        return current
    if current.status != VisitStatus.UNVERIFIED:
        raise MoveRefused(_("This link has expired and the seats were given back. Please make the request again."))
    if not current.seats_held:
        violations = rules.check(
            rules.Request(programme=current.programme, slot=current.slot, persons=current.group_size, now=now, has_letter=True)
        )
        if violations:
            raise MoveRefused(violations=violations)
        seats.take(current, current.slot, current.group_size)
    due = answer_due(current.programme, now)
    today = now.astimezone(VENUE_ZONE)
    moved = lifecycle.transition(
        current,
        VisitStatus.SUBMITTED,
        by=by,
        user=user,
        changes={
            "reference": numbers.next_number("visit", year=today.year, month=today.month),
            "submitted_at": now,
            "answer_due_at": due,
            "seats_held": current.seats_held,
            "hold_until": min(due, current.slot.starts_at),
        },
    )
    outbox.queue(moved, MessageKind.RECEIPT)
    notices.tell_staff_of_request(moved)
    return moved
