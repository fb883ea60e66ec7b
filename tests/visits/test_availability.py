"""What guests can choose: opening hours, holidays, limits and seats, each stage alone and all together."""

import datetime as dt

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.factories import NeedFactory, ProgrammeFactory, ResourceFactory, SlotFactory, VisitFactory
from visits.domain import rules
from visits.domain.availability import (
    OpenRange,
    bookable_period,
    bookable_slots,
    materialise_slots,
    opening_ranges,
    slot_times,
    within_limits,
    without_conflicts,
)
from visits.domain.calendar_days import VENUE_ZONE, add_working_days, local_date
from visits.enums import ExceptionEffect
from visits.models import CalendarException, VisitSlot, WeeklyHours
from visits.queries.dates import date_choice

TUESDAY = dt.date(2026, 12, 1)


def hours(weekday=2, start=dt.time(9), end=dt.time(12)):
    return WeeklyHours(weekday=weekday, start=start, end=end)


class TestOpeningHours:
    def test_only_the_weekdays_of_the_programme_are_open(self):
        dates = [TUESDAY + dt.timedelta(days=offset) for offset in range(7)]

        assert [opening.date for opening in opening_ranges(dates, [hours()], [])] == [TUESDAY]

    def test_a_holiday_closes_the_day(self):
        holiday = CalendarException(date=TUESDAY, effect=ExceptionEffect.CLOSED)

        assert opening_ranges([TUESDAY], [hours()], [holiday]) == []

    def test_special_hours_replace_the_day(self):
        special = CalendarException(date=TUESDAY, effect=ExceptionEffect.SPECIAL_HOURS, start=dt.time(13), end=dt.time(15))

        assert opening_ranges([TUESDAY], [hours()], [special]) == [OpenRange(TUESDAY, dt.time(13), dt.time(15))]

    def test_a_closure_beats_special_hours(self):
        special = CalendarException(date=TUESDAY, effect=ExceptionEffect.SPECIAL_HOURS, start=dt.time(13), end=dt.time(15))
        closed = CalendarException(date=TUESDAY, effect=ExceptionEffect.CLOSED)

        assert opening_ranges([TUESDAY], [hours()], [special, closed]) == []


