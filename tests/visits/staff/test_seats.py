"""More people than were approved: staff accept or refuse on the desk."""

import pytest
from django.urls import reverse

from tests.factories import ProgrammeFactory, VisitFactory
from visits.domain import headcount
from visits.models import SeatRequest, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    visit = VisitFactory(slot__programme=ProgrammeFactory(letter_required=False), approved=True, group_size=10)
    headcount.change(visit, 20, message="Sepuluh orang lagi.")
    return Visit.objects.get(pk=visit.pk)


def url(name, visit):
    return reverse(f"visits_staff:{name}", args=[visit.pk])


def test_the_desk_leads_to_both_answers(officer, visit):
    desk = officer.get(url("inspect", visit)).content.decode()
    assert url("grant_seats", visit) in desk
    assert url("refuse_seats", visit) in desk
    page = officer.get(url("grant_seats", visit))
    assert "Sepuluh orang lagi." in page.content.decode()
    assert "20" in page.context["mail"].text


def test_accepting_takes_the_seats_once(officer, visit):
    sent = {"revision": visit.revision, "group_size": 20, "message": ""}
    assert officer.post(url("grant_seats", visit), sent).status_code == 302
    again = officer.post(url("grant_seats", visit), sent)
    assert again.context["form"].non_field_errors()
    visit = Visit.objects.select_related("slot").get(pk=visit.pk)
    assert (visit.group_size, visit.seats_held, visit.slot.used_persons) == (20, 20, 20)


def test_a_group_that_is_too_large_needs_a_reason(officer, visit):
    SeatRequest.objects.update(group_size=45)
    sent = {"revision": visit.revision, "group_size": 45, "message": ""}
    assert officer.post(url("grant_seats", visit), sent).context["form"].errors["override_reason"]
    assert officer.post(url("grant_seats", visit), {**sent, "override_reason": "Pimpinan memutuskan"}).status_code == 302
    assert Visit.objects.get().group_size == 45


def test_refusing_needs_a_reason(officer, visit):
    assert officer.post(url("refuse_seats", visit), {"revision": visit.revision, "reason": ""}).context["form"].errors["reason"]
    assert officer.post(url("refuse_seats", visit), {"revision": visit.revision, "reason": "Ruang penuh."}).status_code == 302
    assert Visit.objects.get().group_size == 10
    assert url("grant_seats", visit) not in officer.get(url("inspect", visit)).content.decode()


def test_receptionists_do_not_decide(receptionist, visit):
    receptionist.post(url("grant_seats", visit), {"revision": visit.revision, "group_size": 20})
    assert Visit.objects.get().group_size == 10
