"""The status page: deadlines, messages, and the reason and next step when a visit has ended."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import SlotFactory, UserFactory, VisitFactory
from visits.domain import decisions, lifecycle, scheduling, tokens
from visits.enums import FREES_SEATS, Actor, MessageStatus, VisitStatus

pytestmark = pytest.mark.django_db


def words(client, visit) -> str:
    """The HTML of the status page, with single spaces."""
    page = client.get(reverse("visits:status", args=[tokens.token_for(visit, tokens.STATUS)]))
    return " ".join(page.content.decode().split())


def test_a_late_answer_shows_an_apology(client):
    now = timezone.now()
    in_time = VisitFactory(submitted=True, answer_due_at=now + dt.timedelta(days=2))
    late = VisitFactory(submitted=True, answer_due_at=now - dt.timedelta(days=2))

    assert "Jawaban kami sampaikan paling lambat" in words(client, in_time)
    said = words(client, late)
    assert "Jawaban kami sampaikan paling lambat" not in said
    assert "mohon maaf atas keterlambatan" in said
    assert "tidak lagi kami tahan" not in said, "held seats are not reported as lost"
    decisions.expire_holds(now + dt.timedelta(days=1))
    late.refresh_from_db()
    assert late.seats_held == 0
    assert "tidak lagi kami tahan" in words(client, late)


def test_messages_with_decisions_appear_in_the_thread(client):
    officer = UserFactory(admin=True)
    visit = VisitFactory(submitted=True, slot__programme__letter_required=False)

    visit = decisions.approve(visit, by=officer, message="Mohon masuk lewat pintu timur.")
    assert "pintu timur" in words(client, visit)
    visit.messages.update(status=MessageStatus.SENT)
    visit = scheduling.move(visit, SlotFactory(programme=visit.programme, days_ahead=50), user=officer, message="Gedung direnovasi.")

    said = words(client, visit)
    assert "Gedung direnovasi." in said
    assert "Tanggal kunjungan telah berubah" in said
    assert [message.author for message in visit.thread.all()] == [officer, officer]


@pytest.mark.parametrize("status", sorted(FREES_SEATS))
def test_ended_visits_show_reason_and_booking_link(client, status):
    visit = VisitFactory(submitted=True)
    actor = Actor.GUEST if status == VisitStatus.CANCELLED_BY_GUEST else Actor.CLOCK if status == VisitStatus.EXPIRED else Actor.STAFF
    lifecycle.transition(visit, VisitStatus(status), by=actor, reason="" if actor == Actor.CLOCK else "Paripurna dimajukan.")

    said = words(client, visit)

    assert ("Paripurna dimajukan." in said) or (actor == Actor.CLOCK and "sebelum kami menjawab" in said)
    assert f"{reverse('visits:book')}?programme={visit.programme_id}" in said
    assert "Belum ada nama." not in said


def test_an_unconfirmed_request_explains_its_end(client):
    visit = VisitFactory(hold_until=timezone.now() - dt.timedelta(minutes=1))
    decisions.expire_holds(timezone.now())

    assert "tidak dibuka sampai batas waktunya" in words(client, visit)
