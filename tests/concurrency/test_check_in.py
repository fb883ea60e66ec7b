"""Phones that report at the same time: the same event once, the same newcomer once."""

import time
import uuid
from functools import partial

import pytest
from django.db import IntegrityError
from django.utils import timezone

from tests.factories import UserFactory, VisitFactory
from visits.domain import attendance, closing, door
from visits.domain.errors import Refused
from visits.enums import AttendanceKind, MessageKind
from visits.models import AttendanceEvent, Certificate, Delegate, OutboundMessage, Visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.scale_out]


@pytest.fixture
def visit(transactional_db):
    return VisitFactory(approved=True, now=True, delegates=1)


def report(visit_pk, entry, by):
    """Send one event; a module-level function, so that it can be sent to another process."""
    return door.receive(visit_pk, [entry], by=by, device="phone-a")


@pytest.fixture
def same_event(visit):
    """Two posts of the same event, as after a network that dropped."""
    entry = attendance.Entry(AttendanceKind.CHECKED_IN, uuid.uuid4(), delegate=visit.delegates.get().pk)
    return [partial(report, visit.pk, entry, UserFactory())] * 3


def test_an_event_posted_at_once_is_recorded_once(visit, same_event, run_together):
    outcomes = run_together(*same_event)

    assert [[receipt.refusal for receipt in outcome] for outcome in outcomes] == [[""], [""], [""]]
    assert AttendanceEvent.objects.count() == 1


def test_a_newcomer_of_two_phones_at_once_is_one_person(visit, run_together):
    user = UserFactory()
    entries = [attendance.Entry(AttendanceKind.WALK_IN, uuid.uuid4(), name="Tamu Contoh") for _ in range(3)]

    outcomes = run_together(*[partial(report, visit.pk, entry, user) for entry in entries])

    assert all(not receipt.refusal for outcome in outcomes for receipt in outcome)
    assert Delegate.objects.filter(walk_in=True).count() == 1
    assert attendance.attended(visit).count() == 1


def receive_without_lock(replace):
    """Control: look whether the event is known, and write it later, as a program without the lock does."""
    replace(door, "receive", _look_then_write)


def _look_then_write(visit_pk, entries, **options):
    [entry] = entries
    if not AttendanceEvent.objects.filter(nonce=entry.nonce).exists():
        time.sleep(0.5)
        values = {"kind": entry.kind, "nonce": entry.nonce, "at": timezone.now()}
        AttendanceEvent.objects.create(visit_id=visit_pk, delegate_id=entry.delegate, **values)
    return []


@pytest.mark.parametrize("run_together", ["threads"], indirect=True)
def test_without_the_lock_the_constraint_refuses_the_second(same_event, run_together):
    # Control: the test above would notice the error, which is no sentence for anybody.
    outcomes = run_together(*same_event, sabotage=receive_without_lock)

    assert any(isinstance(outcome, IntegrityError) for outcome in outcomes)
    assert AttendanceEvent.objects.count() == 1


def close(visit, by):
    """Close a visit, as from the page that both officers have open."""
    return closing.close(visit, by=by, reason="Notulen menyusul.")


def test_two_officers_who_close_at_once_close_once(visit, run_together):
    attendance.record(visit.delegates.get(), AttendanceKind.CHECKED_IN, by=None)
    seen = Visit.objects.get(pk=visit.pk)

    outcomes = run_together(partial(close, seen, UserFactory()), partial(close, seen, UserFactory()))

    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1
    assert Certificate.objects.count() == 1
    assert OutboundMessage.objects.filter(kind=MessageKind.THANKS).count() == 1
