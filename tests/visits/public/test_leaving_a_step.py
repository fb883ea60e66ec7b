"""Values typed in a step are kept however the step is left, but do not count before they are sent."""

import pytest
from django.urls import reverse

from tests.factories import ProgrammeFactory
from tests.visits.public.pages import step_url
from visits.models import Programme, Visit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("how", ["back", "keep", "save"])
def test_typed_values_are_shown_again(guest, client, how):
    guest.group()
    guest.date()

    left = guest.purpose(**{how: "1"}, purpose="Belajar <satu> data", letter_number="", letter_file=None)

    places = {"back": step_url("alternatives"), "keep": None, "save": reverse("visits:save_draft")}
    assert left.get("Location") == places[how]
    assert client.get(step_url("purpose")).context["form"]["purpose"].value() == "Belajar <satu> data"
    assert client.get(step_url("check"))["Location"] == step_url("purpose")


def test_an_unsent_change_does_not_count(guest, client):
    guest.fill()

    guest.purpose(back="1", purpose="Lain")

    assert client.get(step_url("purpose")).context["form"]["purpose"].value() == "Lain"
    guest.send()
    assert Visit.objects.get().purpose == "Belajar layanan perizinan"


@pytest.mark.parametrize(
    "changes",
    [{"group_size": "1e9"}, {"group_size": "9" * 5000}, {"group_size": "dua"}, {"programme": "abc"}, {"programme": "9" * 40}],
)
def test_saved_invalid_answers_must_be_corrected(guest, client, changes):
    guest.fill()

    assert guest.group(save="1", **changes).status_code == 302

    assert client.get(reverse("visits:book"))["Location"] == step_url("group")
    assert client.get(step_url("date"))["Location"] == step_url("group")
    form = client.get(step_url("group")).context["form"]
    assert {name: form[name].value() for name in changes} == changes
    assert guest.group()["Location"] == step_url("date"), "the seats are checked again, because the size was unknown"


def test_a_saved_programme_change_needs_another_session(guest, client):
    guest.fill()
    guest.group(save="1", programme=ProgrammeFactory().pk)

    assert client.get(step_url("check"))["Location"] == step_url("date")


def test_a_group_size_may_have_a_decimal_point(guest, client):
    guest.fill(group={"group_size": "12.0"})

    assert client.get(step_url("date")).status_code == 200
    guest.send()
    assert Visit.objects.get().group_size == 12


def test_a_withdrawn_programme_keeps_the_purpose(guest, client):
    guest.group()
    guest.date()
    Programme.objects.update(active=False)

    assert guest.purpose()["Location"] == step_url("group")

    Programme.objects.update(active=True)
    assert client.get(step_url("purpose")).context["form"]["purpose"].value() == "Belajar layanan perizinan"
