"""Every declared question is asked, kept, checked, saved, shown to staff and exported as declared.

Each test goes over all questions and fails with the names of the missing ones.
"""

import csv
import io
import uuid
from dataclasses import replace

import pytest
from django import forms
from django.test import Client
from django.urls import reverse
from wagtail.models import Site

from knowledge_hub.models import CaseStudyPage
from tests.factories import SubDimensionFactory
from tests.visits.public.pages import definitions, parsed, pdf, step_url, words
from visits.booking_form import answers
from visits.booking_form.declarations import QUESTIONS
from visits.booking_form.question import FormQuestion, Step, Target
from visits.domain import tokens
from visits.models import SavedDraft, Visit

pytestmark = pytest.mark.django_db

# The promise to send the letter later is left out, because the letter is attached. test_other_dates.py tests that promise.
ANSWERED = [question for question in QUESTIONS if question.target != Target.RULES]
TYPED = {"group_size": "12", "contact_phone": "0812 3456 7890", "organisation_kind": "local_council"}
"""Answers for which rules allow only some values."""


def typed_answer(name: str, field: forms.Field, guest) -> object:
    """An answer that could be typed or chosen in a field."""
    if name == "programme":
        return guest.slot.programme_id
    if name == "region":
        return guest.region.name
    if name in TYPED:
        return TYPED[name]
    if isinstance(field, forms.BooleanField):
        return "on"
    if isinstance(field, forms.ModelMultipleChoiceField):
        return [str((CaseStudyPage if name == "case_studies" else field.queryset.model).objects.first().pk)]
    if isinstance(field, forms.ChoiceField):
        return list(field.choices)[-1][0]
    if isinstance(field, forms.EmailField):
        return f"{name.replace('_', '-')}@contoh.invalid"
    if isinstance(field, forms.DateField):
        return "2026-11-20"
    if isinstance(field, forms.IntegerField):
        return "7"
    return pdf() if isinstance(field, forms.FileField) else f"Contoh {name}"


def answers_to(step: Step, guest) -> dict[str, object]:
    """Answers to all questions of a step by name."""
    return {q.name: typed_answer(q.name, q.guest_form_field(), guest) for q in ANSWERED if q.step == step}


def kept_answers(visit: Visit) -> dict[str, str]:
    """The answers stored in a visit and its letter, as text by question."""
    letter = visit.letters.get()
    of_letter = {"letter_file": letter.file_name}
    kept = {}
    for question in ANSWERED:
        if question.target == Target.LETTER:
            value = of_letter.get(question.name) or getattr(letter, question.name.removeprefix("letter_"))
        else:
            value = question.answer_of(visit)
        kept[question.name] = " ".join(question.in_words(value).split())
    return kept


@pytest.fixture(autouse=True)
def _something_to_choose(slot):
    SubDimensionFactory()
    Site.objects.get().root_page.add_child(instance=CaseStudyPage(title="Studi kasus contoh", summary="Contoh"))


@pytest.fixture
def filled(guest):
    """A guest who has answered every question."""
    guest.group(**answers_to(Step.GROUP, guest))
    guest.date()
    guest.purpose(**answers_to(Step.PURPOSE, guest))
    guest.contact(**answers_to(Step.CONTACT, guest))
    return guest


@pytest.fixture
def visit(filled):
    """The visit of a guest who has answered every question."""
    filled.send()
    return Visit.objects.get()


def missing_on_desk(visit: Visit, staff: Client) -> list[str]:
    """The questions whose answer is missing on the staff page of a visit."""
    page = parsed(staff.get(reverse("visits_staff:inspect", args=[visit.pk])))
    facts, text, kept = definitions(page), words(page), kept_answers(visit)
    # Staff open the letter by a link.
    kept["letter_file"] = "Buka surat (PDF)"

    def is_shown(question: FormQuestion) -> bool:
        if question.target == Target.LETTER or question.has_own_place:
            return kept[question.name] in text
        lead = next(q for q in QUESTIONS if q.name == (question.beside or question.name))
        return kept[question.name] in facts.get(str(lead.heading_for_staff), "")

    return [question.name for question in ANSWERED if not is_shown(question)]


