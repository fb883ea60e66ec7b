"""Souvenirs that guest and host exchange: planned before the visit, handed over on its day."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from knowledge_hub.models import User
from visits.domain.calendar_days import day_of, local_date
from visits.domain.errors import Refused
from visits.enums import VisitStatus
from visits.models import Gift, Visit


def needs_review(gift: Gift, threshold: int) -> bool:
    """Whether a souvenir must be reviewed: its estimated value reaches the threshold (rupiah), or one person keeps it and no value is
    estimated. A planned one is reviewed when it has been handed over.

    The threshold is a setting of the host, not the law.
    """
    if gift.is_planned:
        return False
    if gift.estimated_value is None:
        return not gift.to_institution
    return gift.estimated_value >= threshold


@transaction.atomic
def hand_over(gift: Gift, *, threshold: int, by: User | None) -> Gift:
    """Turn a planned souvenir into one that was handed over; from then on it stands in the register and on papers.

    A second press changes nothing.

    Args:
        threshold: see needs_review().

    Raises:
        Refused: the visit did not take place, or its day has not come.
    """
    visit = Visit.objects.select_for_update(of=("self",)).select_related("slot").get(pk=gift.visit_id)
    current = visit.gifts.get(pk=gift.pk)
    if not current.is_planned:
        return current
    day = day_of(visit)
    if visit.status not in (VisitStatus.APPROVED, VisitStatus.COMPLETED) or day is None or day > local_date(timezone.now()):
        raise Refused(_("Souvenirs are handed over on the day of the visit."))
    current.is_planned = False
    current.needs_review = needs_review(current, threshold)
    current.save(update_fields=["is_planned", "needs_review"])
    log(instance=visit, action="visits.gift_handed_over", user=by, data={"item": current.item})
    return current
