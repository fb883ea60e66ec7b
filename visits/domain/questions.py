"""Questions that delegates ask on their own pages; a moderator reads them before the others see them."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from knowledge_hub.core import rate_limits
from knowledge_hub.models import User
from knowledge_hub.papers.names import without_controls
from visits.domain import budgets
from visits.domain.calendar_days import local_date
from visits.domain.changes import differences
from visits.domain.errors import Refused
from visits.enums import VisitStatus
from visits.models import AgendaItem, Delegate, Question, Visit

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
        Refused: it is empty or too long, the visit is not going on, or too many questions were asked.
    """
    text = without_controls(text).strip()
    limit = Question._meta.get_field("question").max_length or 0
    if not text:
        raise Refused(_("Write your question first."))
    if len(text) > limit:
        raise Refused(_("Your question has %(count)d letters; at most %(most)d are possible.") % {"count": len(text), "most": limit})
    visit = Visit.objects.select_for_update(of=("self",)).select_related("slot").get(pk=delegate.visit_id)
    if not can_ask(visit):
        raise Refused(_("Questions can be asked on the day of the visit."))
    asked = visit.questions.filter(by_delegate=True)
    if twin := asked.filter(asked_by=delegate.name, question=text, item=item).first():
        return twin
    if asked.count() >= MOST:
        raise Refused(_("Very many questions were asked already. Please ask yours in the room."))
    if not rate_limits.spend(budgets.QUESTION, subject=delegate.pk):
        raise Refused(_("You have asked many questions within an hour. Please wait a little."))
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
        Refused: the answer is too long, or somebody else answered meanwhile.
    """
    current = Question.objects.select_for_update(of=("self",)).select_related("visit").get(pk=question.pk)
    answer = without_controls(answer).strip()
    limit = Question._meta.get_field("answer").max_length or 0
    if len(answer) > limit:
        raise Refused(_("The answer has %(count)d letters; at most %(most)d are possible.") % {"count": len(answer), "most": limit})
    if current.answer not in (seen, answer):
        raise Refused(_("Somebody else answered this question meanwhile: %(answer)s") % {"answer": current.answer})
    if (current.state, current.answer) == (state, answer):
        return current
    changes = differences({"state": current.state, "answer": current.answer}, {"state": state.value, "answer": answer})
    current.state, current.answer = state, answer
    current.save(update_fields=["state", "answer"])
    log(instance=current.visit, action="visits.question", user=by, data={"question": current.pk, "changes": changes})
    return current
