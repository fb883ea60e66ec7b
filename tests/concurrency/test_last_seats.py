"""Races for the last seats, for one form, one decision and one number: the second is refused, and nothing is counted twice."""

import datetime as dt
import time
import uuid
from dataclasses import replace
from functools import partial

import pytest
from django.db import IntegrityError, connection
from django.db.models import F

from tests.concurrency import hammering
from tests.factories import ProgrammeFactory, RegionFactory, SlotFactory, UserFactory, VisitFactory
from visits.domain import booking, decisions, headcount, rules, seats
from visits.domain.errors import Refused
from visits.enums import OrganisationKind, VisitStatus
from visits.models import NumberSequence, Programme, Visit, VisitSlot

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.scale_out]

GROUP = 17


@pytest.fixture
def slot(transactional_db):
    """Sixty seats, enough for three groups of seventeen."""
    return SlotFactory(programme=ProgrammeFactory(letter_required=False, max_per_day=99, max_per_week=99))


@pytest.fixture
def request_for(slot):
    """Makes a guest's request for the slot."""
    region = RegionFactory()

    def make(number: int, key: uuid.UUID | None = None):
        return booking.BookingDraft(
            programme=slot.programme,
            slot=slot,
            region=region,
            group_size=GROUP,
            details={
                "organisation": f"Dinas Contoh {number}",
                "organisation_kind": OrganisationKind.LOCAL_GOVERNMENT,
                "contact_name": "Narahubung Contoh",
                "contact_email": f"narahubung{number}@contoh.invalid",
            },
            submission_key=key or uuid.uuid4(),
        )

    return make


def test_eight_simultaneous_groups_never_exceed_the_capacity(slot, request_for, run_together):
    outcomes = run_together(*[partial(booking.submit, request_for(number)) for number in range(8)])

    assert sum(isinstance(outcome, Visit) for outcome in outcomes) == 3
    assert all(isinstance(outcome, Visit | Refused) for outcome in outcomes)
    assert VisitSlot.objects.get().used_persons == 3 * GROUP == sum(Visit.objects.values_list("seats_held", flat=True))


def take_without_capacity_check(replace):
    """Control: take seats and skip all rules, as a program without the guard does."""
    replace(seats, "take", _take_without_capacity_check)
    replace(rules, "check", lambda *arguments, **options: [])
    replace(rules, "quick_check", lambda *arguments, **options: [])


def _take_without_capacity_check(visit, slot, persons, **options):
    VisitSlot.objects.filter(pk=slot.pk).update(used_persons=F("used_persons") + persons, used_visits=F("used_visits") + 1)
    visit.seats_held = persons


def test_without_the_guard_the_constraint_stops_overbooking(slot, request_for, run_together):
    # Control: the check constraint still prevents overbooking, but guests get an error instead of a refusal. The test above would
    # notice that.
    outcomes = run_together(*[partial(booking.submit, request_for(number)) for number in range(8)], sabotage=take_without_capacity_check)

    assert sum(isinstance(outcome, IntegrityError) for outcome in outcomes) == 5
    assert VisitSlot.objects.get().used_persons == 3 * GROUP


@pytest.fixture
def one_visit_left_that_day(slot, request_for):
    """Requests for two sessions of a day on which one visit is allowed."""
    Programme.objects.update(max_per_day=1)
    programme = Programme.objects.get()
    sessions = [slot, SlotFactory(programme=programme, starts_at=slot.starts_at + dt.timedelta(hours=4))]
    return [partial(booking.submit, replace(request_for(n), programme=programme, slot=sessions[n % 2])) for n in range(6)]


def test_two_sessions_share_the_daily_limit(one_visit_left_that_day, run_together):
    outcomes = run_together(*one_visit_left_that_day)

    assert sum(isinstance(outcome, Visit) for outcome in outcomes) == 1
    assert {code for outcome in outcomes if isinstance(outcome, Refused) for code in outcome.codes} == {"day_full"}


def lock_no_session(replace):
    """Control: lock no session, and delay each commit so that the others read before it."""
    replace(seats, "lock_slots", hammering.read_without_lock)
    replace(seats, "take", partial(_take_and_wait, seats.take))


def _take_and_wait(take, visit, slot, persons, **options):
    take(visit, slot, persons, **options)
    time.sleep(0.3)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer, so requests never overlap")
def test_without_locks_the_daily_limit_is_exceeded(one_visit_left_that_day, run_together):
    run_together(*one_visit_left_that_day, sabotage=lock_no_session)

    assert Visit.objects.count() > 1


def test_booking_a_removed_session_is_refused(slot, request_for):
    request = request_for(1)
    slot.delete()

    with pytest.raises(Refused) as refusal:
        booking.submit(request)

    assert refusal.value.codes == ("slot_closed",)


def test_one_form_sent_four_times_books_once(slot, request_for, run_together):
    request = request_for(1, key=uuid.uuid4())

    outcomes = run_together(*[partial(booking.submit, request)] * 4)

    assert {outcome.pk for outcome in outcomes} == {Visit.objects.get().pk}
    assert VisitSlot.objects.get().used_persons == GROUP


def test_two_simultaneous_decisions_count_once(slot, run_together):
    visit = VisitFactory(slot=slot, submitted=True, group_size=GROUP)
    first, second = UserFactory(), UserFactory()
    seen_by_first, seen_by_second = Visit.objects.get(pk=visit.pk), Visit.objects.get(pk=visit.pk)

    outcomes = run_together(
        partial(decisions.approve, seen_by_first, by=first),
        partial(decisions.decline, seen_by_second, by=second, reason="Ruang tidak tersedia"),
    )

    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1
    visit.refresh_from_db()
    assert visit.status in (VisitStatus.APPROVED, VisitStatus.DECLINED)
    assert VisitSlot.objects.get().used_persons == (GROUP if visit.status == VisitStatus.APPROVED else 0)


def test_two_groups_that_grow_share_the_last_seats(slot, run_together):
    first, second = VisitFactory.create_batch(2, slot=slot, submitted=True, group_size=20)

    outcomes = run_together(*[partial(headcount.change, Visit.objects.get(pk=visit.pk), 35) for visit in (first, second)])

    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1
    assert VisitSlot.objects.get().used_persons == 55 == sum(Visit.objects.values_list("seats_held", flat=True))


def test_two_pages_shrink_one_group_once(slot, run_together):
    visit = VisitFactory(slot=slot, approved=True, group_size=20)
    seen = [Visit.objects.get(pk=visit.pk) for _page in range(2)]

    outcomes = run_together(partial(headcount.change, seen[0], 15), partial(headcount.change, seen[1], 10))

    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1
    visit.refresh_from_db()
    assert VisitSlot.objects.get().used_persons == visit.seats_held == visit.group_size


def test_simultaneous_references_have_no_gaps_or_duplicates(slot, request_for, run_together):
    visits = [booking.submit(request_for(number)) for number in range(3)]

    run_together(*[partial(booking.confirm, visit) for visit in visits])

    numbers = sorted(int(reference[-4:]) for reference in Visit.objects.values_list("reference", flat=True))
    assert numbers == [1, 2, 3]
    assert NumberSequence.objects.get(key="visit").last_number == 3
