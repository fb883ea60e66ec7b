"""The reply letter: drafted from the visit, issued with the next number, and made void instead of deleted."""

import datetime as dt
import json
import uuid

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log, registry

from knowledge_hub.models import User
from visits.domain import agenda, conversation
from visits.domain.calendar_days import local_date, session_times
from visits.domain.changes import differences
from visits.domain.errors import Refused
from visits.domain.place import more_rooms, place_of
from visits.domain.preconditions import require_programme
from visits.enums import FREES_SEATS, MessageKind
from visits.models import HostOfficial, IncomingLetter, NumberSequence, OfficeSettings, ReplyLetter, Visit

LANGUAGE = "id"
"""Language of official letters and papers (Law 24/2009, article 28)."""

PRINTED_FIELDS = ("nature", "enclosures", "subject", "addressee", "addressee_place", "opening", "body", "closing", "copies")
"""Fields of a letter that are printed unchanged."""


DRAFTED = ("variant", *PRINTED_FIELDS, "with_appointment", "signatory")
"""Fields of a letter that staff may change until it is issued."""


def valid_reply(visit: Visit) -> ReplyLetter | None:
    """The visit's draft or issued letter; void ones do not count."""
    return visit.replies.exclude(state=ReplyLetter.State.VOID).select_related("signatory", "answers", "visit__slot").first()


def signed_reply(visit: Visit) -> ReplyLetter | None:
    """The issued letter that has a signed copy, which guests may download."""
    return visit.replies.filter(state=ReplyLetter.State.ISSUED).exclude(signed_file="").first()


def default_variant(visit: Visit) -> ReplyLetter.Variant:
    """The most likely kind of reply for the state of the visit."""
    if visit.status in FREES_SEATS:
        return ReplyLetter.Variant.DECLINE
    if visit.programme and visit.programme.is_online:
        return ReplyLetter.Variant.ONLINE
    return ReplyLetter.Variant.ACCEPT


def default_texts(visit: Visit, variant: ReplyLetter.Variant) -> dict[str, str | bool]:
    """Texts of a new letter in Indonesian, by field name."""
    letter = visit.letters.first()
    with override(LANGUAGE):
        place = visit.region.name if visit.region else ""
        facts = {"organisation": visit.organisation, "government": OfficeSettings.load().government}
        return {
            "variant": variant,
            "subject": _subject(variant) % facts,
            "addressee": (letter and letter.signatory) or _("Head of %(organisation)s") % facts,
            "addressee_place": place,
            "opening": f"{_reference(letter)} {_answer(variant) % facts}",
            "body": _body(visit, variant),
            "with_appointment": variant != ReplyLetter.Variant.DECLINE,
            "closing": _("Thus we inform you. For your attention and cooperation we thank you."),
        }


def _subject(variant: ReplyLetter.Variant) -> str:
    return {
        ReplyLetter.Variant.ACCEPT: _("Reception of the visit of %(organisation)s"),
        ReplyLetter.Variant.ACCEPT_CHANGED: _("Changed date of the visit of %(organisation)s"),
        ReplyLetter.Variant.DECLINE: _("Answer to the visit request of %(organisation)s"),
        ReplyLetter.Variant.ONLINE: _("Online meeting with %(organisation)s"),
    }[variant]


def _reference(letter: IncomingLetter | None) -> str:
    if letter is None:
        return _("Following your request,")
    facts = {"number": letter.number, "date": date_format(letter.date, "j F Y"), "subject": letter.subject}
    if letter.subject:
        return _("Following your letter number %(number)s of %(date)s on %(subject)s,") % facts
    return _("Following your letter number %(number)s of %(date)s,") % facts


def _answer(variant: ReplyLetter.Variant) -> str:
    return {
        ReplyLetter.Variant.ACCEPT: _("we inform you that %(government)s is ready to receive the visit of %(organisation)s on:"),
        ReplyLetter.Variant.ACCEPT_CHANGED: _(
            "we inform you that %(government)s cannot receive you on the date that you asked for, and invites %(organisation)s on:"
        ),
        ReplyLetter.Variant.DECLINE: _("we apologise that %(government)s cannot receive the visit of %(organisation)s."),
        ReplyLetter.Variant.ONLINE: _("we inform you that %(government)s is ready to meet %(organisation)s by video conference on:"),
    }[variant]


