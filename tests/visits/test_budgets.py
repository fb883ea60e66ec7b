"""What one guest can fill: letters, messages, and the mail that they cause."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from knowledge_hub.core.rate_limits import Budget
from tests.factories import UserFactory, VisitFactory
from visits.domain import budgets, conversation, decisions, letters, outbox, tokens
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


def test_letters_of_a_visit_fill_limited_space(settings):
    visit = VisitFactory(submitted=True)
    settings.VISIT_LETTERS_MAX_BYTES = 40
    send_letters(visit, 2)

    with pytest.raises(Refused, match="Ruang untuk surat"):
        send_letters(visit, 1)
    assert visit.letters.count() == 2


def test_a_guest_sends_few_letters_within_an_hour():
    visit = VisitFactory()
    send_letters(visit, budgets.LETTER.per_subject)

    with pytest.raises(Refused, match="banyak surat"):
        send_letters(visit, 1)
    assert visit.letters.count() == 1


def test_a_flood_of_messages_causes_two_mails(officers):
    visit = VisitFactory(submitted=True)
    for number in range(budgets.MESSAGE.per_subject):
        conversation.write(visit, f"Pesan {number}")

    with pytest.raises(Refused, match="banyak pesan"):
        conversation.write(visit, "Satu lagi")

    assert visit.thread.count() == budgets.MESSAGE.per_subject
    news = OutboundMessage.objects.filter(visit=visit, kind=MessageKind.GUEST_ACTED)
    addresses = [officer.email for officer in officers]
    assert sorted(news.filter(next_try_at__lte=timezone.now()).values_list("recipient", flat=True)) == addresses
    later = news.filter(next_try_at__gt=timezone.now())
    assert sorted(later.values_list("recipient", flat=True)) == addresses
    send_letters(visit, 1)
    assert {mail.note for mail in later} == {"Tamu menulis pesan.\nTamu mengirim surat."}


def test_a_flood_of_news_from_many_visits_becomes_one_mail(officers):
    visits = VisitFactory.create_batch(outbox.MOST_NEWS + 3, submitted=True)
    for visit in visits:
        conversation.write(visit, "Halo")

    mine = OutboundMessage.objects.filter(kind=MessageKind.GUEST_ACTED, recipient=officers[0].email).order_by("pk")
    assert mine.count() == outbox.MOST_NEWS + 1
    assert mine.last().next_try_at > timezone.now()
    assert mine.last().note.splitlines()[1:] == [f"{visit.reference}: Tamu menulis pesan." for visit in visits[-2:]]


def test_staff_hear_of_a_guest_again_after_a_pause(officers, time_machine):
    visit = VisitFactory(submitted=True)
    conversation.write(visit, "Pesan pertama")
    time_machine.move_to(timezone.now() + dt.timedelta(minutes=16))
    conversation.write(visit, "Pesan kedua")

    assert OutboundMessage.objects.filter(visit=visit, kind=MessageKind.GUEST_ACTED).count() == 4


def test_a_guest_changes_people_few_times_within_an_hour(client, monkeypatch, officers):
    monkeypatch.setattr(budgets, "CHANGE", Budget("change", per_subject=2))
    visit = VisitFactory(submitted=True, group_size=10)
    address = reverse("visits:people", args=[tokens.token_for(visit, tokens.STATUS)])
    answers = [client.post(address, {"group_size": size, "message": "Tulisan tamu"}) for size in ("9", "8", "7")]

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "berkali-kali diubah" in answers[-1].content.decode()
    assert answers[-1].context["form"]["message"].value() == "Tulisan tamu"
    mails = OutboundMessage.objects.filter(visit=visit, kind=MessageKind.GUEST_ACTED, recipient=officers[0].email)
    assert mails.count() == 2, "one at once, and one with all further news"