class TestSlots:
    def test_as_many_visits_as_fit_with_the_pause_between(self):
        times = slot_times(
            [OpenRange(TUESDAY, dt.time(9), dt.time(12))], duration=dt.timedelta(minutes=60), buffer=dt.timedelta(minutes=30)
        )

        assert [(start.time(), end.time()) for start, end in times] == [(dt.time(9), dt.time(10)), (dt.time(10, 30), dt.time(11, 30))]

    def test_a_visit_may_end_just_when_the_hours_end(self):
        times = slot_times([OpenRange(TUESDAY, dt.time(9), dt.time(10))], duration=dt.timedelta(minutes=60), buffer=dt.timedelta(0))

        assert len(times) == 1

    def test_times_are_the_venues(self):
        [(start, _end)] = slot_times(
            [OpenRange(TUESDAY, dt.time(9), dt.time(10))], duration=dt.timedelta(minutes=60), buffer=dt.timedelta(0)
        )

        assert start.utcoffset() == dt.timedelta(hours=7)

    @given(
        start=st.integers(0, 20 * 60),
        length=st.integers(1, 180),
        duration=st.integers(15, 240),
        buffer=st.integers(0, 90),
    )
    def test_slots_lie_within_the_hours_and_never_overlap(self, start, length, duration, buffer):
        opening = OpenRange(TUESDAY, dt.time(start // 60, start % 60), dt.time((start + length) // 60, (start + length) % 60))
        times = slot_times([opening], duration=dt.timedelta(minutes=duration), buffer=dt.timedelta(minutes=buffer))

        for begin, end in times:
            assert begin.time() >= opening.start
            assert end.time() <= opening.end
        for (_begin, end), (following, _) in zip(times, times[1:], strict=False):
            assert following - end >= dt.timedelta(minutes=buffer)


def test_full_days_and_full_weeks_drop_out():
    tuesday = VisitSlot(starts_at=dt.datetime.combine(TUESDAY, dt.time(9), VENUE_ZONE))
    thursday = VisitSlot(starts_at=dt.datetime.combine(TUESDAY + dt.timedelta(days=2), dt.time(9), VENUE_ZONE))
    week = TUESDAY.isocalendar()[:2]

    assert within_limits([tuesday, thursday], visits_per_day={TUESDAY: 1}, visits_per_week={}, max_per_day=1, max_per_week=9) == [thursday]
    assert within_limits([tuesday, thursday], visits_per_day={}, visits_per_week={week: 2}, max_per_day=9, max_per_week=2) == []


def test_a_slot_needs_seats_for_the_whole_group():
    slot = VisitSlot(capacity_persons=20, used_persons=5)

    assert without_conflicts([slot], persons=15) == [slot]
    assert without_conflicts([slot], persons=16) == []


@pytest.mark.django_db
class TestMaterialising:
    def test_running_it_twice_changes_nothing(self):
        programme = ProgrammeFactory(horizon_days=30)
        WeeklyHours.objects.create(programme=programme, weekday=2, start=dt.time(9), end=dt.time(12))
        now = timezone.now()

        first = materialise_slots(programme, now=now)

        assert first >= 4
        assert materialise_slots(programme, now=now) == 0

    def test_a_slot_with_a_visit_is_closed_and_never_removed(self):
        programme = ProgrammeFactory(horizon_days=30)
        WeeklyHours.objects.create(programme=programme, weekday=2, start=dt.time(9), end=dt.time(12))
        materialise_slots(programme, now=timezone.now())
        kept, *_others = programme.slots.all()
        VisitFactory(slot=kept, submitted=True)
        WeeklyHours.objects.filter(programme=programme).delete()

        materialise_slots(programme, now=timezone.now())

        [slot] = programme.slots.all()
        assert slot == kept
        assert not slot.is_open

    def test_a_closed_day_never_yields_a_slot_and_says_why(self):
        programme = ProgrammeFactory(horizon_days=60, lead_working_days=0)
        WeeklyHours.objects.create(programme=programme, weekday=2, start=dt.time(9), end=dt.time(12))
        today = local_date(timezone.now())
        closed = next(today + dt.timedelta(days=o) for o in range(7, 14) if (today + dt.timedelta(days=o)).isoweekday() == 2)
        CalendarException.objects.create(date=closed, reason_id="Hari Contoh", reason_en="Example day")

        materialise_slots(programme, now=timezone.now())

        choice = date_choice(programme, persons=10, now=timezone.now(), month=closed)
        days = {day.date: day for month in choice.months for day in month.days}
        assert days[closed].slots == []
        assert "Hari Contoh" in days[closed].reason
        assert len(days[closed + dt.timedelta(days=7)].slots) == 1


class EveryOfferedSlotPassesEveryRule(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(
        persons=st.integers(1, 70),
        used=st.lists(st.integers(0, 60), min_size=3, max_size=6),
        lead=st.integers(0, 12),
        per_day=st.integers(1, 2),
    )
    def test_what_is_offered_can_be_booked(self, persons, used, lead, per_day):
        programme = ProgrammeFactory(lead_working_days=lead, max_per_day=per_day)
        for offset, taken in enumerate(used):
            slot = SlotFactory(programme=programme, days_ahead=3 + 4 * offset)
            if taken:
                VisitFactory(slot=slot, group_size=taken, submitted=True)
        now = timezone.now()

        for slot in bookable_slots(programme, persons=persons, now=now):
            request = rules.Request(programme=programme, slot=slot, persons=persons, now=now)
            assert rules.check(request) == []


@pytest.mark.django_db
def test_the_offer_needs_six_queries_at_any_number_of_visits_and_rooms(django_assert_num_queries):
    programme = ProgrammeFactory(max_per_day=50, max_per_week=500)
    room = ResourceFactory()
    NeedFactory(programme=programme, kind=room.kind)
    for offset in range(12):
        VisitFactory(slot=SlotFactory(programme=programme, days_ahead=20 + offset), submitted=True)
        ResourceFactory(kind=room.kind)

    with django_assert_num_queries(6):  # holidays, slots, visits that count, waiting list, needs, allocations
        assert len(bookable_slots(programme, persons=10, now=timezone.now())) == 12


@pytest.mark.django_db
def test_notice_is_counted_in_working_days_without_holidays():
    CalendarException.objects.create(date=dt.date(2026, 12, 25), reason_id="Natal", reason_en="Christmas")

    assert add_working_days(dt.date(2026, 12, 23), 2) == dt.date(2026, 12, 28)
    assert add_working_days(dt.date(2026, 12, 26), 0) == dt.date(2026, 12, 28)


@pytest.mark.django_db
def test_the_first_bookable_date_follows_from_the_notice():
    programme = ProgrammeFactory(lead_working_days=7)
    monday_morning = dt.datetime(2026, 11, 23, 8, tzinfo=VENUE_ZONE)

    assert bookable_period(programme, monday_morning)[0] == dt.date(2026, 12, 2)