def _body(visit: Visit, variant: ReplyLetter.Variant) -> str:
    if variant == ReplyLetter.Variant.DECLINE:
        hope = _("We hope for another opportunity to exchange experience.")
        return f"{visit.reason.strip()}\n{hope}".strip()
    if variant == ReplyLetter.Variant.ONLINE:
        return _("The address of the meeting is sent to your contact person at the latest one day before.")
    return _("Please give us the names of your delegation at the latest one day before the visit. The visit is free of charge.")


def appointment(visit: Visit) -> list[tuple[str, str]]:
    """Day, time, place, programme and speakers of the visit in Indonesian, as label and text; empty without a session."""
    if not visit.slot:
        return []
    programme = require_programme(visit)
    with override(LANGUAGE):
        rows = [
            (_("Day, date"), date_format(local_date(visit.slot.starts_at), "l, j F Y")),
            (_("Hour"), session_times(visit.slot)),
            (_("Place"), _("Video conference") if programme.is_online else place_of(visit).location),
            (_("Room"), more_rooms(visit)),
            (_("Event"), programme.name_id),
            (_("Speaker"), "; ".join(agenda.speakers_of(visit, agenda.agenda_of(visit)))),
        ]
    return [(label, text) for label, text in rows if text]


def content_of(reply: ReplyLetter) -> dict:
    """Everything that is printed in the letter, as plain values; of an issued letter as it was issued."""
    if reply.snapshot:
        return json.loads(reply.snapshot)
    signatory = reply.signatory
    with override(LANGUAGE):
        nature = reply.get_nature_display()
    return {
        **{name: getattr(reply, name) for name in PRINTED_FIELDS},
        "nature": nature,
        "number": reply.number or "",
        "date": date_format(reply.date, "j F Y") if reply.date else "",
        "appointment": appointment(reply.visit) if reply.with_appointment else [],
        "signatory": {"position": signatory.position, "name": signatory.name, "rank": signatory.rank, "nip": signatory.nip},
    }


@transaction.atomic
def save_draft(reply: ReplyLetter, *, by: User | None = None) -> ReplyLetter:
    """Save a new letter or a changed draft.

    Raises:
        Refused: the letter was issued meanwhile, or the visit has another one.
    """
    Visit.objects.select_for_update(of=("self",)).get(pk=reply.visit_id)
    current = valid_reply(reply.visit)
    if current and (current.pk != reply.pk or current.state != ReplyLetter.State.DRAFT):
        raise Refused(_("This visit has a letter already. Make it void before you write another one."))
    reply.answers = reply.visit.letters.first()
    before = {} if current is None else {name: getattr(current, name) for name in DRAFTED}
    changes = differences(before, {name: getattr(reply, name) for name in DRAFTED})
    reply.save()
    log(instance=reply.visit, action="visits.reply_drafted", user=by, data={"changes": changes if current else {}})
    return reply


@transaction.atomic
def issue(reply: ReplyLetter, *, by: User | None = None) -> ReplyLetter:
    """Give a draft its number and date and save a snapshot of its texts. It cannot be changed afterwards.

    Raises:
        Refused: it is not a draft, or it names an appointment and the visit has no session.
    """
    Visit.objects.select_for_update(of=("self",)).get(pk=reply.visit_id)
    current = ReplyLetter.objects.select_related("signatory", "visit__slot", "visit__programme").get(pk=reply.pk)
    if current.state != ReplyLetter.State.DRAFT:
        raise Refused(_("This letter has its number already: %(number)s.") % {"number": current.number})
    if current.with_appointment and not current.visit.slot_id:
        raise Refused(_("The letter names day and time, but the visit has no session yet. Schedule it first."))
    now = timezone.now()
    current.date = local_date(now)
    current.number = _next_number(current.date)
    with override(LANGUAGE):
        current.snapshot = json.dumps(content_of(current), ensure_ascii=False)
    current.state, current.issued_at = ReplyLetter.State.ISSUED, now
    current.save()
    log(instance=current.visit, action="visits.reply_issued", user=by, data={"number": current.number})
    return current


