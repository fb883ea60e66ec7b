"""The page of a delegate: agenda with now and next, slides, questions, certificate; opened by a secret link without login."""

import re

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from knowledge_hub.papers.qr import qr_svg
from tests.factories import AgendaItemFactory, ResourceFactory, VisitFactory
from visits.domain import agenda, badges, budgets, questions, tokens
from visits.enums import CertificateStatus, VisitStatus
from visits.models import Programme, Question, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(time_machine):
    """A visit that began twenty minutes ago, with three items of half an hour."""
    visit = VisitFactory(approved=True, delegates=2)
    badges.give_missing(visit)
    room = ResourceFactory(name="Ruang Binjai Command Center", wifi_note="Tamu / selamatdatang")
    for order, title in enumerate(("Pembukaan", "Paparan layanan", "Tanya jawab"), start=1):
        AgendaItemFactory(visit=visit, sort_order=order, title=title, duration_minutes=30, room=room if order == 2 else None)
    time_machine.move_to(visit.slot.starts_at + timezone.timedelta(minutes=20), tick=False)
    return visit


@pytest.fixture
def person(visit):
    return visit.delegates.first()


def page_of(person, **query):
    return reverse("delegate", args=[badges.token_of(person)]) + "".join(f"?{key}={value}" for key, value in query.items())


def words(response):
    return " ".join(html.fromstring(response.content).text_content().split())


def test_the_page_says_what_runs_now_and_next(client, person):
    response = client.get(page_of(person))

    assert response.status_code == 200
    assert page_of(person).startswith("/p/")
    now, coming = response.context["page"].now, response.context["page"].next
    assert [row.item.title for row in now] == ["Pembukaan"]
    assert [row.item.title for row in coming] == ["Paparan layanan"]
    shown = words(response)
    assert "09.00–09.30" in shown, "times are those of the venue"
    assert "Ruang Binjai Command Center" in shown
    assert "Tamu / selamatdatang" in shown
    assert person.name in shown
    assert not response.cookies
    assert "<script" not in response.content.decode()
    assert "style=" not in response.content.decode()
    for header, value in {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}.items():
        assert response[header] == value


def test_an_online_session_is_joined_from_the_page(client, person, visit):
    link = "https://rapat.contoh.invalid/42"
    Visit.objects.update(meeting_url=link)

    assert link not in client.get(page_of(person)).content.decode(), "the visit takes place in a room"
    Programme.objects.filter(pk=visit.programme_id).update(is_online=True)
    assert f'href="{link}"' in client.get(page_of(person)).content.decode()


def test_the_language_is_that_of_the_visit(client, person):
    assert client.get(page_of(person)).context["language"] == "id"
    english = client.get(page_of(person, lang="en"))
    assert "Your question" in words(english)
    assert english["Content-Language"] == "en"
    Visit.objects.update(language="en")
    assert client.get(page_of(person)).context["language"] == "en"
    assert client.get(page_of(person, lang="xx")).context["language"] == "en"


def test_a_question_reaches_the_moderator_before_the_others(client, person, visit):
    item = visit.agenda_items.get(title="Paparan layanan")
    data = {"question": "Berapa biayanya?\x00\u202e", "item": item.pk}
    assert client.post(page_of(person), data).status_code in (302, 422)
    data["question"] = "Berapa biayanya?"
    for _click in range(2):
        assert client.post(page_of(person), data).status_code == 302
    question = visit.questions.get(question="Berapa biayanya?")
    assert (question.state, question.by_delegate, question.item, question.asked_by) == (Question.State.WAITING, True, item, person.name)
    other = visit.delegates.last()
    assert "Berapa biayanya?" not in words(client.get(page_of(other)))

    questions.moderate(question, state=Question.State.ACCEPTED, answer="Nol rupiah.", seen="", by=None)
    shown = words(client.get(page_of(other)))
    assert "Berapa biayanya?" in shown
    assert "Nol rupiah." in shown
    assert person.name not in shown


@pytest.mark.parametrize("data", [{"question": ""}, {"question": "  "}, {"question": "A" * 1001}, {"question": "Apa?", "item": "0"}, {}])
def test_a_bad_question_is_refused_and_stays_in_the_field(client, person, visit, data):
    response = client.post(page_of(person), data)
    assert response.status_code == 422
    assert data.get("question", "") in response.content.decode()
    assert not visit.questions.exists()


def test_nobody_asks_too_often(client, person, visit):
    for number in range(budgets.QUESTION.per_subject):
        assert client.post(page_of(person), {"question": f"Pertanyaan {number}"}).status_code == 302
    refused = client.post(page_of(person), {"question": "Satu lagi"})
    assert refused.status_code == 409
    assert "Satu lagi" in refused.content.decode()
    assert visit.questions.count() == budgets.QUESTION.per_subject


