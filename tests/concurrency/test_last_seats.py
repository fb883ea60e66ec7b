"""The last seats, the same form twice, two officers, two numbers: whoever comes second is told so, and nothing is counted twice."""

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
from visits.domain import booking, decisions, rules, seats
from visits.domain.errors import MoveRefused
from visits.enums import OrganisationKind, VisitStatus
from visits.models import NumberSequence, Programme, Visit, VisitSlot

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]

GROUP = 17


@pytest.fixture
def slot(transactional_db):
    """Sixty seats: room for three groups of seventeen."""
    return SlotFactory(programme=ProgrammeFactory(letter_required=False, max_per_day=99, max_per_week=99))


@pytest.fixture
def request_for(slot):
    """A guest's request for the slot."""
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


def test_eight_groups_at_once_take_only_the_seats_that_there_are(slot, request_for, run_together):
    outcomes = run_together(*[partial(booking.submit, request_for(number)) for number in range(8)])

    assert sum(isinstance(outcome, Visit) for outcome in outcomes) == 3
    assert all(isinstance(outcome, Visit | MoveRefused) for outcome in outcomes)
    assert VisitSlot.objects.get().used_persons == 3 * GROUP == sum(Visit.objects.values_list("seats_held", flat=True))


def take_without_asking(replace):
    """Seats are counted first and written later, as a program without the guard does."""
    replace(seats, "take", _take_without_asking)
    replace(rules, "check", lambda *arguments, **options: [])
    replace(rules, "quick_check", lambda *arguments, **options: [])


def _take_without_asking(visit, slot, persons, **options):
    VisitSlot.objects.filter(pk=slot.pk).update(used_persons=F("used_persons") + persons, used_visits=F("used_visits") + 1)
    visit.seats_held = persons


def test_without_the_guard_the_database_itself_must_stop_the_race(slot, request_for, run_together):
    # The control: the check constraint still keeps the slot whole, but guests would meet an error instead of an answer, which the
    # test above would notice.
    outcomes = run_together(*[partial(booking.submit, request_for(number)) for number in range(8)], sabotage=take_without_asking)

    assert sum(isinstance(outcome, IntegrityError) for outcome in outcomes) == 5
    assert VisitSlot.objects.get().used_persons == 3 * GROUP


@pytest.fixture
def last_visit_of_the_day(slot, request_for):
    """Requests for two sessions of a day that may have one visit."""
    Programme.objects.update(max_per_day=1)
    programme = Programme.objects.get()
    sessions = [slot, SlotFactory(programme=programme, starts_at=slot.starts_at + dt.timedelta(hours=4))]
    return [partial(booking.submit, replace(request_for(n), programme=programme, slot=sessions[n % 2])) for n in range(6)]


def test_two_sessions_of_one_day_do_not_both_take_the_last_visit_of_the_day(last_visit_of_the_day, run_together):
    outcomes = run_together(*last_visit_of_the_day)

    assert sum(isinstance(outcome, Visit) for outcome in outcomes) == 1
    assert {code for outcome in outcomes if isinstance(outcome, MoveRefused) for code in outcome.codes} == {"day_full"}


def lock_nothing(replace):
    """Nobody waits for anybody; the others look while the first has taken its seats and not yet committed."""
    replace(seats, "lock_slots", hammering.reading_only)
    replace(seats, "take", partial(_take_and_linger, seats.take))


def _take_and_linger(take, visit, slot, persons, **options):
    take(visit, slot, persons, **options)
    time.sleep(0.3)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer: everybody waits for everybody")
def test_the_control_without_locks_the_day_gets_too_many_visits(last_visit_of_the_day, run_together):
    run_together(*last_visit_of_the_day, sabotage=lock_nothing)

    assert Visit.objects.count() > 1


def test_a_session_that_was_removed_meanwhile_is_refused_in_words(slot, request_for):
    request = request_for(1)
    slot.delete()

    with pytest.raises(MoveRefused) as refusal:
        booking.submit(request)

    assert refusal.value.codes == ("slot_closed",)


def test_the_same_form_sent_four_times_at_once_is_one_request(slot, request_for, run_together):
    request = request_for(1, key=uuid.uuid4())

    outcomes = run_together(*[partial(booking.submit, request)] * 4)

    assert {outcome.pk for outcome in outcomes} == {Visit.objects.get().pk}
    assert VisitSlot.objects.get().used_persons == GROUP


def test_two_officers_who_decide_at_once_decide_once(slot, run_together):
    visit = VisitFactory(slot=slot, submitted=True, group_size=GROUP)
    first, second = UserFactory(), UserFactory()
    seen_by_first, seen_by_second = Visit.objects.get(pk=visit.pk), Visit.objects.get(pk=visit.pk)

    outcomes = run_together(
        partial(decisions.approve, seen_by_first, by=first),
        partial(decisions.decline, seen_by_second, by=second, reason="Ruang tidak tersedia"),
    )

    assert sum(isinstance(outcome, MoveRefused) for outcome in outcomes) == 1
    visit.refresh_from_db()
    assert visit.status in (VisitStatus.APPROVED, VisitStatus.DECLINED)
    assert VisitSlot.objects.get().used_persons == (GROUP if visit.status == VisitStatus.APPROVED else 0)


def test_references_that_are_given_at_once_have_no_gap_and_no_double(slot, request_for, run_together):
    visits = [booking.submit(request_for(number)) for number in range(3)]

    run_together(*[partial(booking.confirm, visit) for visit in visits])

    numbers = sorted(int(reference[-4:]) for reference in Visit.objects.values_list("reference", flat=True))
    assert numbers == [1, 2, 3]
    assert NumberSequence.objects.get(key="visit").last_number == 3
