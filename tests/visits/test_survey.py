"""The survey after a visit: one anonymous answer for each link, nine official elements, and the index with its class."""

import datetime as dt

import pytest
from django.test import TestCase
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import UserFactory, VisitFactory
from visits.domain import badges, survey, tokens
from visits.domain.errors import Refused
from visits.domain.survey_questions import ELEMENTS, LEARNING, WORDS
from visits.models import Delegate, SurveyResponse, Visit

GOOD = {element.field: 3 for element in ELEMENTS}


class SurveyTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.visit = VisitFactory(completed=True, slot__days_ahead=-2, delegates=3)

    def setUp(self):
        self.contact = reverse("visits:survey", args=[tokens.token_for(self.visit, tokens.STATUS)])

    def test_every_question_is_asked_once(self):
        page = self.client.get(self.contact).text
        for question in (*ELEMENTS, *LEARNING, *WORDS):
            assert page.count(f'id="id_{question.field}"') == 1, question.field
        columns = {field.name for field in SurveyResponse._meta.concrete_fields} - {"id", "visit"}
        assert columns == {question.field for question in (*ELEMENTS, *LEARNING, *WORDS)}

    def test_an_answer_leads_to_nobody(self):
        answer = self.client.post(self.contact, {**GOOD, "likely": 4, "words": "Terima kasih."})

        assert answer.status_code == 302
        saved = SurveyResponse.objects.get()
        assert (saved.product, saved.likely, saved.learnt, saved.words) == (3, 4, None, "Terima kasih.")
        assert not any(isinstance(getattr(saved, field.name), dt.date) for field in SurveyResponse._meta.concrete_fields)
        assert "jawaban Anda tersimpan" in self.client.get(self.contact).text
        assert self.client.post(self.contact, GOOD).status_code == 409
        assert SurveyResponse.objects.count() == 1

    def test_a_missing_mark_is_told_and_nothing_is_lost(self):
        answer = self.client.post(self.contact, {**GOOD, "cost": "", "words": "Saran saya"})
        assert answer.status_code == 422
        assert "Saran saya" in answer.text
        assert not Visit.objects.get().survey_answered
        assert self.client.post(self.contact, {**GOOD, "cost": "5"}).status_code == 422

    def test_each_link_counts_once_and_keeps_its_answer_apart(self):
        survey.answer(self.visit, GOOD, {})
        for delegate in self.visit.delegates.all():
            survey.answer(delegate, {**GOOD, "time": 1}, {})
            with pytest.raises(Refused):
                survey.answer(Delegate.objects.get(pk=delegate.pk), GOOD, {})
        assert SurveyResponse.objects.count() == 4

    def test_a_delegate_answers_on_the_page_of_the_badge(self):
        badges.give_missing(self.visit)
        token = badges.token_of(self.visit.delegates.first())
        page = self.client.get(reverse("delegate", args=[token]))
        assert reverse("delegate_survey", args=[token]) in page.text

        answer = self.client.post(reverse("delegate_survey", args=[token]), GOOD)

        assert answer.status_code == 302
        assert "tersimpan" in self.client.get(answer.url).text
        assert reverse("delegate_survey", args=[token]) not in self.client.get(reverse("delegate", args=[token])).text
        assert not Visit.objects.get().survey_answered

    def test_staff_see_results_from_three_answers_on(self):
        officer = UserFactory(admin=True)
        self.client.force_login(officer)
        page = reverse("visits_staff:survey", args=[self.visit.pk])
        for number, delegate in enumerate(self.visit.delegates.all()):
            assert "75,0" not in self.client.get(page).text, number
            survey.answer(delegate, GOOD, {"words": f"Saran {number}"})

        shown = self.client.get(page).text
        assert "75,0" in shown
        assert "Saran 2" in shown
        assert "Delegasi Contoh" not in shown

    def test_the_survey_opens_after_the_visit(self):
        coming = VisitFactory(approved=True)
        page = reverse("visits:survey", args=[tokens.token_for(coming, tokens.STATUS)])
        assert "setelah kunjungan berlangsung" in self.client.get(page).text
        assert self.client.post(page, GOOD).status_code == 409

    def test_results_have_index_and_class(self):
        survey.answer(self.visit, GOOD, {})
        survey.answer(self.visit.delegates.first(), {element.field: 4 for element in ELEMENTS}, {})

        found = survey.results(self.visit.survey_responses.all())

        assert (found.answers, found.index, found.grade) == (2, 87.5, "B")
        assert survey.results(SurveyResponse.objects.none()).index is None


@given(st.floats(25, 100))
def test_every_index_has_one_class_and_better_ones_come_first(index):
    grades = [grade.letter for grade in survey.GRADES]
    assert survey.grade_of(index) in grades
    assert grades.index(survey.grade_of(index)) >= grades.index(survey.grade_of(min(100, index + 5)))
