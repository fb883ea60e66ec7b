"""Questions that delegates ask on their phones: read by a moderator before the others see them; and the release of slides."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from knowledge_hub.core import rate_limits
from knowledge_hub.models import User
from knowledge_hub.papers.names import without_controls
from visits.domain.calendar_days import local_date
from visits.domain.errors import MoveRefused
from visits.enums import VisitStatus
from visits.models import AgendaItem, Delegate, Question, Visit

PER_HOUR = 12
"""Questions of one delegate."""

MOST = 400
"""Questions from the phones of one visit."""


def can_ask(visit: Visit) -> bool:
    """Whether delegates may ask on their phones: on the day of a scheduled visit, until it is completed."""
    if visit.status != VisitStatus.APPROVED or visit.slot is None:
        return False
    return local_date(visit.slot.starts_at) <= local_date(timezone.now())


@transaction.atomic
def ask(delegate: Delegate, text: str, *, item: AgendaItem | None = None) -> Question:
    """Save a question for the moderator, tied to an item of the agenda and the item's case study.

    The same question of the same person again (a double click) returns the first one.

    Raises:
        MoveRefused: it is empty or too long, the visit is not going on, or too many questions were asked.
    """
    text = without_controls(text).strip()
    limit = Question._meta.get_field("question").max_length or 0
    if not text:
        raise MoveRefused(_("Write your question first."))
    if len(text) > limit:
        raise MoveRefused(_("Your question has %(count)d letters; at most %(most)d are possible.") % {"count": len(text), "most": limit})
    visit = Visit.objects.select_for_update(of=("self",)).select_related("slot").get(pk=delegate.visit_id)
    if not can_ask(visit):
        raise MoveRefused(_("Questions can be asked on the day of the visit."))
    asked = visit.questions.filter(by_delegate=True)
    if twin := asked.filter(asked_by=delegate.name, question=text, item=item).first():
        return twin
    if asked.count() >= MOST:
        raise MoveRefused(_("Very many questions were asked already. Please ask yours in the room."))
    if not rate_limits.allow("question", str(delegate.pk), per_hour=PER_HOUR):
        raise MoveRefused(_("You have asked many questions within an hour. Please wait a little."))
    return Question.objects.create(
        visit=visit,
        asked_by=delegate.name,
        question=text,
        item=item,
        case_study_id=item.case_study_id if item else None,
        by_delegate=True,
        state=Question.State.WAITING,
    )


@transaction.atomic
def moderate(question: Question, *, state: Question.State, answer: str, seen: str, by: User | None) -> Question:
    """Show a question on the phones or hide it, and write its answer.

    Args:
        seen: the answer that the page showed; so that two moderators do not overwrite each other.

    Raises:
        MoveRefused: the answer is too long, or somebody else answered meanwhile.
    """
    current = Question.objects.select_for_update(of=("self",)).select_related("visit").get(pk=question.pk)
    answer = without_controls(answer).strip()
    limit = Question._meta.get_field("answer").max_length or 0
    if len(answer) > limit:
        raise MoveRefused(_("The answer has %(count)d letters; at most %(most)d are possible.") % {"count": len(answer), "most": limit})
    if current.answer not in (seen, answer):
        raise MoveRefused(_("Somebody else answered this question meanwhile: %(answer)s") % {"answer": current.answer})
    if (current.state, current.answer) == (state, answer):
        return current
    before = current.state
    current.state, current.answer = state, answer
    current.save(update_fields=["state", "answer"])
    log(instance=current.visit, action="visits.question", user=by, data={"question": current.pk, "before": before, "after": state})
    return current


@transaction.atomic
def release(item: AgendaItem, *, released: bool, by: User | None) -> None:
    """Let the delegates open the slides of an item on their phones, or take them back.

    Raises:
        MoveRefused: the item has no slides.
    """
    current = AgendaItem.objects.select_for_update(of=("self",)).select_related("visit").get(pk=item.pk)
    if released and not current.material:
        raise MoveRefused(_("This item has no slides."))
    if bool(current.released_at) == released:
        return
    current.released_at = timezone.now() if released else None
    current.save(update_fields=["released_at"])
    log(instance=current.visit, action="visits.slides_released", user=by, data={"item": current.name, "released": released})
