"""The way of a request through the staff screens: approve, check in, complete, certificates."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import VisitFactory
from visits.enums import MessageKind, VisitStatus
from visits.models import AttendanceEvent, Certificate, Visit
from visits.staff import actions

pytestmark = pytest.mark.django_db


def url(name, visit, *args):
    return reverse(f"visits_staff:{name}", args=[visit.pk, *args])


def test_a_request_becomes_a_visit_with_certificates(officer, receptionist, time_machine):
    visit = VisitFactory(submitted=True, delegates=3)

    page = officer.get(url("approve", visit))
    assert page.status_code == 200
    officer.post(url("approve", visit), {"revision": visit.revision, "message": "Silakan datang.", "override_reason": "Surat menyusul."})
    visit.refresh_from_db()
    assert visit.status == VisitStatus.APPROVED
    assert visit.messages.get(kind=MessageKind.INVITATION).note == "Silakan datang."

    time_machine.move_to(visit.slot.starts_at + timezone.timedelta(minutes=5))
    officer.force_login(officer.user)
    receptionist.force_login(receptionist.user)
    page = receptionist.get(url("reception", visit))
    assert page.context["is_open"]
    first, second, _third = visit.delegates.all()
    for delegate in (first, second):
        receptionist.post(url("check_in", visit), {"kind": "checked_in", "delegate": delegate.pk, "nonce": uuid.uuid4()})
    receptionist.post(url("reception", visit), {"name": "Tamu Contoh, S.H.", "nonce": uuid.uuid4()})
    assert AttendanceEvent.objects.count() == 3

    answer = receptionist.post(
        url("complete", visit), {"revision": Visit.objects.get().revision, "reason": "Notulen menyusul."}, follow=True
    )
    assert Visit.objects.get().status == VisitStatus.COMPLETED, answer.content
    assert {certificate.snapshot["name"] for certificate in Certificate.objects.all()} == {first.name, second.name, "Tamu Contoh, S.H."}


def test_the_desk_offers_allowed_moves_only(officer):
    waiting = VisitFactory(submitted=True)
    completed = VisitFactory(completed=True)

    possible = [action for action, _url in officer.get(url("inspect", waiting)).context["actions"]]
    assert possible == [actions.APPROVE, actions.PROPOSE, actions.ASK, actions.DECLINE]
    assert officer.get(url("inspect", completed)).context["actions"] == []


def test_list_home_page_and_history_open(officer):
    visit = VisitFactory(submitted=True)

    assert visit.organisation in officer.get(reverse("visits_staff:index")).content.decode()
    assert officer.get(reverse("wagtailadmin_home")).status_code == 200
    assert officer.get(url("history", visit)).status_code == 200
