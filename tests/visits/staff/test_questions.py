"""Staff read questions from phones, and release slides."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from tests.factories import AgendaItemFactory, QuestionFactory, VisitFactory
from visits.models import Question
from visits.queries.dossier import dossier

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(db):
    return VisitFactory(approved=True, today=True)


@pytest.fixture
def question(visit):
    return QuestionFactory(
        visit=visit, question="Berapa biayanya?", answer="", by_delegate=True, state="waiting", asked_by="Anggota Contoh"
    )


def moderate(browser, question, **data):
    url = reverse("visits_staff:moderate", args=[question.visit_id, question.pk])
    return browser.post(url, {"state": "accepted", "answer": "", "seen": "", **data})


def test_a_question_is_accepted_answered_and_hidden(officer, receptionist, visit, question):
    page = reverse("visits_staff:questions", args=[visit.pk])
    assert "Berapa biayanya?" in receptionist.get(page).content.decode()
    assert dossier(visit).questions == [], "what nobody has read stands on no paper"
    minutes = reverse("visits_staff:minutes", args=[visit.pk])
    assert "Berapa biayanya?" not in officer.get(minutes).content.decode()

    assert moderate(officer, question, answer="Nol rupiah.").status_code == 302
    question.refresh_from_db()
    assert (question.state, question.answer) == (Question.State.ACCEPTED, "Nol rupiah.")
    assert [row.answer for row in dossier(visit).questions] == ["Nol rupiah."]
    assert "Berapa biayanya?" in officer.get(minutes).content.decode()

    moderate(receptionist, question, state="hidden", answer="Nol rupiah.", seen="Nol rupiah.")
    question.refresh_from_db()
    assert question.state == Question.State.HIDDEN


def test_two_moderators_do_not_overwrite_each_other(officer, second_officer, question):
    moderate(officer, question, answer="Jawaban pertama")
    refused = moderate(second_officer, question, answer="Jawaban kedua")
    assert refused.status_code == 200
    shown = refused.content.decode()
    assert "Jawaban pertama" in shown
    assert "Jawaban kedua" in shown
    question.refresh_from_db()
    assert question.answer == "Jawaban pertama"


def test_bad_posts_change_nothing(officer, auditor, question):
    assert moderate(officer, question, state="x").status_code == 200
    assert moderate(officer, question, answer="A" * 2001).status_code == 200
    assert moderate(auditor, question).status_code == 302
    other = VisitFactory(approved=True)
    assert officer.post(reverse("visits_staff:moderate", args=[other.pk, question.pk]), {"state": "accepted"}).status_code == 404
    question.refresh_from_db()
    assert (question.state, question.answer) == (Question.State.WAITING, "")


def test_slides_are_released_and_taken_back(officer, auditor, visit):
    item = AgendaItemFactory(visit=visit, title="Paparan")
    url = reverse("visits_staff:release_slides", args=[visit.pk, item.pk])
    officer.post(url, {"released": "1"})
    item.refresh_from_db()
    assert item.released_at is None, "there are no slides yet"
    item.material.save("x.pdf", ContentFile(b"%PDF-1.7"))
    auditor.post(url, {"released": "1"})
    item.refresh_from_db()
    assert item.released_at is None
    officer.post(url, {"released": "1"})
    item.refresh_from_db()
    assert item.released_at
    officer.post(url, {"released": "0"})
    item.refresh_from_db()
    assert item.released_at is None
    officer.post(url, {})