def test_questions_are_asked_on_the_day_only(client, person, visit, time_machine):
    time_machine.move_to(visit.slot.starts_at - timezone.timedelta(days=1))
    assert "textarea" not in client.get(page_of(person)).content.decode()
    assert client.post(page_of(person), {"question": "Apa?"}).status_code == 409


def test_slides_open_when_they_are_released(client, person, visit):
    item = visit.agenda_items.last()
    item.material.save("x.pdf", ContentFile(b"%PDF-1.7 salindia"))
    item.material_name = "salindia.pdf"
    item.save()
    link = reverse("delegate_material", args=[badges.token_of(person), item.pk])
    assert link not in client.get(page_of(person)).content.decode()
    assert client.get(link).status_code == 404

    agenda.release_slides(item, released=True, by=None)
    assert link in client.get(page_of(person)).content.decode()
    response = client.get(link)
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert response["Cache-Control"] == "no-store"
    agenda.release_slides(item, released=False, by=None)
    assert client.get(link).status_code == 404


def test_only_the_own_certificate_and_only_after_completion(client, person, visit):
    for delegate in visit.delegates.all():
        visit.certificates.create(
            delegate=delegate,
            number=f"S-{delegate.pk}",
            token=f"TOKEN{delegate.pk}",
            snapshot={"name": delegate.name},
            status=CertificateStatus.ISSUED,
            issued_at=timezone.now(),
            sha256="a" * 64,
            file=ContentFile(b"%PDF-1.7", name=f"{delegate.pk}.pdf"),
        )
    link = reverse("delegate_certificate", args=[badges.token_of(person)])
    assert client.get(link).status_code == 404
    assert "S-" not in words(client.get(page_of(person)))

    Visit.objects.update(status=VisitStatus.COMPLETED)
    shown = client.get(page_of(person)).content.decode()
    assert link in shown
    assert f"/v/TOKEN{person.pk}" in shown
    assert f"TOKEN{visit.delegates.last().pk}" not in shown
    assert b"".join(client.get(link).streaming_content) == b"%PDF-1.7"


@pytest.mark.parametrize("token", ["A" * 24, "x", "𝔘" * 10, "'; DROP TABLE", "a" * 3000, "\x00"])
def test_an_unknown_link_gets_a_helpful_page(client, token):
    response = client.get(reverse("delegate", args=[token]))
    assert response.status_code == 404


def test_a_cancelled_visit_shows_no_agenda(client, person, visit):
    Visit.objects.update(status=VisitStatus.CANCELLED_BY_HOST, seats_held=0)
    shown = words(client.get(page_of(person)))
    assert "Pembukaan" not in shown
    assert "Tamu / selamatdatang" not in shown


def test_query_count_is_independent_of_the_agenda(client, person, visit):
    client.get(page_of(person))
    with CaptureQueriesContext(connection) as few:
        client.get(page_of(person))
    for number in range(20):
        AgendaItemFactory(visit=visit, sort_order=number + 9, title=f"Acara {number}", room=ResourceFactory())
        Question.objects.create(visit=visit, question=f"Apa {number}?", by_delegate=True, item=visit.agenda_items.first())
    with CaptureQueriesContext(connection) as more:
        client.get(page_of(person))
    assert len(more) == len(few) <= 10


def test_the_badge_carries_link_and_code(visit, person):
    from visits.documents.office.kinds import KINDS
    from visits.queries.dossier import dossier

    visit.delegates.update(badge_code=None, token_hash=None)
    body = KINDS["badges"].paper(dossier(visit)).body
    person.refresh_from_db()
    assert f"{person.badge_code[:3]} {person.badge_code[3:]}" in body
    assert body.count("<svg") == 2
    assert re.fullmatch(r"https?://[^/]+/p/[A-Z2-7]{24}/", badges.address_of(person))
    assert badges.find(visit, badges.address_of(person)) == person


def test_the_page_shows_the_badge_until_the_visit_is_completed(client, person, visit):
    shown = client.get(page_of(person))
    assert qr_svg(badges.address_of(person), "Kode QR") in shown.content.decode()
    assert f"{person.badge_code[:3]} {person.badge_code[3:]}" in words(shown)

    Visit.objects.filter(pk=visit.pk).update(**{"status": VisitStatus.COMPLETED})
    assert "<svg" not in client.get(page_of(person)).content.decode()


def test_the_contact_person_downloads_the_badges(client, visit):
    token = tokens.token_for(visit, tokens.STATUS)
    status, link = (reverse(name, args=[token]) for name in ("visits:status", "visits:badges"))
    assert link not in client.get(status).content.decode()
    assert client.get(link).status_code == 404
    paper = visit.papers.create(kind="badges", state="ready", asked_at=timezone.now(), made_at=timezone.now())
    paper.file.save("b.pdf", ContentFile(b"%PDF-1.7 tanda"))

    assert link in client.get(status).content.decode()
    assert b"".join(client.get(link).streaming_content) == b"%PDF-1.7 tanda"
    Visit.objects.update(status=VisitStatus.COMPLETED)
    assert client.get(link).status_code == 404
