"""The guest's page of an approved visit opens with the answer; the whole request and the own letter can be read."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils.translation import override

from tests.factories import AgendaItemFactory, LetterFactory, VisitFactory
from visits.domain import tokens

pytestmark = pytest.mark.django_db


def url(visit, name="status", **more):
    return reverse(f"visits:{name}", kwargs={"token": tokens.token_for(visit, tokens.STATUS), **more})


def words(client, visit):
    return " ".join(client.get(url(visit)).content.decode().split())


@pytest.fixture
def visit():
    return VisitFactory(
        approved=True,
        region__zone="WIT",
        slot__programme__map_url="https://peta.contoh.invalid/m",
        purpose="Belajar layanan contoh.",
        organisation="Bappeda Contoh Timur",
        delegates=2,
    )


def test_the_answer_comes_first(client, visit):
    AgendaItemFactory(visit=visit, title="Paparan contoh", filler="Narasumber Contoh")
    said = words(client, visit)
    order = [
        "Kunjungan Anda disetujui",
        "09.00–11.30 WIB (11.00–13.30 WIT)",
        "Ruang Contoh",
        "https://peta.contoh.invalid/m",
        "Masuk lewat gerbang contoh.",
        'href="tel:000-0000"',
        "Paparan contoh",
        'id="progress"',
        "Delegasi Contoh 1",
    ]
    places = [said.index(one) for one in order]
    assert places == sorted(places)
    assert "09.00–09.45 WIB" in said


def test_what_is_still_to_do(client, visit):
    page = client.get(url(visit))
    texts = [one.text for one in page.context["to_do"]]
    assert len(texts) == 2, "the letter is missing, and eight names"
    assert "8" in texts[1]


def test_nothing_is_to_do_when_all_is_there(client):
    visit = VisitFactory(approved=True, group_size=2, delegates=2, slot__programme__letter_required=False)
    assert client.get(url(visit)).context["to_do"] == []


def test_the_whole_request_is_shown(client, visit):
    said = words(client, visit)
    for answer in ("Belajar layanan contoh.", "Bappeda Contoh Timur", visit.contact_email, visit.contact_name):
        assert answer in said


def test_the_own_letter_is_opened_by_the_secret_link_only(client, visit):
    letter = LetterFactory(visit=visit)
    letter.file.save("surat.pdf", ContentFile(b"%PDF-1.7 contoh"))
    own = url(visit, "request_letter", pk=letter.pk)
    assert own in words(client, visit)
    answer = client.get(own)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 contoh"
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert client.get(url(VisitFactory(approved=True), "request_letter", pk=letter.pk)).status_code == 404


def test_english_is_read_as_well(client, visit):
    with override("en"):
        said = " ".join(client.get(url(visit)).content.decode().split())
    for words_of_the_page in ("Your visit is approved", "Enter by the example gate.", "Whom to call", "Still to do"):
        assert words_of_the_page in said


@pytest.mark.parametrize("names", [1, 30])
def test_queries_do_not_grow(client, visit, names, django_assert_max_num_queries):
    visit.delegates.all().delete()
    for number in range(names):
        visit.delegates.create(name=f"Nama {number}", protocol_order=number)
        AgendaItemFactory(visit=visit)
    client.get(url(visit))
    with django_assert_max_num_queries(30):
        client.get(url(visit))
