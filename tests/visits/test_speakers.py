"""Speakers without an account: invited, reminded, they accept, decline, name a substitute and upload slides by a link."""

import csv
import datetime as dt
import io
import re

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from knowledge_hub.content import loader
from knowledge_hub.models import CaseStudyPage
from tests.factories import (
    AgendaItemFactory,
    DelegateFactory,
    PersonFactory,
    QuestionFactory,
    ResourceFactory,
    SlotFactory,
    UserFactory,
    VisitFactory,
)
from tests.uploads import pdf, plain
from visits.domain import agenda, decisions, resources, scheduling, speakers, tokens
from visits.domain.calendar_days import VENUE_ZONE
from visits.domain.errors import Refused
from visits.enums import Actor, MessageKind, MessageStatus
from visits.mail.messages import render
from visits.models import AttendanceEvent, OutboundMessage, Resource, SpeakerInvitation, Visit
from visits.queries import speakers as read
from visits.queries.agenda import agenda_page

pytestmark = pytest.mark.django_db
State = SpeakerInvitation.State


@pytest.fixture
def visit():
    return VisitFactory(approved=True, organisation="Dinas Contoh Timur", purpose="Belajar layanan.")


@pytest.fixture
def item(visit):
    return AgendaItemFactory(visit=visit, title="Paparan layanan")


@pytest.fixture
def lecturer():
    return PersonFactory(name="Dosen Contoh, M.T.", email="dosen@contoh.invalid", partner="Politeknik Contoh")


@pytest.fixture
def invitation(item, lecturer):
    """An invitation that the speaker got."""
    invitation = speakers.invite(item, lecturer, by=None)
    OutboundMessage.objects.update(status=MessageStatus.SENT)
    return invitation


@pytest.fixture
def officer():
    """Somebody of the staff who is told of answers."""
    user = UserFactory()
    user.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", "decide_visit", "view_resource"]))
    return user


def page_of(invitation):
    return reverse("speaker", args=[tokens.link_token(invitation, speakers.PURPOSE)])


def post(client, invitation, action, **data):
    return client.post(page_of(invitation), {"action": action, **data})


def says(response):
    return " ".join(response.content.decode().split())


def kinds(visit):
    return list(visit.messages.filter(kind__startswith="speaker").order_by("pk").values_list("kind", "recipient"))


def slides(name="Paparan.pdf", content=None):
    return SimpleUploadedFile(name, pdf("versi 1") if content is None else content)


