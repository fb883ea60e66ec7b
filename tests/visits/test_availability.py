"""Available sessions: opening hours, holidays, limits and seats, each stage alone and all together."""

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.factories import NeedFactory, ProgrammeFactory, ResourceFactory, SlotFactory, VisitFactory
from visits.domain import lifecycle, resources, rules, scheduling
from visits.domain.availability import (
    OpenRange,
    bookable_period,
    bookable_slots,
    materialise_slots,
    opening_ranges,
    slot_times,
    visit_counts,
    with_free_seats,
    within_limits,
)
from visits.domain.calendar_days import VENUE_ZONE, add_working_days, local_date
from visits.enums import Actor, ExceptionEffect, VisitStatus
from visits.models import CalendarException, Resource, Visit, VisitSlot, WeeklyHours
from visits.queries.dates import date_choice

TUESDAY = dt.date(2026, 12, 1)


def hours(weekday=2, start=dt.time(9), end=dt.time(12)):
    return WeeklyHours(weekday=weekday, start=start, end=end)


class TestOpeningHours:
    def test_only_programme_weekdays_are_open(self):
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
    def test_sessions_fill_the_hours_with_pauses(self):
        times = slot_times(
            [OpenRange(TUESDAY, dt.time(9), dt.time(12))], duration=dt.timedelta(minutes=60), buffer=dt.timedelta(minutes=30)
        )

        assert [(start.time(), end.time()) for start, end in times] == [(dt.time(9), dt.time(10)), (dt.time(10, 30), dt.time(11, 30))]

    def test_a_session_may_end_with_the_hours(self):
        times = slot_times([OpenRange(TUESDAY, dt.time(9), dt.time(10))], duration=dt.timedelta(minutes=60), buffer=dt.timedelta(0))

        assert len(times) == 1

    def test_times_are_in_the_venue_time_zone(self):
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
    def test_slots_are_within_hours_without_overlap(self, start, length, duration, buffer):
        opening = OpenRange(TUESDAY, dt.time(start // 60, start % 60), dt.time((start + length) // 60, (start + length) % 60))
        times = slot_times([opening], duration=dt.timedelta(minutes=duration), buffer=dt.timedelta(minutes=buffer))

        for begin, end in times:
            assert begin.time() >= opening.start
            assert end.time() <= opening.end
        for (_begin, end), (following, _) in zip(times, times[1:], strict=False):
            assert following - end >= dt.timedelta(minutes=buffer)


HOURS = st.tuples(st.integers(0, 22 * 60), st.integers(30, 100)).map(lambda pair: (pair[0], min(pair[0] + pair[1] * 6, 24 * 60 - 1)))


def clock(minutes: int) -> dt.time:
    return dt.time(minutes // 60, minutes % 60)


class TestEveryDayOfTheYear:
    """Properties of the sessions for any hours, closures and time zone."""

    @given(
        weekdays=st.lists(st.tuples(st.integers(1, 7), HOURS), max_size=6),
        exceptions=st.lists(st.tuples(st.integers(0, 13), st.none() | HOURS), max_size=5),
        duration=st.integers(15, 240),
    )
    def test_any_hours_and_closures_give_valid_sessions(self, weekdays, exceptions, duration):
        dates = [TUESDAY + dt.timedelta(days=offset) for offset in range(14)]
        weekly = [hours(weekday, clock(start), clock(end)) for weekday, (start, end) in weekdays]
        others = [
            CalendarException(
                date=dates[day],
                effect=ExceptionEffect.SPECIAL_HOURS if special else ExceptionEffect.CLOSED,
                start=special and clock(special[0]),
                end=special and clock(special[1]),
            )
            for day, special in exceptions
        ]
        closed = {other.date for other in others if other.effect == ExceptionEffect.CLOSED}
        replaced = {other.date for other in others} - closed

        ranges = opening_ranges(dates, weekly, others)

        for start, end in slot_times(ranges, duration=dt.timedelta(minutes=duration), buffer=dt.timedelta(0)):
            date = local_date(start)
            assert date not in closed
            of_the_day = [other for other in others if other.date == date] if date in replaced else weekly
            assert any(
                rule.start <= start.time() and end.time() <= rule.end
                for rule in of_the_day
                if date in replaced or rule.weekday == date.isoweekday()
            )

    @given(
        zone=st.sampled_from(
            ["Asia/Jakarta", "Asia/Jayapura", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe"]
        ),
        day=st.integers(0, 364),
        opening=HOURS,
        duration=st.integers(15, 240),
        buffer=st.integers(0, 60),
    )
    def test_clock_changes_keep_session_length_and_pause(self, zone, day, opening, duration, buffer):
        place, length, pause = ZoneInfo(zone), dt.timedelta(minutes=duration), dt.timedelta(minutes=buffer)
        date = dt.date(2026, 1, 1) + dt.timedelta(days=day)
        open_at, close_at = (dt.datetime.combine(date, clock(minutes), place).astimezone(dt.UTC) for minutes in opening)

        times = slot_times([OpenRange(date, *map(clock, opening))], duration=length, buffer=pause, zone=place)

        moments = [(start.astimezone(dt.UTC), end.astimezone(dt.UTC)) for start, end in times]
        for start, end in moments:
            assert end - start == length
            assert open_at <= start < end <= close_at
        for (_start, end), (following, _end) in pairwise(moments):
            assert following - end == pause
        last = moments[-1][1] + pause if moments else open_at
        assert last + length > close_at, "one more session would have fitted"

    def test_clock_changes_add_or_remove_one_session(self):
        def sessions(date):
            opening = OpenRange(date, dt.time(0), dt.time(6))
            return len(slot_times([opening], duration=dt.timedelta(hours=1), buffer=dt.timedelta(0), zone=ZoneInfo("America/New_York")))

        assert (sessions(dt.date(2026, 3, 7)), sessions(dt.date(2026, 3, 8)), sessions(dt.date(2026, 11, 1))) == (6, 5, 7)


def test_full_days_and_weeks_are_not_offered():
    tuesday = VisitSlot(starts_at=dt.datetime.combine(TUESDAY, dt.time(9), VENUE_ZONE))
    thursday = VisitSlot(starts_at=dt.datetime.combine(TUESDAY + dt.timedelta(days=2), dt.time(9), VENUE_ZONE))
    week = TUESDAY.isocalendar()[:2]

    assert within_limits([tuesday, thursday], visits_per_day={TUESDAY: 1}, visits_per_week={}, max_per_day=1, max_per_week=9) == [thursday]
    assert within_limits([tuesday, thursday], visits_per_day={}, visits_per_week={week: 2}, max_per_day=9, max_per_week=2) == []


def test_a_slot_needs_seats_for_the_whole_group():
    slot = VisitSlot(capacity_persons=20, used_persons=5)

    assert with_free_seats([slot], persons=15) == [slot]
    assert with_free_seats([slot], persons=16) == []


@pytest.mark.django_db
class TestMaterialising:
    def test_running_it_twice_changes_nothing(self):
        programme = ProgrammeFactory(horizon_days=30)
        WeeklyHours.objects.create(programme=programme, weekday=2, start=dt.time(9), end=dt.time(12))
        now = timezone.now()

        first = materialise_slots(programme, now=now)

        assert first >= 4
        assert materialise_slots(programme, now=now) == 0

    def test_a_slot_with_a_visit_is_not_removed(self):
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

    def test_a_closed_day_has_no_slots_but_a_reason(self):
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


class OfferedSlotsTest(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(
        persons=st.integers(1, 70),
        used=st.lists(st.integers(0, 60), min_size=3, max_size=6),
        lead=st.integers(0, 12),
        per_day=st.integers(1, 2),
        rooms=st.lists(st.integers(1, 60), max_size=2),
        blocked=st.integers(0, 5),
        closed=st.integers(0, 5),
        waiting=st.integers(0, 40),
    )
    def test_offered_sessions_are_exactly_the_bookable_ones(self, persons, used, lead, per_day, rooms, blocked, closed, waiting):
        programme = ProgrammeFactory(lead_working_days=lead, max_per_day=per_day)
        kinds = [ResourceFactory(capacity_persons=seats).kind for seats in rooms]
        if kinds:
            NeedFactory(programme=programme, kind=kinds[0])
        slots = [SlotFactory(programme=programme, days_ahead=3 + 4 * offset) for offset in range(len(used))]
        for slot, taken in zip(slots, used, strict=True):
            if taken:
                VisitFactory(slot=slot, group_size=taken, submitted=True)
        for slot in slots[blocked : blocked + 1]:
            for room in Resource.objects.all()[:1]:
                resources.block(room, slot.starts_at, slot.ends_at, "Rapat")
        for slot in slots[closed : closed + 1]:
            CalendarException.objects.create(date=local_date(slot.starts_at), reason_id="Tutup", reason_en="Closed")
            VisitSlot.objects.filter(pk=slot.pk).update(is_open=False)
        if waiting:
            visit = VisitFactory(slot=None, programme=programme, submitted=True, group_size=waiting, seats_held=0)
            today = local_date(timezone.now())
            visit.waitlist_entries.create(from_date=today, until_date=today + dt.timedelta(days=90))
        now = timezone.now()

        offered = {slot.pk for slot in bookable_slots(programme, persons=persons, now=now)}

        for slot in VisitSlot.objects.filter(programme=programme).select_related("programme"):
            request = rules.Request(programme=programme, slot=slot, persons=persons, now=now)
            assert (rules.check(request) == []) == (slot.pk in offered)


@pytest.mark.django_db
def test_offering_sessions_needs_five_queries(django_assert_num_queries):
    programme = ProgrammeFactory(max_per_day=50, max_per_week=500)
    room = ResourceFactory()
    NeedFactory(programme=programme, kind=room.kind)
    for offset in range(12):
        VisitFactory(slot=SlotFactory(programme=programme, days_ahead=20 + offset), submitted=True)
        ResourceFactory(kind=room.kind)

    with django_assert_num_queries(5):  # holidays, sessions with what they hold, waiting list, needs, allocations
        assert len(bookable_slots(programme, persons=10, now=timezone.now())) == 12
    visit = Visit.objects.first()
    with django_assert_num_queries(6):  # and the sessions of the visit that looks for another date
        assert len(bookable_slots(programme, persons=10, now=timezone.now(), visit=visit)) == 12


@pytest.mark.django_db
class TestLimits:
    @pytest.fixture
    def programme(self):
        """Two visits a week, and two sessions in each of two weeks."""
        return ProgrammeFactory(max_per_day=2, max_per_week=2)

    @pytest.fixture
    def week(self, programme):
        """Sessions on Monday and Tuesday of a bookable week."""
        monday = 35 - (timezone.now().astimezone(VENUE_ZONE) + dt.timedelta(days=35)).weekday()
        return [SlotFactory(programme=programme, days_ahead=monday + day) for day in range(2)]

    def offered(self, programme, **options):
        return bookable_slots(programme, persons=10, now=timezone.now(), **options)

    def test_a_visit_is_not_counted_against_itself(self, programme, week):
        visit = VisitFactory(slot=week[0], approved=True)
        scheduling.propose(visit, week[1], by=Actor.GUEST)
        assert self.offered(programme) == [], "the visit and its requested date fill the week"

        assert self.offered(programme, visit=visit) == week
        assert visit_counts(programme, *[week[0].starts_at.date()] * 2, except_visit=visit)[0].total() == 0

    def test_visits_in_closed_sessions_count_for_the_week(self, programme, week):
        VisitFactory.create_batch(2, slot=week[0], submitted=True)
        VisitSlot.objects.filter(pk=week[0].pk).update(is_open=False)

        assert self.offered(programme) == []

    def test_completed_visits_count_for_the_week(self, programme, week):
        VisitFactory(slot=week[0], status=VisitStatus.COMPLETED)
        VisitFactory(slot=week[0], submitted=True)

        assert self.offered(programme) == []

    def test_cancelled_visits_do_not_count_for_the_week(self, programme, week):
        first = VisitFactory(slot=week[0], submitted=True)
        VisitFactory(slot=week[0], submitted=True)
        lifecycle.transition(first, VisitStatus.CANCELLED_BY_GUEST, by=Actor.GUEST, reason="Batal")

        assert self.offered(programme) == week


@pytest.mark.django_db
def test_notice_is_counted_in_working_days():
    CalendarException.objects.create(date=dt.date(2026, 12, 25), reason_id="Natal", reason_en="Christmas")

    assert add_working_days(dt.date(2026, 12, 23), 2) == dt.date(2026, 12, 28)
    assert add_working_days(dt.date(2026, 12, 26), 0) == dt.date(2026, 12, 28)


@pytest.mark.django_db
def test_the_first_bookable_date_follows_from_the_notice():
    programme = ProgrammeFactory(lead_working_days=7)
    monday_morning = dt.datetime(2026, 11, 23, 8, tzinfo=VENUE_ZONE)

    assert bookable_period(programme, monday_morning)[0] == dt.date(2026, 12, 2)
