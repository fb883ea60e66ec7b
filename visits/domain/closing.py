"""Closing a visit after its day: what is missing, and everything else in one step."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from knowledge_hub.models import User
from visits.domain import attendance, decisions, lifecycle, visit_notes
from visits.domain.errors import Refused
from visits.enums import Actor
from visits.models import Minutes, Question, Visit, VisitNotePage, VisumEntry

ATTENDANCE, UNREAD, ANSWERS, MINUTES, CONSENT, GIFTS, VISUM = "attendance", "unread", "answers", "minutes", "consent", "gifts", "visum"

ITEMS: dict[str, str | Promise] = {
    ATTENDANCE: gettext_lazy("Attendance of everybody on the list"),
    MINUTES: gettext_lazy("Minutes of the meeting"),
    UNREAD: gettext_lazy("Questions from phones read"),
    ANSWERS: gettext_lazy("Questions answered"),
    CONSENT: gettext_lazy("Consent to every photo"),
    GIFTS: gettext_lazy("Planned souvenirs handed over"),
    VISUM: gettext_lazy("Signer and days of the visum"),
}
"""What a visit should have when it is closed."""


@dataclass(frozen=True)
class Item:
    """One line of the list: ``missing`` says how many are missing."""

    code: str
    missing: int

    @property
    def label(self) -> str | Promise:
        """What it is."""
        return ITEMS[self.code]


def items(visit: Visit) -> list[Item]:
    """Everything that a visit should have when it is closed, with what is missing; seven queries."""
    questions = visit.questions.exclude(state=Question.State.HIDDEN)
    is_online = bool(visit.programme and visit.programme.is_online)
    missing = {
        ATTENDANCE: attendance.unrecorded(visit).count(),
        MINUTES: int(not Minutes.objects.filter(visit=visit).exists()),
        UNREAD: questions.filter(state=Question.State.WAITING).count(),
        ANSWERS: questions.filter(state=Question.State.ACCEPTED, answer="").count(),
        CONSENT: visit.photos.filter(consent=False).count(),
        GIFTS: visit.gifts.filter(is_planned=True).count(),
        # Nobody travels to a session on the web.
        VISUM: int(not is_online and not VisumEntry.objects.filter(visit=visit).exists()),
    }
    return [Item(code, missing[code]) for code in ITEMS if code != VISUM or not is_online]


@transaction.atomic
def close(
    visit: Visit, *, by: User | None, reason: str = "", message: str = "", now: dt.datetime | None = None
) -> tuple[Visit, VisitNotePage | None]:
    """Complete a visit, thank the guest, and draft the public note. Pack and certificates are made afterwards by the worker.

    Args:
        visit: as the member of staff saw it.
        by: the member of staff.
        reason: why it is closed although something is missing; logged.
        message: own words for the guest.

    Returns:
        The completed visit, and the draft of its note if there is a new one.

    Raises:
        Refused: something is missing and no reason was given, or as decisions.complete() does.
    """
    now = now or timezone.now()
    current = lifecycle.lock(visit)
    decisions.require_completable(current, Actor.STAFF, now)
    missing = [item for item in items(current) if item.missing]
    if missing and not reason.strip():
        names = ", ".join(str(item.label) for item in missing)
        raise Refused(_("Something is missing: %(names)s. Do it first, or say why the visit is closed without it.") % {"names": names})
    completed = decisions.complete(current, by=Actor.STAFF, user=by, message=message, now=now)
    note = visit_notes.draft(completed, by=by)
    if missing:
        data = {"missing": [item.code for item in missing], "reason": reason.strip()}
        log(instance=completed, action="visits.closed_incomplete", user=by, data=data)
    return completed, note
