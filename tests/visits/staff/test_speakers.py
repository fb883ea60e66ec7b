"""Staff invite speakers from an item of the agenda, remind them on the desk, and see their answers."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import AgendaItemFactory, InvitationFactory, PersonFactory, ResourceFactory, VisitFactory
from visits.domain import resources, speakers
from visits.models import SpeakerInvitation

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    return VisitFactory(approved=True)


@pytest.fixture
def item(visit):
    return AgendaItemFactory(visit=visit, title="Paparan layanan")


def url(name, visit, *more):
    return reverse(f"visits_staff:{name}", args=[visit.pk, *more])


def says(response):
    return " ".join(response.content.decode().split())


def test_the_allocated_speaker_is_offered_and_invited(visit, item, officer):
    person = PersonFactory(name="Dosen Contoh")
    resources.allocate(visit, visit.slot, [person])
    address = url("invite_speaker", visit, item.pk)
    assert officer.get(address).context["form"].initial["speaker"] == person.pk

    for _click in range(2):
        page = officer.post(address, {"speaker": person.pk, "message": "Mohon kesediaannya."}, follow=True)

    assert SpeakerInvitation.objects.get().email == person.email
    assert "sudah" in says(page)
    assert visit.messages.get(kind="speaker_invitation").note == "Mohon kesediaannya."
    assert "Menunggu jawaban" in says(officer.get(url("agenda", visit)))
    assert "Dosen Contoh" in says(officer.get(url("agenda_item", visit, item.pk)))


@pytest.mark.parametrize("data", [{}, {"speaker": "x"}, {"email": "bukan surel"}])
def test_bad_input_is_refused(visit, item, officer, data):
    typed = {"message": "Diketik", **data}
    if "email" in data:
        typed["speaker"] = PersonFactory().pk

    page = officer.post(url("invite_speaker", visit, item.pk), typed)

    assert page.status_code == 200
    assert "Diketik" in says(page)
    assert not SpeakerInvitation.objects.exists()


def test_a_room_cannot_be_invited(visit, item, officer):
    officer.post(url("invite_speaker", visit, item.pk), {"speaker": ResourceFactory().pk, "email": "a@contoh.invalid"})
    assert not SpeakerInvitation.objects.exists()


def test_the_desk_shows_answers_and_reminds(visit, item, officer, receptionist, auditor, time_machine):
    invitation = InvitationFactory(item=item)
    desk = url("inspect", visit)
    remind = url("remind_speaker", visit, invitation.pk)
    assert remind in says(officer.get(desk))
    for browser in (receptionist, auditor):
        assert invitation.speaker.name in says(browser.get(desk))
        assert remind not in says(browser.get(desk))
        assert browser.post(remind).status_code == 302
    assert not visit.messages.exists()

    page = officer.post(remind, {"on_desk": "1"}, follow=True)
    assert page.redirect_chain[0][0] == f"{desk}#speakers"
    officer.post(remind)
    assert visit.messages.filter(kind="speaker_reminder").count() == 1

    speakers.decline(invitation, reason="Ada ujian.")
    assert "Ada ujian." in says(officer.get(desk))


def test_buttons_of_an_item(visit, item, officer):
    invitation = InvitationFactory(item=item)
    speakers.accept(invitation, biography="Dosen sistem informasi.")
    SpeakerInvitation.objects.update(may_upload=False)
    page = officer.get(url("agenda_item", visit, item.pk))
    assert "Dosen sistem informasi." in says(page)

    officer.post(url("allow_upload", visit, invitation.pk))
    invitation.refresh_from_db()
    assert invitation.may_upload
    officer.post(url("withdraw_speaker", visit, invitation.pk))
    invitation.refresh_from_db()
    assert invitation.state == "withdrawn"
    assert url("invite_speaker", visit, item.pk) in says(officer.get(url("agenda_item", visit, item.pk)))


def test_invitations_of_other_visits_are_not_found(item, officer):
    invitation = InvitationFactory(item=item)
    other = VisitFactory(approved=True)
    for name in ("remind_speaker", "withdraw_speaker", "allow_upload"):
        assert officer.post(url(name, other, invitation.pk)).status_code == 404


def test_a_visit_that_has_begun_invites_nobody(visit, item, officer, time_machine):
    time_machine.move_to(visit.slot.starts_at + timezone.timedelta(minutes=5))
    address = url("invite_speaker", visit, item.pk)
    assert address not in says(officer.get(url("agenda_item", visit, item.pk)))
    officer.post(address, {"speaker": PersonFactory().pk})
    assert not SpeakerInvitation.objects.exists()
