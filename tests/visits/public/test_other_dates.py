"""Guests: alternative dates, waiting list, requested and proposed dates, promised letters, messages, saved drafts."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import SlotFactory, UserFactory, VisitFactory
from tests.mail import LINK
from tests.visits.public.pages import pdf, step_url
from tests.visits.public.test_journey import path_of
from visits.domain import booking, decisions, draft_letters, drafts, scheduling, tokens, waiting_list
from visits.domain.calendar_days import local_date
from visits.enums import Actor, MessageKind, ReasonCode, VisitStatus
from visits.models import OutboundMessage, Proposal, SavedDraft, Visit, VisitSlot

pytestmark = pytest.mark.django_db(transaction=True)


def page_of(visit, name="status"):
    return reverse(f"visits:{name}", args=[tokens.token_for(visit, tokens.STATUS)])


def request_sent(guest, **changes):
    guest.fill(**changes)
    guest.send()
    return booking.confirm(Visit.objects.get())


def test_two_alternative_sessions_are_stored_without_seats(guest, client):
    others = [SlotFactory(programme=guest.slot.programme, days_ahead=days) for days in (36, 37, 42)]
    guest.group()
    client.post(step_url("date"), {"slot": guest.slot.pk})
    assert client.get(step_url("alternatives")).status_code == 200
    assert client.post(step_url("alternatives"), {"slots": [slot.pk for slot in others]}).status_code == 422, "two at most"
    assert client.post(step_url("alternatives"), {"slots": [others[0].pk, others[2].pk]}).status_code == 302
    guest.purpose()
    guest.contact()
    assert client.get(step_url("check")).context["alternatives"] == [others[0], others[2]]

    guest.send()

    assert set(Visit.objects.get().alternative_slots.all()) == {others[0], others[2]}
    assert VisitSlot.objects.get(pk=others[0].pk).used_persons == 0


class TestWaitingList:
    """No session is free: the guest waits and accepts the place that becomes free."""

    def wait(self, guest, client, **changes):
        guest.group()
        period = {"wait": "1", "wait_from": "2026-12-10", "wait_until": "2027-01-20"}
        return client.post(step_url("date"), {**period, **changes})

    def test_waiting_is_refused_if_sessions_are_free(self, guest, client):
        response = self.wait(guest, client)

        assert response.status_code == 422
        assert response.context["waiting"].non_field_errors()
        assert response.context["waiting"]["wait_until"].value() == "2027-01-20"

    def test_an_invalid_waiting_period_is_explained(self, guest, client):
        response = self.wait(guest, client, wait_until="2026-12-01")
        assert response.context["waiting"].errors["wait_until"]

    def test_a_waiting_guest_accepts_an_offer(self, guest, client):
        blocker = VisitFactory(slot=guest.slot, group_size=60, approved=True)
        assert self.wait(guest, client).status_code == 302
        guest.purpose()
        guest.contact()
        assert client.get(step_url("check")).context["waiting_period"] == (dt.date(2026, 12, 10), dt.date(2027, 1, 20))
        guest.send()
        visit = booking.confirm(Visit.objects.get(slot=None))
        shown = client.get(page_of(visit))
        assert shown.context["place_in_line"] == 1

        decisions.cancel(blocker, by=Actor.STAFF, user=UserFactory(), reason="Batal")
        assert waiting_list.offer_free_places(timezone.now()) == 1
        assert client.get(page_of(visit)).context["proposal"].slot == guest.slot
        assert client.post(page_of(visit, "proposal"), {"action": "accept"}).status_code == 302
        assert client.post(page_of(visit, "proposal"), {"action": "accept"}).status_code == 302, "the second click is harmless"

        visit.refresh_from_db()
        assert (visit.status, visit.slot) == (VisitStatus.SUBMITTED, guest.slot)
        assert VisitSlot.objects.get().used_persons == 12
        assert "/kunjungan/status/" in mail.outbox[-1].body or "/visits/status/" in mail.outbox[-1].body


class TestAnotherDate:
    """The guest requests a date or answers a proposal; the old date stays until then."""

    def test_staff_are_informed_of_a_requested_date(self, guest, client):
        officer = UserFactory(admin=True)
        decider = UserFactory()
        decider.user_permissions.add(*_decide())
        other = SlotFactory(programme=guest.slot.programme, days_ahead=42)
        visit = decisions.approve(request_sent(guest), by=officer)
        url = page_of(visit, "another_date")
        assert client.get(url).status_code == 200
        assert client.get(url, {"date": other.starts_at.date().isoformat()}).context["slots"] == [other]
        assert client.post(url, {"slot": ""}).status_code == 422
        assert client.post(url, {"slot": 999999}).status_code == 422

        assert client.post(url, {"slot": other.pk, "message": "Paripurna dimajukan"}).status_code == 302

        visit.refresh_from_db()
        assert (visit.status, visit.slot) == (VisitStatus.APPROVED, guest.slot)
        assert Proposal.objects.get().message == "Paripurna dimajukan"
        assert OutboundMessage.objects.filter(kind=MessageKind.GUEST_ACTED, recipient=decider.email).exists()
        assert client.get(url).status_code == 302, "one request at a time"
        moved = scheduling.accept(Visit.objects.get(pk=visit.pk), by=Actor.STAFF, user=officer)
        assert moved.slot == other
        assert "REQUEST" in str(mail.outbox[-1].message()), "the guest's calendar is updated"

    def test_the_own_date_is_marked_in_the_calendar(self, guest, client):
        visit = request_sent(guest)
        page = client.get(
            reverse("visits:another_date", args=[tokens.token_for(visit, tokens.STATUS)]), {"month": f"{guest.slot.starts_at:%Y-%m}"}
        )

        assert [day.date for month in page.context["choice"].months for day in month.days if day.reason == "Tanggal Anda saat ini"] == [
            local_date(guest.slot.starts_at)
        ]

    def test_a_guest_refuses_a_proposal_with_reason(self, guest, client):
        other = SlotFactory(programme=guest.slot.programme, days_ahead=42)
        visit = request_sent(guest)
        scheduling.propose(visit, other, by=Actor.STAFF, user=UserFactory(), message="Aula dipakai")
        shown = client.get(page_of(visit, "proposal"))
        assert "Aula dipakai" in shown.content.decode()
        assert Proposal.objects.get().state == "open", "looking changes nothing"

        assert client.post(page_of(visit, "proposal"), {"action": "end", "reason": "Kami hanya bisa hari Selasa"}).status_code == 302

        visit.refresh_from_db()
        assert (visit.status, visit.slot) == (VisitStatus.SUBMITTED, guest.slot)
        assert visit.thread.last().text == "Kami hanya bisa hari Selasa"

    def test_an_expired_proposal_redirects_to_the_status(self, guest, client):
        other = SlotFactory(programme=guest.slot.programme, days_ahead=42)
        visit = request_sent(guest)
        proposal = scheduling.propose(visit, other, by=Actor.STAFF, user=UserFactory())
        scheduling.expire_proposals(proposal.expires_at)

        assert client.post(page_of(visit, "proposal"), {"action": "accept"})["Location"] == page_of(visit)
        visit.refresh_from_db()
        assert visit.slot == guest.slot

    def test_a_displaced_guest_gets_a_link_to_dates(self, guest, client):
        visit = request_sent(guest)
        Visit.objects.filter(pk=visit.pk).update(reason_code=ReasonCode.NEEDS_NEW_DATE)
        visit = decisions.ask_for_information(
            Visit.objects.get(pk=visit.pk), by=UserFactory(), question="Mohon tanggal lain", reason_code=ReasonCode.NEEDS_NEW_DATE
        )

        assert page_of(visit, "another_date") in client.get(page_of(visit)).content.decode()


def _decide():
    return Permission.objects.filter(codename="decide_visit")


def test_a_promised_letter_is_uploaded_later(guest, client):
    visit = request_sent(guest, purpose={"letter_file": None, "letter_number": "", "letter_date": "", "letter_follows": "on"})
    assert visit.letter_due_on == dt.date(2026, 11, 27)
    assert client.get(page_of(visit)).context["can_replace_letter"]

    wrong = client.post(page_of(visit), {"action": "letter", "letter_file": pdf()})
    assert wrong.status_code == 422, "number and date go with it"
    sent = {"action": "letter", "letter_file": pdf(), "letter_number": "005/9/DPRD", "letter_date": "2026-11-23"}
    assert client.post(page_of(visit), sent).status_code == 302

    visit.refresh_from_db()
    assert visit.letter_due_on is None
    assert visit.letters.get().number == "005/9/DPRD"
    assert decisions.approve(visit, by=UserFactory()).status == VisitStatus.APPROVED


def test_a_letter_is_needed_unless_promised(guest):
    guest.group()
    guest.date()
    assert guest.purpose(letter_file=None).status_code == 422


def test_a_message_is_delivered_once(guest, client):
    visit = request_sent(guest)

    for _click in range(2):
        assert client.post(page_of(visit), {"action": "message", "text": "Apakah ada parkir bus?"}).status_code == 302
    assert client.post(page_of(visit), {"action": "message", "text": " "}).status_code == 422

    assert visit.thread.get().text == "Apakah ada parkir bus?"


class TestSavingForLater:
    """The mailed link restores every answer, also in another browser."""

    def saved(self, guest, client, email="narahubung@contoh.invalid"):
        guest.group()
        guest.date()
        left = client.post(step_url("purpose"), {"save": "1", "purpose": "Belajar perizinan", "letter_file": pdf()})
        assert left["Location"] == reverse("visits:save_draft")
        assert client.get(left["Location"]).status_code == 200
        assert client.post(left["Location"], {"email": email}).status_code == 200
        return path_of(next(link for link in LINK.findall(mail.outbox[-1].body) if tokens.draft_token(SavedDraft.objects.get()) in link))

    def test_a_draft_is_resumed_in_another_browser(self, guest, client):
        link = self.saved(guest, client)
        elsewhere = Client()
        assert elsewhere.get(link).status_code == 200
        assert "booking" not in elsewhere.session, "opening the link changes nothing"

        assert elsewhere.post(link)["Location"] == step_url("purpose")

        form = elsewhere.get(step_url("purpose"))
        assert form.context["form"]["purpose"].value() == "Belajar perizinan"
        assert form.context["letter_name"] == "surat.pdf"
        assert elsewhere.get(link)["Referrer-Policy"] == "no-referrer"

    def test_the_letter_of_a_draft_is_kept(self, guest, client, monkeypatch):
        monkeypatch.setattr(draft_letters, "FOLDER", "drafts-of-this-test")  # other tests clean the common one at the same time
        self.saved(guest, client)
        letter = SavedDraft.objects.get().values["letter_file"]["stored"]

        draft_letters.delete_old(timezone.now() + dt.timedelta(days=13))
        assert draft_letters.is_stored(letter)
        assert drafts.delete_old(timezone.now() + dt.timedelta(days=15)) == 1
        draft_letters.delete_old(timezone.now() + dt.timedelta(days=15))
        assert not draft_letters.is_stored(letter)

    def test_sending_the_request_deletes_its_draft(self, guest, client):
        link = self.saved(guest, client)
        client.post(reverse("visits:save_draft"), {"email": "narahubung@contoh.invalid"})
        assert SavedDraft.objects.count() == 1
        guest.purpose()
        guest.contact()
        guest.send()

        assert Visit.objects.count() == 1
        assert not SavedDraft.objects.exists()
        assert client.get(link).status_code == 404

    def test_two_browsers_send_one_request(self, guest, client):
        link = self.saved(guest, client)
        elsewhere = Client()
        elsewhere.post(link)
        guest.purpose()
        guest.contact()
        key = client.session["booking"]["key"]
        guest.send()

        assert elsewhere.session["booking"]["key"] == key
        assert Visit.objects.count() == 1

    def test_invalid_addresses_and_links_are_refused(self, guest, client):
        guest.group()
        assert client.post(reverse("visits:save_draft"), {"email": "bukan surel"}).status_code == 422
        assert client.get(reverse("visits:resume", args=["0" * 64])).status_code == 404

    def test_draft_mails_are_limited(self, guest, client):
        guest.group()
        answers = [client.post(reverse("visits:save_draft"), {"email": "korban@contoh.invalid"}).status_code for _ in range(7)]
        assert answers.count(200) == 5
        assert answers[-1] == 429
