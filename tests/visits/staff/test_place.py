"""The place on the pages of staff: entered with the approval, and changed later."""

import pytest
from django.urls import reverse

from tests.factories import NeedFactory, ProgrammeFactory, ResourceFactory, VisitFactory
from visits.domain import decisions
from visits.domain.place import place_of
from visits.enums import MessageKind, MessageStatus, VisitStatus
from visits.models import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return ProgrammeFactory(letter_required=False, max_per_day=9, max_per_week=40)


def url(name, visit):
    return reverse(f"visits_staff:{name}", args=[visit.pk])


def posted(page, **typed):
    """The form of a page as a browser sends it, with other values for some fields."""
    form = page.context["form"]
    sent = {"revision": form["revision"].value(), "resources": form["resources"].value() if "resources" in form.fields else []}
    for field in form.place_fields:
        sent[field.html_name] = sent[field.html_initial_name] = field.initial or ""
    return {**sent, **typed}


def test_what_is_known_is_filled_in_and_not_copied(officer, programme):
    room = ResourceFactory(name="Ruang Melati")
    NeedFactory(programme=programme, kind=room.kind)
    visit = VisitFactory(slot__programme=programme, submitted=True)
    page = officer.get(url("approve", visit))
    assert page.context["form"]["place"].value() == "Ruang Melati"
    assert page.context["form"]["directions"].value() == "Masuk lewat gerbang contoh."
    assert b'name="initial-place"' in page.content
    officer.post(url("approve", visit), posted(page))
    visit = Visit.objects.get()
    assert (visit.status, visit.place, visit.directions) == (VisitStatus.APPROVED, "", "")


def test_another_room_than_the_first_brings_its_own_name(officer, programme):
    first, second = ResourceFactory(name="Ruang A"), ResourceFactory(name="Ruang B")
    NeedFactory(programme=programme, kind=first.kind)
    visit = VisitFactory(slot__programme=programme, submitted=True)
    officer.post(url("approve", visit), posted(officer.get(url("approve", visit)), resources=[second.pk]))
    assert place_of(Visit.objects.get()).name == "Ruang B"


def test_a_missing_place_is_entered_on_the_same_page(officer, programme):
    type(programme).objects.update(venue_id="", venue_en="", directions_id="", directions_en="", host_contact_phone="")
    visit = VisitFactory(slot__programme=programme, submitted=True)
    page = officer.get(url("approve", visit))
    refused = officer.post(url("approve", visit), posted(page, message="Selamat datang"))
    assert refused.context["form"].non_field_errors()
    assert refused.context["form"]["message"].value() == "Selamat datang"
    officer.post(url("approve", visit), posted(page, place="Balai Contoh", directions="Pintu timur.", host_contact_phone="222-2222"))
    visit = Visit.objects.get()
    assert visit.status == VisitStatus.APPROVED
    assert (visit.place, visit.address) == ("Balai Contoh", "Jalan Contoh 1, Kota Contoh"), "what the page showed belongs to the place"


def test_the_preview_shows_the_typed_place(officer, programme):
    visit = VisitFactory(slot__programme=programme, submitted=True)
    page = officer.get(url("approve", visit))
    shown = officer.post(url("approve", visit), posted(page, place="Balai Contoh", preview="1"))
    assert "Balai Contoh" in shown.context["mail"].text
    assert Visit.objects.get().place == ""


def test_the_place_of_a_scheduled_visit_is_changed(officer, programme):
    visit = decisions.approve(VisitFactory(slot__programme=programme, submitted=True), by=officer.user)
    visit.messages.update(status=MessageStatus.SENT)
    assert url("place", visit) in officer.get(reverse("visits_staff:inspect", args=[visit.pk])).content.decode()
    page = officer.get(url("place", visit))
    answer = officer.post(url("place", visit), posted(page, directions="Pintu barat."))
    assert answer.status_code == 302
    visit.refresh_from_db()
    assert visit.directions == "Pintu barat."
    assert visit.messages.filter(kind=MessageKind.PLACE_CHANGED).count() == 1
    again = officer.post(url("place", visit), posted(page, directions="Pintu selatan."))
    assert again.context["form"].non_field_errors(), "the page is out of date"


def test_only_those_who_decide_change_it(receptionist, programme):
    assert receptionist.get(url("place", VisitFactory(slot__programme=programme, approved=True))).status_code == 302


def test_a_map_must_be_an_address(officer, programme):
    visit = VisitFactory(slot__programme=programme, submitted=True)
    answer = officer.post(url("approve", visit), posted(officer.get(url("approve", visit)), map_url="javascript:alert(1)"))
    assert answer.context["form"].errors["map_url"]
