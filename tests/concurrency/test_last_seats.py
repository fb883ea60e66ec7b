"""The last seats, the same form twice, two officers, two numbers: whoever comes second is told so, and nothing is counted twice."""

import uuid
from functools import partial

import pytest
from django.db import IntegrityError
from django.db.models import F

from tests.factories import ProgrammeFactory, RegionFactory, SlotFactory, UserFactory, VisitFactory
from visits.domain import booking, decisions, seats
from visits.domain.errors import MoveRefused
from visits.enums import OrganisationKind, VisitStatus
from visits.models import NumberSequence, Visit, VisitSlot

pytestmark = pytest.mark.django_db(transaction=True)

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
            organisation=f"Dinas Contoh {number}",
            organisation_kind=OrganisationKind.LOCAL_GOVERNMENT,
            group_size=GROUP,
            contact_name="Narahubung Contoh",
            contact_email=f"narahubung{number}@contoh.invalid",
            submission_key=key or uuid.uuid4(),
        )

    return make


def test_eight_groups_at_once_take_only_the_seats_that_there_are(slot, request_for, run_together):
    outcomes = run_together(*[partial(booking.submit, request_for(number)) for number in range(8)])

    assert sum(isinstance(outcome, Visit) for outcome in outcomes) == 3
    assert all(isinstance(outcome, Visit | MoveRefused) for outcome in outcomes)
    assert VisitSlot.objects.get().used_persons == 3 * GROUP == sum(Visit.objects.values_list("seats_held", flat=True))


def test_without_the_guard_the_database_itself_must_stop_the_race(slot, request_for, run_together, monkeypatch):
    # The control: seats are counted first and written later, as a program without the guard does. The check constraint still
    # keeps the slot whole, but guests would meet an error instead of an answer, which the test above would notice.
    def take_without_guard(visit, slot, persons):
        VisitSlot.objects.filter(pk=slot.pk).update(used_persons=F("used_persons") + persons)
        visit.seats_held = persons

    monkeypatch.setattr(seats, "take", take_without_guard)
    monkeypatch.setattr(booking.rules, "check", lambda request: [])

    outcomes = run_together(*[partial(booking.submit, request_for(number)) for number in range(8)])

    assert sum(isinstance(outcome, IntegrityError) for outcome in outcomes) == 5
    assert VisitSlot.objects.get().used_persons == 3 * GROUP


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
