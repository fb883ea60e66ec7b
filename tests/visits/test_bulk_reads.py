"""Sessions read in bulk with raw SQL equal those that Django's ORM reads."""

import datetime as dt

import pytest

from tests.factories import SlotFactory
from visits.domain.bulk_reads import raw_rows, slots_between
from visits.models import VisitSlot

pytestmark = [pytest.mark.django_db, pytest.mark.scale_out]


def test_bulk_read_sessions_equal_those_of_django():
    programme = SlotFactory(is_open=False, used_persons=7).programme
    SlotFactory(programme=programme, days_ahead=36, closed_by_hours=True)
    SlotFactory()
    [first, *_others] = expected = list(programme.slots.order_by("starts_at"))

    found = list(slots_between(programme, first.starts_at, first.starts_at + dt.timedelta(days=2)))

    assert [slot.__dict__ | {"_state": None} for slot in found] == [
        {field.attname: getattr(slot, field.attname) for field in VisitSlot._meta.concrete_fields} | {"_state": None} for slot in expected
    ]
    found[0].save()
    assert VisitSlot.objects.count() == 3


def test_the_end_of_the_period_is_excluded():
    slot = SlotFactory()

    assert list(slots_between(slot.programme, slot.starts_at - dt.timedelta(days=1), slot.starts_at)) == []


def test_an_empty_list_of_keys_makes_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert raw_rows(VisitSlot.objects.filter(pk__in=[]).values_list("pk")) == []
