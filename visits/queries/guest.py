"""What the guest's page of a visit tells: the agenda, and what is still to do."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits.domain import adoptions, agenda, delegates, survey, tokens
from visits.domain.agenda_times import TimedItem
from visits.domain.calendar_days import local_date
from visits.enums import Actor, VisitStatus
from visits.models import Delegate, IncomingLetter, Visit

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class ToDo:
    """One thing that the guest has still to do, with the address where."""

    text: str
    url: str


def agenda_of(visit: Visit) -> list[TimedItem]:
    """The agenda of a scheduled visit; three queries at most."""
    if visit.status != VisitStatus.APPROVED or visit.slot is None:
        return []
    return agenda.agenda_of(visit)


def to_do(visit: Visit, letters: Sequence[IncomingLetter], named: Sequence[Delegate]) -> list[ToDo]:
    """What is still to do before the visit, the most urgent first. Makes one query at most.

    Args:
        visit: with programme and session.
        letters: its request letters.
        named: its delegates.
    """
    found = []
    token = tokens.token_for(visit, tokens.STATUS)
    page = reverse("visits:status", args=[token])
    proposal = visit.open_proposal
    if visit.status == VisitStatus.NEEDS_INFO:
        found.append(ToDo(_("Answer our question."), f"{page}#messages"))
    if proposal and proposal.by != Actor.GUEST:
        found.append(ToDo(_("Accept or refuse the date that we propose."), reverse("visits:proposal", args=[token])))
    if visit.status == VisitStatus.COMPLETED:
        return found + _after_visit(visit, token)
    if visit.status != VisitStatus.APPROVED:
        return found
    if visit.programme.letter_required and not any(letter.file for letter in letters):
        found.append(ToDo(_("Attach your request letter."), f"{page}#request-letter"))
    left = (visit.group_size or 0) - len(named)
    if left > 0 and visit.slot and delegates.can_edit(visit):
        sentence = ngettext(
            "Name your delegates: %(count)d is missing. The list is open until the day before, %(date)s.",
            "Name your delegates: %(count)d are missing. The list is open until the day before, %(date)s.",
            left,
        )
        last = local_date(visit.slot.starts_at) - ONE_DAY
        found.append(ToDo(sentence % {"count": left, "date": formats.date_format(last)}, reverse("visits:delegates", args=[token])))
    return found


def _after_visit(visit: Visit, token: str) -> list[ToDo]:
    """The survey, and what became of the visit; at most one query."""
    found = []
    if survey.is_open(visit) and not survey.has_answered(visit):
        found.append(ToDo(_("Tell us how the visit was: an anonymous survey of three minutes."), reverse("visits:survey", args=[token])))
    months = adoptions.round_of(visit, timezone.now())
    if months and not visit.follow_up_answers.filter(months=months).exists():
        found.append(ToDo(_("Tell what became of it in your region."), reverse("visits:follow_up", args=[token])))
    return found