@pytest.mark.scale_out
class TestInvitation:
    def test_the_mail_holds_a_secret_link_and_no_guests_link(self, invitation, visit):
        message = render(visit.messages.get(kind=MessageKind.SPEAKER_INVITATION))

        assert message.to == ["dosen@contoh.invalid"]
        link = re.search(r"https?://\S+/s/[A-Z2-7]{24}/", message.body)[0]
        assert link.endswith(page_of(invitation))
        for words in ("Dosen Contoh, M.T.", "Paparan layanan", "09.00–09.45 WIB", "Dinas Contoh Timur"):
            assert words in message.body
        assert "/kunjungan/status/" not in message.body
        assert invitation.token_hash not in link, "the database holds only the hash"

    def test_the_item_gets_the_speaker(self, invitation, item, lecturer):
        item.refresh_from_db()
        assert item.speaker == lecturer

    def test_a_second_invitation_to_an_item_is_refused(self, invitation, item):
        with pytest.raises(Refused):
            speakers.invite(item, PersonFactory(), by=None)
        assert SpeakerInvitation.objects.count() == 1

    def test_a_speaker_without_address_needs_a_typed_one(self, item):
        person = PersonFactory(email="")
        with pytest.raises(Refused):
            speakers.invite(item, person, by=None)
        assert speakers.invite(item, person, email="lain@contoh.invalid", by=None).email == "lain@contoh.invalid"

    def test_a_speaker_who_is_taken_is_not_invited(self, visit, item, lecturer):
        other = VisitFactory(approved=True, slot=SlotFactory(starts_at=visit.slot.starts_at, ends_at=visit.slot.ends_at))
        resources.allocate(other, other.slot, [lecturer])

        with pytest.raises(Refused, match=other.reference):
            speakers.invite(item, lecturer, by=None)
        assert not OutboundMessage.objects.exists()

    @pytest.mark.parametrize("traits", [{"submitted": True}, {"completed": True}, {"approved": True, "days_ahead": -1}])
    def test_only_scheduled_visits_ahead_invite(self, traits, lecturer):
        with pytest.raises(Refused):
            speakers.invite(AgendaItemFactory(visit=VisitFactory(**traits)), lecturer, by=None)

    def test_reminders_leave_once_a_day(self, invitation, visit, time_machine):
        with pytest.raises(Refused):
            speakers.remind(invitation, by=None)
        time_machine.move_to(timezone.now() + timezone.timedelta(hours=25))
        speakers.remind(invitation, by=None)
        with pytest.raises(Refused):
            speakers.remind(invitation, by=None)
        assert [kind for kind, _to in kinds(visit)] == ["speaker_invitation", "speaker_reminder"]
        assert page_of(invitation) in render(visit.messages.get(kind="speaker_reminder")).body

    def test_who_answered_is_not_reminded(self, invitation, time_machine):
        speakers.accept(invitation)
        time_machine.move_to(timezone.now() + timezone.timedelta(days=2))
        with pytest.raises(Refused):
            speakers.remind(invitation, by=None)

    def test_a_withdrawn_invitation_says_so(self, client, invitation, visit):
        for _press in range(2):
            speakers.withdraw(invitation, by=None)
        assert [kind for kind, _to in kinds(visit)] == ["speaker_invitation", "speaker_cancelled"]
        assert "ditarik" in says(client.get(page_of(invitation)))
        assert post(client, invitation, "accept").status_code == 409

    def test_a_mail_about_a_removed_item_can_still_be_written(self, invitation, item, visit):
        speakers.withdraw(invitation, by=None)
        item.refresh_from_db()
        agenda.remove_item(item, seen=agenda.stamp_of(item))

        assert visit.reference in render(visit.messages.get(kind="speaker_cancelled")).subject

    def test_the_speaker_of_an_invited_item_cannot_be_exchanged(self, invitation, item):
        item.refresh_from_db()
        seen, item.speaker = agenda.stamp_of(item), PersonFactory()
        with pytest.raises(Refused):
            agenda.save_item(item, seen=seen)
        item.refresh_from_db()
        with pytest.raises(Refused):
            agenda.remove_item(item, seen=agenda.stamp_of(item))


