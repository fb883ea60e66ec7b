"""Permissions are checked in every view, independent of the buttons shown, and GET requests change nothing."""

import importlib
import pkgutil
import uuid

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.generic import CreateView, DeleteView, EditView

from tests.factories import AgendaItemFactory, DispositionFactory, LetterFactory, SlotFactory, UserFactory, VisitFactory
from visits import staff
from visits.documents.all_papers import OF_A_VISIT
from visits.domain import certificates, scheduling
from visits.enums import Actor, CertificateStatus, VisitStatus
from visits.models import AgendaItem, AttendanceEvent, Certificate, IncomingLetter, Visit
from visits.staff.resources import BlockView
from visits.staff.views import StaffFormView
from visits.staff.viewsets import ACTION_VIEWS

pytestmark = pytest.mark.django_db

NEEDS = {
    "approve": "decide",
    "accept_date": "decide",
    "refuse_date": "decide",
    "withdraw_date": "decide",
    "move": "decide",
    "propose": "decide",
    "ask": "decide",
    "decline": "decide",
    "cancel": "decide",
    "complete": "receive",
    "no_show": "receive",
    "check_in": "receive",
}
TESTED_APART = {"place": "decide", "grant_seats": "decide", "refuse_seats": "decide"}
"""Actions with forms of their own: test_place.py, test_seats.py."""
FORM = {"revision": 0, "reason": "Contoh", "reason_code": "other", "question": "Contoh?", "message": "", "override_reason": "Contoh"}


def visit_for(name):
    """A visit on which the action is possible."""
    if name in ("approve", "ask", "decline", "propose"):
        return VisitFactory(submitted=True)
    if name in ("cancel", "move"):
        return VisitFactory(approved=True)
    if name in ("accept_date", "refuse_date", "withdraw_date"):
        visit = VisitFactory(submitted=True)
        other = SlotFactory(programme=visit.programme, days_ahead=42)
        scheduling.propose(visit, other, by=Actor.STAFF if name == "withdraw_date" else Actor.GUEST)
        return Visit.objects.select_related("slot").get(pk=visit.pk)
    return VisitFactory(approved=True, delegates=2, attended=name == "complete")


def body(name, visit):
    """The data that the page of an action posts."""
    if name == "check_in":
        return {"kind": "checked_in", "delegate": visit.delegates.first().pk, "nonce": uuid.uuid4()}
    return {**FORM, "revision": visit.revision}


def state():
    """All data that an action could change."""
    return list(Visit.objects.values_list("pk", "status", "revision")), AttendanceEvent.objects.count(), Certificate.objects.count()


@pytest.fixture
def on_the_day(time_machine):
    """Function that sets the time to the day of a visit, if an action needs that."""

    def move(visit, name):
        if name in ("complete", "no_show", "check_in"):
            time_machine.move_to(visit.slot.starts_at + timezone.timedelta(minutes=5))

    return move


def test_every_action_has_a_permission():
    assert {view.action.name: view.action.permission for view in ACTION_VIEWS} == {
        k: v for k, v in NEEDS.items() if k != "check_in"
    } | TESTED_APART


def test_all_staff_forms_handle_refused_moves():
    modules = [importlib.import_module(f"visits.staff.{module.name}") for module in pkgutil.iter_modules(staff.__path__)]
    classes = {value for module in modules for value in vars(module).values() if isinstance(value, type)}
    views = {view for view in classes if view.__module__.startswith("visits.staff") and issubclass(view, FormView)}
    by_wagtail = {view for view in views if issubclass(view, (CreateView, EditView, DeleteView, BulkAction))}

    assert {*ACTION_VIEWS, BlockView} < views
    assert [view for view in views - by_wagtail if not issubclass(view, StaffFormView)] == []


@pytest.mark.parametrize("name", NEEDS)
def test_an_action_needs_permission_and_post(name, officer, auditor, receptionist, client, on_the_day):
    visit = visit_for(name)
    on_the_day(visit, name)
    url = reverse(f"visits_staff:{name}", args=[visit.pk])
    if name in ("move", "propose"):
        url += f"?slot={SlotFactory(programme=visit.programme, days_ahead=42).pk}"
    allowed = [officer] if NEEDS[name] == "decide" else [officer, receptionist]
    refused = [browser for browser in (auditor, receptionist) if browser not in allowed]
    for browser in (officer, auditor, receptionist):
        browser.force_login(browser.user)
    before = state()

    for browser in allowed:
        assert browser.get(url).status_code == (405 if name == "check_in" else 200)
    for browser in refused:
        assert browser.get(url).status_code == 302
        assert browser.post(url, body(name, visit)).status_code == 302
    assert client.post(url, body(name, visit)).status_code == 302
    outsider = UserFactory()
    client.force_login(outsider)
    assert client.post(url, body(name, visit)).status_code == 302
    assert state() == before

    allowed[-1].post(url, body(name, visit))
    assert state() != before


def test_posts_without_the_csrf_token_are_refused(officer):
    visit = VisitFactory(submitted=True)
    officer.handler.enforce_csrf_checks = True

    assert officer.post(reverse("visits_staff:approve", args=[visit.pk]), body("approve", visit)).status_code == 403
    assert Visit.objects.get().status == VisitStatus.SUBMITTED


