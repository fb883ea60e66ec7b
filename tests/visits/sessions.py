"""Helpers for tests: sessions of a programme, their seats, and the mails of a visit."""

from django.db.models import Sum

from tests.factories import SlotFactory
from visits.models import OutboundMessage, VisitSlot


def slots_of(programme, *days, capacity=60):
    return [SlotFactory(programme=programme, days_ahead=day, capacity_persons=capacity) for day in days]


def taken(slot):
    return VisitSlot.objects.get(pk=slot.pk).used_persons


def seats_agree():
    """Whether each session counts exactly the seats held by its visits and proposals."""
    return all(
        slot.used_persons
        == (slot.visits.aggregate(total=Sum("seats_held"))["total"] or 0)
        + (slot.proposals.aggregate(total=Sum("seats_held"))["total"] or 0)
        for slot in VisitSlot.objects.all()
    )


def mails(visit):
    return list(OutboundMessage.objects.filter(visit=visit).order_by("pk").values_list("kind", flat=True))