class TestPage:
    def test_it_tells_the_audience_and_earlier_questions(self, client, invitation, item):
        loader.load()
        case = CaseStudyPage.objects.first()
        type(item).objects.update(case_study=case)
        QuestionFactory(question="Berapa biayanya?", asked_by="Tamu Lama", case_study=case)
        response = client.get(page_of(invitation))

        shown = says(response)
        for words in ("Paparan layanan", "09.00–09.45 WIB", "Ruang Contoh", "Dinas Contoh Timur", "10 orang tamu", "Belajar layanan."):
            assert words in shown
        assert "Berapa biayanya?" in shown
        assert "Tamu Lama" not in shown
        assert "<script" not in shown
        assert "style=" not in shown
        assert not response.cookies
        for header, value in {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}.items():
            assert response[header] == value

    def test_accepting_twice_tells_staff_once(self, client, invitation, officer, visit):
        for _click in range(2):
            assert post(client, invitation, "accept", biography="Dosen sistem informasi.").status_code == 302
        invitation.refresh_from_db()
        assert (invitation.state, invitation.biography) == (State.ACCEPTED, "Dosen sistem informasi.")
        assert len([kind for kind, to in kinds(visit) if (kind, to) == ("speaker_answered", officer.email)]) == 1
        [row] = agenda.agenda_of(visit)
        assert row.biography == "Dosen sistem informasi."

    def test_the_biography_is_offered_again(self, client, invitation, lecturer):
        post(client, invitation, "accept", biography="Dosen sistem informasi.")
        later = speakers.invite(AgendaItemFactory(visit=VisitFactory(approved=True, days_ahead=40)), lecturer, by=None)
        assert "Dosen sistem informasi." in says(client.get(page_of(later)))

    def test_declining_needs_a_reason_and_frees_the_item(self, client, invitation, officer, item, lecturer, visit):
        resources.allocate(visit, visit.slot, [lecturer])
        assert post(client, invitation, "decline", reason=" ").status_code == 422
        for _click in range(2):
            assert post(client, invitation, "decline", reason="Ada ujian.").status_code == 302
        invitation.refresh_from_db()
        item.refresh_from_db()
        assert (invitation.state, invitation.note, item.speaker) == (State.DECLINED, "Ada ujian.", None)
        assert agenda.agenda_of(visit)[0].speaker_name == "", "the allocated speaker said no"
        assert agenda_page(visit).rows[0].answer == State.DECLINED
        assert [kind for kind, _to in kinds(visit)].count("speaker_answered") == 1
        refused = post(client, invitation, "accept", biography="Tetap datang")
        assert refused.status_code == 409
        assert "Tetap datang" in says(refused), "what was typed is not lost"

    def test_a_substitute_is_invited(self, client, invitation, item, lecturer, visit):
        data = {"name": "Dosen Pengganti, M.Kom.", "position": "Ketua Jurusan", "email": "pengganti@contoh.invalid"}
        for _click in range(2):
            assert post(client, invitation, "substitute", **data).status_code == 302
        invitation.refresh_from_db()
        item.refresh_from_db()
        following = item.invitations.get(state=State.OPEN)
        assert (invitation.state, invitation.substitute_position) == (State.SUBSTITUTE, "Ketua Jurusan")
        assert (following.speaker.name, following.email) == (data["name"], data["email"])
        assert (item.speaker, following.speaker.active, following.speaker.partner) == (following.speaker, False, lecturer.partner)
        assert ("speaker_invitation", "pengganti@contoh.invalid") in kinds(visit)
        assert post(client, following, "accept").status_code == 302
        assert "Dosen Pengganti" in says(client.get(page_of(invitation)))

    def test_a_substitute_who_is_taken_is_refused_without_other_visits(self, client, invitation, visit):
        other = VisitFactory(approved=True, slot=SlotFactory(starts_at=visit.slot.starts_at, ends_at=visit.slot.ends_at))
        taken = PersonFactory(name="Dosen Sibuk")
        resources.allocate(other, other.slot, [taken])
        refused = post(client, invitation, "substitute", name="dosen sibuk", email="sibuk@contoh.invalid")
        assert refused.status_code == 409
        assert other.reference not in says(refused)
        invitation.refresh_from_db()
        assert invitation.state == State.OPEN

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"name": "", "email": "a@contoh.invalid"},
            {"name": "A", "email": "bukan surel"},
            {"name": "Budi 😀", "email": "a@contoh.invalid"},
            {"name": "A" * 121, "email": "a@contoh.invalid"},
            {"name": "Dosen Contoh, M.T.", "email": "a@contoh.invalid"},
            {"name": "Orang Lain", "email": "DOSEN@contoh.invalid"},
        ],
    )
    def test_a_bad_substitute_is_refused(self, client, invitation, data):
        before = Resource.objects.count()
        assert post(client, invitation, "substitute", **data).status_code in (409, 422)
        invitation.refresh_from_db()
        assert (invitation.state, Resource.objects.count()) == (State.OPEN, before)

    def test_a_room_is_no_substitute(self, client, invitation):
        ResourceFactory(name="Aula Contoh")
        assert post(client, invitation, "substitute", name="aula contoh", email="a@contoh.invalid").status_code == 409

    def test_substitutes_end(self, client, invitation, item):
        for number in range(speakers.MOST_SUBSTITUTES):
            current = item.invitations.get(state=State.OPEN)
            post(client, current, "substitute", name=f"Orang {number}", email=f"orang{number}@contoh.invalid")
        last = item.invitations.get(state=State.OPEN)
        assert post(client, last, "substitute", name="Satu lagi", email="lagi@contoh.invalid").status_code == 409

    def test_an_expired_link_says_so(self, client, invitation, visit, time_machine):
        time_machine.move_to(visit.slot.starts_at + timezone.timedelta(minutes=1))
        assert "kedaluwarsa" in says(client.get(page_of(invitation)))
        assert post(client, invitation, "accept").status_code == 409

    @pytest.mark.parametrize("token", ["A" * 24, "x", "'; DROP TABLE", "a" * 3000, "\x00"])
    def test_an_unknown_link_gets_a_helpful_page(self, client, token):
        assert client.get(reverse("speaker", args=[token])).status_code == 404
        assert client.post(reverse("speaker", args=[token]), {"action": "accept"}).status_code == 404

    @pytest.mark.parametrize("action", ["", "approve", "x" * 500])
    def test_an_unknown_action_does_nothing(self, client, invitation, action):
        assert post(client, invitation, action).status_code == 200
        invitation.refresh_from_db()
        assert invitation.state == State.OPEN

    def test_the_page_needs_a_constant_number_of_queries(self, client, invitation, visit):
        client.get(page_of(invitation))
        with CaptureQueriesContext(connection) as few:
            client.get(page_of(invitation))
        for _number in range(15):
            AgendaItemFactory(visit=visit, speaker=PersonFactory(), room=ResourceFactory())
        with CaptureQueriesContext(connection) as more:
            client.get(page_of(invitation))
        assert len(more) == len(few) <= 12


