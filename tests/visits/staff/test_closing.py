"""Closing a visit: what is missing, what one press does, and that nothing is done twice."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from wagtail.models import Locale, Page

from knowledge_hub.models import CaseStudyPage
from tests.factories import (
    AgendaItemFactory,
    GiftFactory,
    MinutesFactory,
    OfficialFactory,
    QuestionFactory,
    VisitFactory,
    VisitPhotoFactory,
)
from visits.domain import attendance, closing, visum
from visits.domain.calendar_days import day_of
from visits.domain.errors import Refused
from visits.enums import AttendanceKind, MessageKind, VisitStatus
from visits.mail.messages import render
from visits.models import Certificate, OfficePaper, Question, Visit, VisitNoteIndexPage, VisitNotePage
from visits.staff.action_views import DONE_ON

pytestmark = pytest.mark.django_db

REASON = "Notulen menyusul; notulis sakit."


@pytest.fixture
def visit(time_machine):
    """A visit after its session: two of three delegates came."""
    visit = VisitFactory(approved=True, today=True, delegates=3, contact_name="Siti Rahasia Contoh")
    time_machine.move_to(visit.slot.ends_at, tick=False)
    first, second, third = visit.delegates.all()
    for person in (first, second):
        attendance.record(person, AttendanceKind.CHECKED_IN, by=None)
    attendance.record(third, AttendanceKind.ABSENT, by=None)
    return visit


@pytest.fixture
def finished(visit):
    """A visit of which nothing is missing."""
    MinutesFactory(visit=visit)
    QuestionFactory(visit=visit)
    VisitPhotoFactory(visit=visit)
    GiftFactory(visit=visit)
    visum.save(visit, signatory=OfficialFactory(), arrived_on=day_of(visit), departed_on=day_of(visit))
    return visit


@pytest.fixture
def notes():
    """The index of visit notes in the site's language."""
    root = Page.get_first_root_node()
    locale, _created = Locale.objects.get_or_create(language_code="id")
    return root.add_child(instance=VisitNoteIndexPage(title="Catatan kunjungan", slug="catatan", locale=locale))


def url(name, visit):
    return reverse(f"visits_staff:{name}", args=[visit.pk])


def close(client, visit, **data):
    return client.post(url("complete", visit), {"revision": Visit.objects.get(pk=visit.pk).revision, "message": "", **data}, follow=True)


def missing(visit):
    return [item.code for item in closing.items(visit) if item.missing]


def is_closed(visit):
    return Visit.objects.get(pk=visit.pk).status == VisitStatus.COMPLETED


class TestMissing:
    def test_a_finished_visit_misses_nothing(self, finished):
        assert missing(finished) == []

    @pytest.mark.parametrize(
        ("code", "spoil"),
        [
            (closing.ATTENDANCE, lambda visit: attendance.record(visit.delegates.last(), AttendanceKind.ANNULLED, by=None)),
            (closing.MINUTES, lambda visit: visit.minutes.delete()),
            (closing.UNREAD, lambda visit: QuestionFactory(visit=visit, state=Question.State.WAITING, answer="")),
            (closing.ANSWERS, lambda visit: visit.questions.update(answer="")),
            (closing.CONSENT, lambda visit: visit.photos.update(consent=False)),
            (closing.GIFTS, lambda visit: visit.gifts.update(is_planned=True)),
            (closing.VISUM, lambda visit: visit.visum_entry.delete()),
        ],
    )
    def test_what_is_missing_is_listed_with_its_page(self, code, spoil, finished, receptionist):
        spoil(finished)
        finished = Visit.objects.get(pk=finished.pk)

        page = receptionist.get(url("complete", finished))

        assert missing(finished) == [code]
        assert page.context["form"].fields["reason"].required
        [link] = [link for item, link in page.context["items"] if item.missing]
        assert link == url(DONE_ON[code], finished)
        assert receptionist.get(link).status_code == 200

    def test_every_item_has_a_page(self):
        assert set(DONE_ON) == set(closing.ITEMS)

    def test_an_online_visit_needs_no_visum(self, finished):
        finished.visum_entry.delete()
        finished.programme.is_online = True
        finished.programme.save()

        assert missing(Visit.objects.get(pk=finished.pk)) == []

    def test_a_hidden_question_needs_no_answer(self, finished):
        QuestionFactory(visit=finished, state=Question.State.HIDDEN, answer="")

        assert missing(finished) == []


