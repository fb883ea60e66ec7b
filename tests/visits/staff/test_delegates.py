"""Staff enter and correct delegates at any time; certificates concerned are replaced in the same step."""

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import VisitFactory
from visits.documents import issue
from visits.domain import attendance, certificates
from visits.enums import AttendanceSource, CertificateStatus, MessageKind
from visits.log_actions import DelegatesCorrectedFormatter
from visits.mail import messages
from visits.models import Certificate
from visits.staff.delegate_forms import shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(db):
    """A completed visit with two delegates who attended."""
    return VisitFactory(completed=True, days_ahead=-2, delegates=2, attended=True)


def said(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def page_of(visit):
    return reverse("visits_staff:delegates", args=[visit.pk])


def correction_of(delegate):
    return reverse("visits_staff:correct_delegate", args=[delegate.visit_id, delegate.pk])


def typed(delegate, **changes):
    return {**shown(delegate), "reason": "Gelar salah ketik", **changes}


def whole_list(visit, *new, reason="Gelar salah ketik", **changes):
    """The posted form: everybody with changes by number of the row (``name_1="…"``), and new people."""
    rows = [shown(delegate) for delegate in visit.delegates.all()] + [*new]
    data = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0, "reason": reason}
    for number, row in enumerate(rows):
        data |= {f"form-{number}-{name}": value for name, value in row.items()}
    for key, value in changes.items():
        name, number = key.rsplit("_", 1)
        data[f"form-{number}-{name}"] = value
    return data


def mark_issued(visit):
    """Plan the certificates and mark them as issued."""
    certificates.plan(visit)
    visit.certificates.update(status=CertificateStatus.ISSUED, issued_at=visit.slot.ends_at, sha256="a" * 64)


def last_entry(visit):
    from wagtail.log_actions import registry

    return registry.get_logs_for_instance(visit).filter(action="visits.delegates_corrected").latest("pk")


def test_correcting_a_name_replaces_the_certificate(officer, visit, client):
    mark_issued(visit)
    old = visit.certificates.order_by("pk").first()
    person = old.delegate
    link = officer.get(reverse("visits_staff:certificates", args=[visit.pk])).content.decode()
    assert correction_of(person) in link, "“Replace” leads to the correction"

    assert officer.get(correction_of(person)).status_code == 200
    response = officer.post(correction_of(person), typed(person, name="Ir. Nama Benar, M.T."))

    assert response.status_code == 302
    old.refresh_from_db()
    assert old.status == CertificateStatus.REPLACED
    assert old.replaced_by.snapshot["name"] == "Ir. Nama Benar, M.T."
    assert old.replaced_by.status == CertificateStatus.PLANNED
    assert visit.certificates.filter(status=CertificateStatus.REPLACED).count() == 1, "the other certificate stays"
    mail = messages.render(visit.messages.get(kind=MessageKind.CORRECTED))
    assert mail.to == [visit.contact_email]
    assert f"{person.name} → Ir. Nama Benar, M.T." in mail.body
    assert "Gelar salah ketik" in mail.body
    assert "Ir. Nama Benar" in visit.thread.get().text, "the guest's page shows it"
    entry = DelegatesCorrectedFormatter().format_message(last_entry(visit))
    assert person.name in entry
    assert "Ir. Nama Benar, M.T." in entry
    assert "Gelar salah ketik" in entry

    officer.post(correction_of(person), typed(person, name="Ir. Nama Benar, M.T."))
    assert visit.messages.filter(kind=MessageKind.CORRECTED).count() == 1, "a second click does nothing"
    assert visit.certificates.count() == 3


@pytest.mark.parametrize("status", [CertificateStatus.PLANNED, CertificateStatus.DRAWN, CertificateStatus.FAILED])
def test_a_certificate_that_is_not_issued_yet_keeps_its_number(officer, visit, status):
    certificates.plan(visit)
    person = visit.delegates.first()
    visit.certificates.update(status=status)
    before = person.certificates.get()

    officer.post(correction_of(person), typed(person, name="Nama Benar"))

    after = person.certificates.get()
    assert (after.number, after.status, after.snapshot["name"]) == (before.number, CertificateStatus.PLANNED, "Nama Benar")
    # A worker that is drawing the old text does not get it stored.
    issue._mark_failed(before, "galat")
    assert Certificate.objects.get(pk=after.pk).status == CertificateStatus.PLANNED


def test_a_correction_that_is_not_printed_replaces_no_certificate(officer, visit):
    mark_issued(visit)
    person = visit.delegates.first()

    officer.post(correction_of(person), typed(person, nip="198001012005011001", needs="kursi roda"))

    assert visit.certificates.count() == 2
    person.refresh_from_db()
    assert person.nip == "198001012005011001"
    data = str(last_entry(visit).data)
    assert "19800101" not in data
    assert "kursi roda" not in data
    assert "001" in data


def test_a_forgotten_person_is_added_after_completion(officer, visit):
    new = {"name": "Terlupa Contoh, S.E.", "came": "on"}
    officer.post(page_of(visit), whole_list(visit, new))

    person = visit.delegates.get(name="Terlupa Contoh, S.E.")
    event = person.attendance_events.get()
    assert (event.source, event.by) == (AttendanceSource.SHEET, officer.user)
    assert person.certificates.get().status == CertificateStatus.PLANNED
    assert person.badge_code
    assert visit.delegates.count() == 3, "more people than seats came"

    officer.post(page_of(visit), whole_list(VisitFactory._meta.model.objects.get(pk=visit.pk)))
    assert visit.messages.filter(kind=MessageKind.CORRECTED).count() == 1, "a form without changes tells nobody"