class TestSlides:
    @pytest.fixture
    def accepted(self, invitation):
        speakers.accept(invitation)
        return SpeakerInvitation.objects.get()

    def test_the_first_upload_is_the_version_of_the_visit(self, client, accepted, item, officer, visit):
        assert post(client, accepted, "slides", slides=slides()).status_code == 302
        refused = post(client, accepted, "slides", slides=slides(content=pdf("versi 2")))

        assert refused.status_code == 409
        item.refresh_from_db()
        assert item.material_name == "Paparan.pdf"
        with item.material.open() as file:
            assert b"versi 1" in plain(file.read())
        assert [kind for kind, _to in kinds(visit)].count("speaker_answered") == 1

    def test_staff_allow_another_upload(self, client, accepted, item, django_capture_on_commit_callbacks):
        post(client, accepted, "slides", slides=slides())
        item.refresh_from_db()
        old = item.material
        speakers.allow_upload(accepted, by=None)
        with django_capture_on_commit_callbacks(execute=True):
            assert post(client, accepted, "slides", slides=slides(content=pdf("versi 2"))).status_code == 302
        assert not old.storage.exists(old.name)
        assert post(client, accepted, "slides", slides=slides()).status_code == 409

    def test_slides_that_were_released_stay(self, client, accepted, item):
        post(client, accepted, "slides", slides=slides())
        item.refresh_from_db()
        agenda.release_slides(item, released=True, by=None)
        with pytest.raises(Refused):
            speakers.allow_upload(accepted, by=None)

    @pytest.mark.parametrize(
        ("name", "content"), [("a.exe", b"MZ"), ("a.pdf", b"MZ"), ("a.docx", b"PK"), ("a.pptx", b"PK\x03\x04 torn"), ("a.pptm", b"PK")]
    )
    def test_other_files_are_refused(self, client, accepted, item, name, content):
        assert post(client, accepted, "slides", slides=slides(name, content)).status_code == 409
        item.refresh_from_db()
        assert not item.material

    def test_slides_need_a_file_and_an_acceptance(self, client, accepted):
        assert post(client, accepted, "slides").status_code == 422
        SpeakerInvitation.objects.update(state=State.OPEN)
        assert post(client, accepted, "slides", slides=slides()).status_code == 409


@pytest.mark.scale_out
class TestMoves:
    def test_a_moved_visit_asks_again(self, client, invitation, visit):
        speakers.accept(invitation)
        later = SlotFactory(programme=visit.programme, days_ahead=40)
        scheduling.move(Visit.objects.get(pk=visit.pk), later, user=None)

        invitation.refresh_from_db()
        assert (invitation.state, invitation.expires_at) == (State.OPEN, later.starts_at)
        assert kinds(visit)[-1] == ("speaker_moved", "dosen@contoh.invalid")
        assert f"{later.starts_at.day} " in render(visit.messages.get(kind="speaker_moved")).body
        assert post(client, invitation, "accept").status_code == 302

    def test_a_cancelled_visit_is_told_and_the_link_says_so(self, client, invitation, visit):
        decisions.cancel(Visit.objects.get(pk=visit.pk), by=Actor.GUEST, reason="Berhalangan.")

        assert kinds(visit)[-1] == ("speaker_cancelled", "dosen@contoh.invalid")
        assert "tidak jadi" in render(visit.messages.get(kind="speaker_cancelled")).body
        assert "tidak jadi" in says(client.get(page_of(invitation)))
        assert post(client, invitation, "accept").status_code == 409

    def test_who_declined_is_not_told(self, invitation, visit):
        speakers.decline(invitation, reason="Ada ujian.")
        decisions.cancel(Visit.objects.get(pk=visit.pk), by=Actor.GUEST, reason="Berhalangan.")
        assert "speaker_cancelled" not in [kind for kind, _to in kinds(visit)]