def test_visits_cannot_be_edited_or_deleted(officer):
    visit = VisitFactory(submitted=True)

    for address in (f"edit/{visit.pk}/", f"delete/{visit.pk}/", f"copy/{visit.pk}/", "new/", f"usage/{visit.pk}/"):
        assert officer.get(reverse("visits_staff:index") + address).status_code == 404


@pytest.fixture
def with_certificate(db):
    """A completed visit with one issued certificate and a letter."""
    visit = VisitFactory(completed=True, delegates=1, attended=True, days_ahead=-3)
    [certificate] = certificates.plan(visit)
    certificate.refresh_from_db()
    certificate.file.save("contoh.pdf", ContentFile(b"%PDF-1.7 contoh"), save=False)
    certificate.status, certificate.sha256, certificate.issued_at = CertificateStatus.ISSUED, "0" * 64, timezone.now()
    certificate.save()
    letter = IncomingLetter(visit=visit, number="005/1/CONTOH", date=timezone.now().date())
    letter.file.save("surat.pdf", ContentFile(b"%PDF-1.7 surat"), save=False)
    letter.save()
    return visit


def test_letters_and_certificates_are_private(with_certificate, officer, auditor, client):
    visit = with_certificate
    letter = reverse("visits_staff:letter", args=[visit.pk, visit.letters.get().pk])
    certificate = reverse("visits_staff:certificate", args=[visit.pk, visit.certificates.get().pk])
    archive = reverse("visits_staff:certificates_zip", args=[visit.pk])
    outsider = UserFactory()
    client.force_login(outsider)

    for url in (letter, certificate, archive):
        assert client.get(url).status_code == 302
        answer = auditor.get(url)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert b"".join(answer.streaming_content)
    other = VisitFactory(completed=True)
    assert officer.get(reverse("visits_staff:letter", args=[other.pk, visit.letters.get().pk])).status_code == 404


def test_revoking_needs_permission_and_reason(with_certificate, officer, receptionist):
    visit = with_certificate
    certificate = visit.certificates.get()
    url = reverse("visits_staff:revoke", args=[visit.pk, certificate.pk])

    receptionist.post(url, {"reason": "Salah nama"})
    officer.get(url)
    assert officer.post(url, {"reason": ""}).status_code == 200
    assert Certificate.objects.get().status == CertificateStatus.ISSUED
    officer.post(url, {"reason": "Salah nama"})
    certificate.refresh_from_db()
    assert (certificate.status, certificate.withdrawal_reason) == (CertificateStatus.REVOKED, "Salah nama")


def test_retrying_a_certificate_keeps_its_number(with_certificate, officer, receptionist):
    Certificate.objects.update(status=CertificateStatus.FAILED, issued_at=None, sha256="", failure="contoh")
    number = Certificate.objects.get().number
    url = reverse("visits_staff:issue_certificates", args=[with_certificate.pk])

    receptionist.post(url)
    assert officer.get(url).status_code == 405
    assert Certificate.objects.get().status == CertificateStatus.FAILED
    officer.post(url)

    assert (Certificate.objects.get().status, Certificate.objects.get().number) == (CertificateStatus.PLANNED, number)


def has_save_button(page) -> bool:
    return '<button type="submit" class="button">' in page.content.decode().partition('class="visit-page')[2]


READ_BY_AUDITORS = ("agenda", "gifts", "minutes", "photos", "visum", "reception", "correspondence", "papers")


@pytest.mark.parametrize("name", READ_BY_AUDITORS)
def test_auditors_read_the_record_and_change_nothing(name, auditor, officer):
    visit = VisitFactory(completed=True, delegates=2, attended=True, days_ahead=-3)
    AgendaItemFactory(visit=visit)
    url = reverse(f"visits_staff:{name}", args=[visit.pk])
    before = state(), AgendaItem.objects.values_list("title", "duration_minutes").get()

    page = auditor.get(url)
    posted = auditor.post(url, {"agenda_items-TOTAL_FORMS": 0, "agenda_items-INITIAL_FORMS": 0, "template": 1})

    assert page.status_code == 200
    assert not has_save_button(page)
    assert has_save_button(officer.get(url)) == (name not in ("reception", "correspondence"))
    assert posted.status_code in (302, 405)
    assert (state(), AgendaItem.objects.values_list("title", "duration_minutes").get()) == before


def test_auditors_read_dispositions(auditor, receptionist):
    letter = LetterFactory()
    disposition = DispositionFactory(letter=letter, note="Mohon ditindaklanjuti.")
    url = reverse("visits_staff:correspondence", args=[letter.visit_id])

    assert disposition.note in auditor.get(url).content.decode()
    assert disposition.note not in receptionist.get(url).content.decode()


def test_auditors_open_every_paper_and_the_officials(auditor):
    visit = VisitFactory(completed=True, delegates=2, attended=True, days_ahead=-3)

    listed = auditor.get(reverse("visits_staff:papers", args=[visit.pk])).context["papers"]

    assert {line.declared.key for line in listed} == set(OF_A_VISIT)
    assert auditor.get(reverse("visits_officials:index")).status_code == 200
