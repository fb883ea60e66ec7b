"""A guest books, confirms, answers and cancels without JavaScript, request by request as a browser does."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from tests.factories import UserFactory
from tests.mail import LINK
from tests.visits.public.pages import pdf, step_url
from visits.domain import booking, decisions, tokens
from visits.enums import VisitStatus
from visits.models import IncomingLetter, Visit, VisitSlot

pytestmark = pytest.mark.django_db(transaction=True)


def path_of(link: str) -> str:
    return "/" + link.split("/", 3)[3]


def test_a_guest_books_confirms_and_sees_the_status(guest, client):
    assert client.get(reverse("visits:programmes")).status_code == 200
    assert client.get(reverse("visits:book"))["Location"] == step_url("group")
    guest.fill()
    check = client.get(step_url("check"))
    assert "Komisi Contoh DPRD" in check.content.decode()

    response = guest.send()
    assert response["Location"] == reverse("visits:sent")
    assert "narahubung@contoh.invalid" in client.get(reverse("visits:sent")).content.decode()
    visit = Visit.objects.get()
    assert visit.status == VisitStatus.UNVERIFIED
    assert visit.purpose == "Belajar layanan perizinan"
    assert IncomingLetter.objects.get().file_name == "surat.pdf"

    [message] = mail.outbox
    link = path_of(next(link for link in LINK.findall(message.body) if tokens.token_for(visit, tokens.CONFIRM) in link))
    assert client.get(link).status_code == 200
    visit.refresh_from_db()
    assert visit.status == VisitStatus.UNVERIFIED, "opening the link changes nothing: mail scanners open links"

    status = client.post(link, follow=True)
    visit.refresh_from_db()
    assert visit.status == VisitStatus.SUBMITTED
    assert visit.reference in status.content.decode()
    assert status.context["steps"][2].state == "current"


def test_a_double_click_sends_one_request(guest, client):
    guest.fill()
    key = client.session["booking"]["key"]
    first = guest.send()
    second = client.post(step_url("check"), {"key": key})

    assert first["Location"] == second["Location"] == reverse("visits:sent")
    assert Visit.objects.count() == 1


def test_a_full_session_offers_the_nearest_ones(guest, client):
    others = [
        VisitSlot.objects.create(
            programme=guest.slot.programme,
            starts_at=guest.slot.starts_at + dt.timedelta(days=days),
            ends_at=guest.slot.ends_at + dt.timedelta(days=days),
            capacity_persons=60,
        )
        for days in (-7, 1, 2, 9)
    ]
    guest.fill()
    VisitSlot.objects.filter(pk=guest.slot.pk).update(used_persons=55)

    response = guest.send()

    assert response.status_code == 409
    assert response.context["others"] == sorted([others[0], others[1], others[2]], key=lambda slot: slot.starts_at)
    assert "Komisi Contoh DPRD" in response.content.decode()
    assert Visit.objects.count() == 0

    response = guest.send(slot=others[1].pk)
    assert response["Location"] == reverse("visits:sent")
    assert Visit.objects.get().slot == others[1]
    assert IncomingLetter.objects.get().file


def test_a_corrected_letter_keeps_the_earlier_one(guest, client):
    guest.fill()
    guest.send()
    visit = booking.confirm(Visit.objects.get())
    decisions.ask_for_information(visit, by=UserFactory(), question="Mohon surat yang ditandatangani")
    url = reverse("visits:status", args=[tokens.token_for(visit, tokens.STATUS)])
    assert "Mohon surat yang ditandatangani" in client.get(url).content.decode()
    answer = {"action": "reply", "text": "Terlampir", "letter_file": pdf("baru.pdf")}

    assert client.post(url, answer).status_code == 302
    assert client.post(url, {"action": "reply", "text": "Terlampir"}).status_code == 302, "the second click is harmless"

    visit.refresh_from_db()
    assert visit.status == VisitStatus.SUBMITTED
    assert [letter.file_name for letter in visit.letters.all()] == ["baru.pdf", "surat.pdf"]
    assert visit.letters.first().number == "005/123/DPRD"
    assert visit.thread.count() == 2


def test_a_guest_cancels_with_a_reason(guest, client):
    guest.fill()
    guest.send()
    visit = decisions.approve(booking.confirm(Visit.objects.get()), by=UserFactory())
    url = reverse("visits:cancel", args=[tokens.token_for(visit, tokens.STATUS)])

    assert client.get(url).status_code == 200
    visit.refresh_from_db()
    assert visit.status == VisitStatus.APPROVED
    assert client.post(url, {"reason": " "}).status_code == 422
    assert client.post(url, {"reason": "Agenda pimpinan berubah"}).status_code == 302
    assert client.post(url, {"reason": "Agenda pimpinan berubah"}).status_code == 302

    visit.refresh_from_db()
    assert visit.status == VisitStatus.CANCELLED_BY_GUEST
    assert VisitSlot.objects.get().used_persons == 0
    assert timezone.now() < visit.slot.starts_at