@pytest.mark.parametrize("step", list(Step))
def test_every_question_is_asked(filled, client, step):
    page = parsed(client.get(step_url(step)))
    asked = {field.get("name") for field in page.xpath("//input|//select|//textarea")}

    assert {q.name for q in ANSWERED if q.step == step} <= asked


def missing_in_step(client: Client, step: Step, guest) -> list[str]:
    """The questions whose answer the page of a step does not show again. Files are not shown in forms."""
    form = client.get(step_url(step)).context["form"]
    typed = {name: value for name, value in answers_to(step, guest).items() if name != "letter_file"}
    return [name for name, value in typed.items() if _plain(form[name].value()) != _plain(value)]


def _plain(value) -> list[str]:
    return [str(item) for item in (value if isinstance(value, list) else [value])]


@pytest.mark.parametrize("step", list(Step))
def test_unsent_answers_are_shown_again(filled, client, step):
    client.post(step_url(step), {"keep": "1"})
    assert missing_in_step(client, step, filled), "control: the fields are empty"

    client.post(step_url(step), answers_to(step, filled) | {"keep": "1"})

    assert missing_in_step(client, step, filled) == []


def test_answers_survive_saving_and_resuming(filled, client):
    client.post(reverse("visits:save_draft"), {"email": "narahubung@contoh.invalid"})
    link = reverse("visits:resume", args=[tokens.draft_token(SavedDraft.objects.get())])
    elsewhere = Client()
    elsewhere.post(link)

    assert {step: missing_in_step(elsewhere, step, filled) for step in Step} == dict.fromkeys(Step, [])
    assert elsewhere.get(step_url("purpose")).context["letter_name"] == "surat.pdf"


def test_every_answer_is_checked_and_reaches_the_visit(filled, client):
    shown = definitions(parsed(client.get(step_url("check"))))
    filled.send()
    kept = kept_answers(Visit.objects.get())

    leads = {q.name: next(lead for lead in QUESTIONS if lead.name == (q.beside or q.name)) for q in ANSWERED}
    assert [name for name, answer in kept.items() if answer in ("", "tidak")] == []
    assert [name for name, answer in kept.items() if answer not in shown[str(leads[name].heading)]] == []


def test_every_answer_is_on_the_desk(visit, admin_client):
    assert missing_on_desk(visit, admin_client) == []


def test_an_answer_missing_on_the_desk_is_reported(visit, admin_client, monkeypatch):
    """Control: a question is declared to have a place of its own, but the template has none for it."""
    wrong = [replace(q, has_own_place=True) if q.name == "region" else q for q in QUESTIONS]
    monkeypatch.setattr(answers, "QUESTIONS", wrong)

    assert missing_on_desk(visit, admin_client) == ["region"]


def test_only_declared_answers_are_exported(visit, admin_client):
    export = admin_client.get(reverse("visits_staff:index") + "?export=csv")
    [headings, row] = csv.reader(io.StringIO(b"".join(export.streaming_content).decode()))
    cells = dict(zip(headings, row, strict=True))

    for question in QUESTIONS:
        assert not (question.is_personal and question.export), question.name
        for heading, read in question.export_columns().values():
            assert cells[str(heading)] == str(read(visit)) != "", question.name
    personal = [kept_answers(visit)[q.name] for q in ANSWERED if q.is_personal]
    assert personal
    assert [answer for answer in personal if answer in str(row)] == []


def test_staff_answer_their_declared_questions(guest, admin_client):
    address = f"{reverse('visits_staff:on_behalf')}?programme={guest.slot.programme_id}&persons=12&slot={guest.slot.pk}"
    asked = [q for q in ANSWERED if q.asks_staff]
    page = parsed(admin_client.get(address))
    names = {field.get("name") for field in page.xpath("//form//*[@name]")}
    assert [q.name for q in asked if q.name not in names] == []
    assert [q.name for q in QUESTIONS if not q.asks_staff and q.name in names] == []

    typed = {q.name: typed_answer(q.name, q.staff_form_field(), guest) for q in asked}
    admin_client.post(address, {**typed, "slot": guest.slot.pk, "language": "id", "submission_key": uuid.uuid4()})

    kept = kept_answers(Visit.objects.get())
    assert [q.name for q in asked if kept[q.name] in ("", "tidak")] == []
