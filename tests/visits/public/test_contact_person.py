"""The guest names another contact person: the new address gets the link, the old one is told."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from wagtail.models import ModelLogEntry

from tests.factories import VisitFactory
from visits.domain import tokens
from visits.enums import MessageKind, VisitStatus
from visits.mail.messages import render
from visits.mail.secret_links import status_link

pytestmark = pytest.mark.django_db

OTHER = {"contact_name": "Narahubung Baru", "contact_position": "Sekretaris", "contact_email": "baru@contoh.invalid", "contact_phone": ""}


def url(visit):
    return reverse("visits:contact_person", args=[tokens.token_for(visit, tokens.STATUS)])


@pytest.fixture
def visit():
    cache.clear()
    return VisitFactory(approved=True, contact_email="lama@contoh.invalid")


def test_both_addresses_are_told(client, visit):
    for _click in range(2):
        assert client.post(url(visit), OTHER).status_code == 302
    visit.refresh_from_db()
    assert (visit.contact_name, visit.contact_email) == ("Narahubung Baru", "baru@contoh.invalid")
    to_new, to_old = visit.messages.get(kind=MessageKind.NEW_CONTACT), visit.messages.get(kind=MessageKind.FORMER_CONTACT)
    assert (to_new.recipient, to_old.recipient) == ("baru@contoh.invalid", "lama@contoh.invalid")
    assert status_link(visit) in render(to_new).body
    said = render(to_old).body
    assert status_link(visit) not in said
    assert "baru" not in said.casefold()
    assert "Narahubung Baru" not in said


def test_the_log_masks_addresses_and_numbers(client, visit):
    client.post(url(visit), OTHER)
    data = ModelLogEntry.objects.get(action="visits.contact").data
    assert data["changes"]["contact_name"][1] == "Narahubung Baru"
    assert data["changes"]["contact_email"] == ["l•••@contoh.invalid", "b•••@contoh.invalid"]
    assert "baru@contoh.invalid" not in str(data)


def test_another_name_alone_sends_no_mail(client, visit):
    client.post(url(visit), {**OTHER, "contact_email": visit.contact_email})
    assert not visit.messages.filter(kind__in=[MessageKind.NEW_CONTACT, MessageKind.FORMER_CONTACT]).exists()


def test_what_was_typed_stays_on_the_page(client, visit):
    answer = client.post(url(visit), {**OTHER, "contact_email": "bukan surel"})
    assert answer.status_code == 422
    assert "Narahubung Baru" in answer.content.decode()


def test_no_more_than_a_few_times_an_hour(client, visit):
    answers = [client.post(url(visit), {**OTHER, "contact_email": f"baru{n}@contoh.invalid"}).status_code for n in range(6)]
    assert answers == [302] * 5 + [429]


def test_a_visit_that_is_over_keeps_its_contact(client):
    visit = VisitFactory(submitted=True, status=VisitStatus.DECLINED, seats_held=0)
    assert client.post(url(visit), OTHER).status_code == 409