def held(speaker, *, year, persons, minutes):
    """A completed visit with one talk, at which ``persons`` attended and one person of the list did not."""
    begin = dt.datetime(year, 3, 4, 9, tzinfo=VENUE_ZONE)
    visit = VisitFactory(completed=True, slot=SlotFactory(starts_at=begin, ends_at=begin + dt.timedelta(hours=3)))
    for _person in range(persons):
        delegate = DelegateFactory(visit=visit)
        AttendanceEvent.objects.create(visit=visit, delegate=delegate, kind="checked_in", at=begin)
    DelegateFactory(visit=visit)
    AgendaItemFactory(visit=visit, speaker=speaker, duration_minutes=minutes)
    return visit


@pytest.mark.scale_out
class TestLedger:
    def rows(self, year=None):
        return [(person.name, person.visits, person.talks, person.minutes, person.audience) for person in read.ledger(year)]

    def test_hours_and_audiences_come_from_completed_visits(self, lecturer):
        held(lecturer, year=2025, persons=3, minutes=45)
        visit = held(lecturer, year=2026, persons=2, minutes=30)
        AgendaItemFactory(visit=visit, speaker=lecturer, duration_minutes=20)
        AgendaItemFactory(visit=VisitFactory(approved=True), speaker=lecturer)
        PersonFactory()

        assert self.rows() == [("Dosen Contoh, M.T.", 2, 3, 95, 7)]
        assert self.rows(2026) == [("Dosen Contoh, M.T.", 1, 2, 50, 4)]
        assert read.years() == [2026, 2025]

    def test_allocated_speakers_are_written_down_on_completion(self, lecturer):
        visit = VisitFactory(approved=True, days_ahead=-1, delegates=2, attended=True)
        AgendaItemFactory(visit=visit, duration_minutes=40)
        resources.allocate(visit, visit.slot, [lecturer])
        decisions.complete(Visit.objects.get(pk=visit.pk), by=Actor.STAFF)
        resources.release(visit)

        assert self.rows() == [("Dosen Contoh, M.T.", 1, 1, 40, 2)]
        assert agenda.agenda_of(Visit.objects.get(pk=visit.pk))[0].speaker_name == "Dosen Contoh, M.T."

    def test_the_list_needs_a_constant_number_of_queries(self, client, officer, lecturer):
        client.force_login(officer)
        address = reverse("visits_ledger:index")
        held(lecturer, year=2026, persons=1, minutes=30)
        client.get(address)
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        for _number in range(15):
            held(PersonFactory(), year=2026, persons=2, minutes=30)
        with CaptureQueriesContext(connection) as more:
            shown = client.get(address)
        assert len(more) == len(few)
        assert "Dosen Contoh, M.T." in says(shown)

    def test_the_export_equals_the_list_of_the_year(self, client, officer, lecturer):
        client.force_login(officer)
        Resource.objects.filter(pk=lecturer.pk).update(partner="=1+1")
        held(lecturer, year=2025, persons=3, minutes=45)
        held(PersonFactory(), year=2026, persons=3, minutes=45)
        content = b"".join(client.get(reverse("visits_ledger:index"), {"export": "csv", "year": 2025}).streaming_content).decode()

        [_heading, row] = list(csv.reader(io.StringIO(content)))
        assert row == ["Dosen Contoh, M.T.", "'=1+1", "1", "1", "0.75", "3"]
        assert client.get(reverse("visits_ledger:index"), {"year": "x"}).status_code == 200