class TestOnePress:
    def test_it_does_the_rest(self, finished, notes, officer):
        answer = close(officer, finished, message="Sampai jumpa kembali.")

        assert is_closed(finished), answer.content
        assert Certificate.objects.filter(visit=finished).count() == 2
        assert OfficePaper.objects.filter(visit=finished, kind="pack").count() == 1
        thanks = render(finished.messages.get(kind=MessageKind.THANKS))
        assert thanks.to == [finished.contact_email]
        assert "Sampai jumpa kembali." in thanks.body
        assert "/kunjungan/status/" in thanks.body
        note = VisitNotePage.objects.get()
        assert not note.live
        assert note.get_parent().specific == notes
        assert (
            reverse("wagtailadmin_pages:edit", args=[note.pk]) in answer.content.decode()
            or not note.permissions_for_user(officer.user).can_edit()
        )

    def test_the_mail_is_written_in_the_guests_language(self, finished, officer):
        Visit.objects.filter(pk=finished.pk).update(language="en")

        close(officer, finished)

        assert "Thank you for visiting us" in render(finished.messages.get(kind=MessageKind.THANKS)).body

    def test_a_second_press_and_an_outdated_page_do_nothing_more(self, finished, notes, officer, second_officer):
        revision = Visit.objects.get(pk=finished.pk).revision
        close(officer, finished)
        answers = [
            second_officer.post(url("complete", finished), {"revision": revision, "message": "Ditulis lama."}),
            second_officer.post(url("complete", finished), {"revision": revision + 1, "message": "Ditulis lama."}),
        ]

        for answer in answers:
            assert answer.status_code == 200
            assert answer.context["form"].non_field_errors()
            assert answer.context["form"]["message"].value() == "Ditulis lama."
        assert Certificate.objects.count() == 2
        assert VisitNotePage.objects.count() == 1
        assert finished.messages.filter(kind=MessageKind.THANKS).count() == 1
        assert second_officer.get(url("complete", finished)).status_code == 302

    def test_the_preview_closes_nothing(self, finished, officer):
        page = close(officer, finished, message="Kata kami.", preview="1")

        assert "Kata kami." in page.context["mail"].text
        assert not is_closed(finished)
        assert not mail.outbox

    def test_without_an_index_of_notes_it_closes_all_the_same(self, finished, officer):
        close(officer, finished)

        assert is_closed(finished)
        assert not VisitNotePage.objects.exists()

    def test_a_note_that_exists_is_not_drafted_again(self, finished, notes, officer):
        notes.add_child(instance=VisitNotePage(title="Ditulis lebih dahulu", slug="lebih-dahulu", visit=finished))

        close(officer, finished)

        assert VisitNotePage.objects.get().title == "Ditulis lebih dahulu"


class TestIncomplete:
    def test_it_needs_a_reason_which_is_logged(self, visit, officer):
        refused = close(officer, visit, message="Terima kasih.", reason="  ")
        assert refused.context["form"].errors["reason"]
        assert refused.context["form"]["message"].value() == "Terima kasih."
        assert not is_closed(visit)

        close(officer, visit, reason=REASON)

        assert is_closed(visit)
        history = officer.get(url("history", visit)).content.decode()
        assert REASON in history
        assert str(closing.ITEMS[closing.MINUTES]) in history
        assert REASON not in render(visit.messages.get(kind=MessageKind.THANKS)).body

    def test_what_went_missing_meanwhile_is_refused_with_a_sentence(self, finished, officer):
        finished.minutes.delete()

        with pytest.raises(Refused, match=str(closing.ITEMS[closing.MINUTES])):
            closing.close(Visit.objects.get(pk=finished.pk), by=officer.user)

        assert not is_closed(finished)

    def test_nobody_attended_makes_closing_impossible(self, finished, officer):
        for person in attendance.attended(finished):
            attendance.record(person, AttendanceKind.ANNULLED, by=None)

        answer = close(officer, finished, reason=REASON)

        assert answer.context["form"].non_field_errors()
        assert not is_closed(finished)

    def test_before_its_beginning_it_is_impossible(self, finished, officer, time_machine):
        time_machine.move_to(finished.slot.starts_at - dt.timedelta(hours=1))
        officer.force_login(officer.user)

        answer = officer.post(url("complete", finished), {"revision": 0, "message": "", "reason": REASON})

        assert answer.context["form"].non_field_errors()
        assert not is_closed(finished)


class TestNote:
    def test_the_draft_holds_no_personal_data(self, finished, notes, officer):
        published, unpublished = (
            notes.get_parent().add_child(instance=CaseStudyPage(title=title, slug=title.lower(), live=live))
            for title, live in (("Terbit", True), ("Draf", False))
        )
        for study in (published, unpublished):
            AgendaItemFactory(visit=finished, filler="Kepala Dinas Budi Contoh", case_study=study)
        QuestionFactory(visit=finished, asked_by="Anggota Bernama", question="Pertanyaan yang khas?")

        close(officer, finished)

        note = VisitNotePage.objects.get()
        text = f"{note.title} {note.slug} {note.summary} {note.body} {note.source}"
        assert finished.organisation in text
        assert "2 orang" in text
        assert f'<a linktype="page" id="{published.pk}">Terbit</a>' in note.body
        assert "Draf" not in note.body
        personal = [person.name for person in finished.delegates.all()] + ["Siti", "Budi", "Bernama", "khas", "narahubung", "Sekretaris"]
        assert [word for word in personal if word in text] == []
        assert note.owner == officer.user
        assert note.latest_revision