def test_a_double_click_adds_nobody_twice(officer, visit):
    data = whole_list(visit, {"name": "Terlupa Contoh", "position": "Staf", "came": "on"})
    officer.post(page_of(visit), data)
    assert officer.post(page_of(visit), data).status_code == 302
    assert visit.delegates.filter(name="Terlupa Contoh").count() == 1
    assert visit.delegates.get(name="Terlupa Contoh").attendance_events.count() == 1
    assert visit.messages.filter(kind=MessageKind.CORRECTED).count() == 1


def test_a_reason_is_needed(officer, visit):
    person = visit.delegates.first()
    response = officer.post(correction_of(person), typed(person, name="Nama Benar", reason=" "))
    assert response.status_code == 200
    assert "Nama Benar" in response.content.decode(), "nothing that was typed is lost"
    assert not visit.delegates.filter(name="Nama Benar").exists()
    assert officer.post(page_of(visit), whole_list(visit, name_0="Nama Benar", reason="")).status_code == 200
    assert not visit.delegates.filter(name="Nama Benar").exists()


@pytest.mark.parametrize("name", ["", "Budi 😀", "Budi 🏽", "B" * 121, "Budi \ue000", "​"])
def test_names_that_no_paper_can_show_are_refused(officer, visit, name):
    person = visit.delegates.first()
    assert officer.post(correction_of(person), typed(person, name=name)).status_code == 200
    assert officer.post(page_of(visit), whole_list(visit, name_0=name)).status_code == 200
    person.refresh_from_db()
    assert person.name == "Delegasi Contoh 1, S.T."
    assert not visit.messages.exists()


def test_two_officers_do_not_overwrite_each_other(officer, second_officer, visit):
    first, second = visit.delegates.all()
    stale_one, stale_list = typed(first, name="Dari halaman lama"), whole_list(visit, position_1="Kepala Dinas")
    officer.post(correction_of(first), typed(first, name="Nama Benar"))

    response = second_officer.post(correction_of(first), stale_one)
    assert response.status_code == 200
    assert "Nama Benar" in response.content.decode()
    first.refresh_from_db()
    assert first.name == "Nama Benar"

    assert second_officer.post(page_of(visit), stale_list).status_code == 302, "rows that nobody touched do not stand in the way"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.name, second.position) == ("Nama Benar", "Kepala Dinas")


def test_a_person_is_not_entered_twice(officer, visit):
    first, second = visit.delegates.all()
    assert officer.post(correction_of(first), typed(first, name=second.name, position=second.position)).status_code == 200
    assert (
        officer.post(page_of(visit), whole_list(visit, {"name": first.name, "position": first.position, "unit": "Lain"})).status_code == 200
    )
    assert visit.delegates.count() == 2


def test_who_was_checked_in_stays_on_the_list(officer, visit):
    assert officer.post(page_of(visit), whole_list(visit, remove_0="on")).status_code == 200
    assert visit.delegates.count() == 2


def test_before_the_day_there_must_be_a_seat_for_everybody(officer):
    visit = VisitFactory(approved=True, group_size=2, delegates=2)
    new = {"name": "Anggota Ketiga"}
    assert officer.post(page_of(visit), whole_list(visit, new)).status_code == 200
    assert officer.post(page_of(visit), whole_list(visit, new, remove_0="on")).status_code == 302
    assert [person.name for person in visit.delegates.all()] == ["Delegasi Contoh 2, S.T.", "Anggota Ketiga"]
    came = whole_list(visit, came_0="on")
    assert officer.post(page_of(visit), came).status_code == 200, "nobody attends before the day"
    assert not attendance.attended(visit).exists()


def test_who_may_correct(receptionist, auditor, superior, visit):
    person = visit.delegates.first()
    for browser in (auditor, superior):
        assert browser.get(page_of(visit)).status_code == 302
        assert browser.post(correction_of(person), typed(person, name="Salah")).status_code == 302
    assert not visit.delegates.filter(name="Salah").exists()
    assert receptionist.get(page_of(visit)).status_code == 200
    assert receptionist.get(reverse("visits_staff:correct_delegate", args=[visit.pk, 999_999])).status_code == 404


def test_a_cancelled_visit_has_no_list(officer):
    visit = VisitFactory(status="cancelled_by_guest", reference="KJ-2026-9999", seats_held=0, delegates=1)
    assert officer.get(page_of(visit)).status_code == 302
    assert officer.post(page_of(visit), whole_list(visit, name_0="Nama Lain")).status_code == 200
    assert not visit.delegates.filter(name="Nama Lain").exists()


def test_query_count_is_independent_of_the_list(officer, visit):
    officer.get(page_of(visit))
    with CaptureQueriesContext(connection) as few:
        officer.get(page_of(visit))
    many = VisitFactory(completed=True, days_ahead=-2, delegates=30, attended=True)
    with CaptureQueriesContext(connection) as more:
        officer.get(page_of(many))
    assert len(more) == len(few)