def _next_number(date: dt.date) -> str:
    """The next number of outgoing letters; in the caller's transaction."""
    office = OfficeSettings.load()
    return NumberSequence.objects.next_number(
        "letter", year=date.year, month=date.month, classification=office.classification, unit=office.unit_code
    )


LONGEST_USE = 200
"""Characters that say what a number is used for."""


@transaction.atomic
def take_number_by_hand(*, use: str, by: User | None, now: dt.datetime | None = None) -> str:
    """Take the next number for a letter that is written outside this site; returns the number. The register of letters explains it.

    The same use again within a minute (a double click) returns the number that was taken.

    Raises:
        Refused: nothing says what the number is used for, or too much.
    """
    now = now or timezone.now()
    use = use.strip()
    if not use or len(use) > LONGEST_USE:
        raise Refused(_("Say in a few words what the number is used for."))
    date = local_date(now)
    sequences = NumberSequence.objects.filter(key="letter", year=date.year)
    # A second click waits here for the first one.
    if sequence := sequences.select_for_update().first():
        just_now = registry.get_logs_for_instance(sequence).filter(user=by, timestamp__gt=now - dt.timedelta(minutes=1))
        for entry in just_now.filter(action="visits.number_taken"):
            if entry.data["use"] == use:
                return entry.data["number"]
    number = _next_number(date)
    sequence = sequences.get()
    log(instance=sequence, action="visits.number_taken", user=by, data={"number": number, "ordinal": sequence.last_number, "use": use})
    return number


def usual_signatory(variant: str) -> HostOfficial | None:
    """Who signed the last letter of this kind, if he or she still may; else the first official who signs letters."""
    allowed = HostOfficial.objects.filter(active=True, signs_letters=True)
    last = ReplyLetter.objects.filter(variant=variant, signatory__in=allowed).order_by("-pk").select_related("signatory").first()
    return last.signatory if last else allowed.first()


@transaction.atomic
def void(reply: ReplyLetter, *, reason: str, by: User | None = None) -> ReplyLetter:
    """Make an issued letter void. It keeps its number; another one may be written.

    Raises:
        Refused: no reason was given, or it is not issued.
    """
    if not reason.strip():
        raise Refused(_("Give a reason, so that the other side understands."))
    changed = ReplyLetter.objects.filter(pk=reply.pk, state=ReplyLetter.State.ISSUED).update(
        state=ReplyLetter.State.VOID, void_reason=reason.strip()
    )
    if not changed:
        raise Refused(_("Only an issued letter can be made void."))
    log(instance=reply.visit, action="visits.reply_void", user=by, data={"number": reply.number, "reason": reason.strip()})
    reply.refresh_from_db()
    return reply


@transaction.atomic
def save_signed_copy(reply: ReplyLetter, file: UploadedFile, *, message: str = "", by: User | None = None) -> ReplyLetter:
    """Save the signed copy of an issued letter, a PDF that was checked, under a random name.

    ``message`` is added to the thread and mailed with the letter and the appointment; no mail is sent if it is empty.

    Raises:
        Refused: the letter is not issued, or the thread is closed to messages.
    """
    current = ReplyLetter.objects.select_for_update(of=("self",)).get(pk=reply.pk)
    if current.state != ReplyLetter.State.ISSUED:
        raise Refused(_("Issue the letter first: the signed copy carries its number."))
    current.signed_file.save(f"{uuid.uuid4().hex}.pdf", file)
    log(instance=current.visit, action="visits.reply_signed", user=by, data={"number": current.number})
    if message.strip():
        conversation.write(current.visit, message, author=by, kind=MessageKind.REPLY_LETTER)
    return current
