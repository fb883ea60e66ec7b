"""What one guest can fill: letters, messages, and the mail that they cause."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.factories import UserFactory, VisitFactory
from visits.domain import conversation, decisions, letters
from visits.domain.errors import Refused
from visits.domain.letters import LetterDraft
from visits.enums import MessageKind, VisitStatus
from visits.models import OutboundMessage, Visit

pytestmark = pytest.mark.django_db(transaction=True)


def letter(number: int) -> LetterDraft:
    file = SimpleUploadedFile("surat.pdf", b"%PDF-1.7 contoh", content_type="application/pdf")
    return LetterDraft(f"005/{number}", dt.date(2026, 11, 2), file=file)


def stored(visit) -> list[bool]:
    return [storages["private"].exists(row.file.name) for row in visit.letters.all()]


def send_letters(visit, count: int) -> None:
    for number in range(count):
        letters.replace_letter(Visit.objects.get(pk=visit.pk), letter(number))


@pytest.fixture
def officers(db):
    """Two members of staff who decide."""
    users = [UserFactory(), UserFactory()]
    for user in users:
        user.user_permissions.add(Permission.objects.get(codename="decide_visit"))
    return users


def test_an_unconfirmed_request_keeps_its_last_letter_only():
    visit = VisitFactory()
    send_letters(visit, 3)

    assert [row.number for row in visit.letters.all()] == ["005/2"]
    assert stored(visit) == [True]


def test_letters_of_an_expired_unconfirmed_request_are_deleted():
    visit = VisitFactory()
    send_letters(visit, 1)
    name = visit.letters.get().file.name

    decisions.expire_holds(timezone.now() + dt.timedelta(hours=5))

    visit.refresh_from_db()
    assert visit.status == VisitStatus.EXPIRED
    assert not visit.letters.exists()
    assert not storages["private"].exists(name)


def test_letters_of_a_confirmed_request_are_kept():
    visit = VisitFactory(submitted=True)
    send_letters(visit, 2)

    assert stored(visit) == [True, True]


def test_a_guest_sends_few_letters_within_an_hour():
    visit = VisitFactory()
    send_letters(visit, letters.LETTERS_PER_HOUR)

    with pytest.raises(Refused, match="banyak surat"):
        send_letters(visit, 1)
    assert visit.letters.count() == 1


def test_a_flood_of_messages_is_refused_and_causes_one_mail(officers):
    visit = VisitFactory(submitted=True)
    for number in range(conversation.MESSAGES_PER_HOUR):
        conversation.write(visit, f"Pesan {number}")

    with pytest.raises(Refused, match="banyak pesan"):
        conversation.write(visit, "Satu lagi")

    assert visit.thread.count() == conversation.MESSAGES_PER_HOUR
    news = OutboundMessage.objects.filter(visit=visit, kind=MessageKind.GUEST_ACTED)
    assert sorted(news.values_list("recipient", flat=True)) == [officer.email for officer in officers]


def test_staff_hear_of_a_guest_again_after_a_pause(officers, time_machine):
    visit = VisitFactory(submitted=True)
    conversation.write(visit, "Pesan pertama")
    time_machine.move_to(timezone.now() + dt.timedelta(minutes=16))
    conversation.write(visit, "Pesan kedua")

    assert OutboundMessage.objects.filter(visit=visit, kind=MessageKind.GUEST_ACTED).count() == 4
