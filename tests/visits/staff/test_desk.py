"""List and desk of visits: concurrent decisions, overridden rules, reception, filters, query counts, exports."""

import csv
import datetime as dt
import io
import uuid

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import UserFactory, VisitFactory
from visits.enums import AttendanceKind, VisitStatus
from visits.models import AttendanceEvent, CalendarException, Delegate, Visit
from visits.queries import inbox

pytestmark = pytest.mark.django_db

LIST = "visits_staff:index"


def url(name, visit):
    return reverse(f"visits_staff:{name}", args=[visit.pk])


def test_the_second_of_two_decisions_is_refused(officer, second_officer):
    visit = VisitFactory(submitted=True)
    officer.get(url("decline", visit))
    second_officer.get(url("ask", visit))

    first = officer.post(url("decline", visit), {"revision": 0, "reason_code": "other", "reason": "Penuh."})
    second = second_officer.post(url("ask", visit), {"revision": 0, "reason_code": "other", "question": "Berapa orang?"})

    assert first.status_code == 302
    assert second.status_code == 200
    assert second.context["form"].non_field_errors()
    assert second.context["form"]["question"].value() == "Berapa orang?"
    assert Visit.objects.get().status == VisitStatus.DECLINED


def test_an_outdated_page_decides_nothing(officer):
    visit = VisitFactory(submitted=True, revision=4)

    answer = officer.post(url("decline", visit), {"revision": 3, "reason_code": "other", "reason": "Penuh."})

    assert answer.status_code == 200
    assert Visit.objects.get().status == VisitStatus.SUBMITTED


def test_overriding_rules_needs_a_reason(officer):
    visit = VisitFactory(submitted=True)
    page = officer.get(url("approve", visit))
    assert len(page.context["rules_failed"]) == 1
    assert page.context["can_override"]

    refused = officer.post(url("approve", visit), {"revision": 0, "message": "Selamat datang", "override_reason": ""})
    assert refused.context["form"].errors["override_reason"]
    assert refused.context["form"]["message"].value() == "Selamat datang"
    officer.post(url("approve", visit), {"revision": 0, "message": "", "override_reason": "Surat asli diantar langsung"})

    assert Visit.objects.get().status == VisitStatus.APPROVED
    assert "Surat asli diantar langsung" in officer.get(url("history", visit)).content.decode()


def test_the_preview_shows_the_mail_and_sends_nothing(officer, mailoutbox):
    visit = VisitFactory(submitted=True)

    page = officer.post(url("decline", visit), {"revision": 0, "reason_code": "other", "reason": "Aula sedang diperbaiki.", "preview": 1})

    assert "Aula sedang diperbaiki." in page.context["mail"].text
    assert "/status/" not in page.context["mail"].text
    assert Visit.objects.get().status == VisitStatus.SUBMITTED
    assert not mailoutbox


class TestReception:
    @pytest.fixture
    def visit(self):
        return VisitFactory(approved=True, today=True, delegates=2)

    def test_a_double_click_checks_in_once(self, visit, receptionist):
        form = {"kind": "checked_in", "delegate": visit.delegates.first().pk, "nonce": uuid.uuid4()}

        receptionist.post(url("check_in", visit), form)
        receptionist.post(url("check_in", visit), form)

        assert AttendanceEvent.objects.count() == 1

    def test_annulling_a_check_in_keeps_both_events(self, visit, receptionist):
        delegate = visit.delegates.first()
        receptionist.post(url("check_in", visit), {"kind": "checked_in", "delegate": delegate.pk, "nonce": uuid.uuid4()})
        receptionist.post(url("check_in", visit), {"kind": "annulled", "delegate": delegate.pk, "nonce": uuid.uuid4()})

        assert [event.kind for event in AttendanceEvent.objects.all()] == [AttendanceKind.CHECKED_IN, AttendanceKind.ANNULLED]
        assert receptionist.get(url("reception", visit)).context["reception"].present == 0

    def test_a_walk_in_is_added_once(self, visit, receptionist):
        form = {"name": "Tamu Contoh", "position": "Staf", "nonce": uuid.uuid4()}
        receptionist.post(url("reception", visit), form)
        receptionist.post(url("reception", visit), form)
        assert Delegate.objects.filter(walk_in=True).count() == 1

        again = receptionist.post(url("reception", visit), {**form, "nonce": uuid.uuid4()})
        assert again.context["form"].non_field_errors()
        assert again.context["form"]["name"].value() == "Tamu Contoh"

    def test_delegates_of_other_visits_cannot_check_in(self, visit, receptionist):
        other = VisitFactory(approved=True, today=True, delegates=1)

        form = {"kind": "checked_in", "delegate": other.delegates.first().pk, "nonce": uuid.uuid4()}
        answer = receptionist.post(url("check_in", visit), form, follow=True)

        assert [message.level_tag for message in answer.context["messages"]] == ["error"]
        assert not AttendanceEvent.objects.exists()


class TestList:
    def test_urgent_visits_are_listed_first(self, officer):
        now = timezone.now()
        scheduled = VisitFactory(approved=True)
        later = VisitFactory(submitted=True, answer_due_at=now + dt.timedelta(days=3))
        late = VisitFactory(submitted=True, answer_due_at=now - dt.timedelta(days=3))
        done = VisitFactory(completed=True)

        assert list(officer.get(reverse(LIST)).context["object_list"]) == [late, later, scheduled, done]

    def test_visits_are_found_by_every_filter(self, officer):
        visit = VisitFactory(submitted=True, organisation="Dinas Perpustakaan Contoh", spoken_language="en")
        other = VisitFactory(approved=True, days_ahead=100, region__parent__code="98", organisation_kind="company")
        day = visit.slot.starts_at.date().isoformat()
        for query in (
            "queue=answer",
            "status=submitted",
            f"programme={visit.programme_id}",
            f"period_from={day}&period_to={day}",
            f"province={visit.region.parent_id}",
            "organisation_kind=local_government",
            "spoken_language=en",
            "q=perpustakaan",
            f"q={visit.reference}",
        ):
            found = list(officer.get(f"{reverse(LIST)}?{query}").context["object_list"])
            assert visit in found, query
            assert other not in found, query

    def test_invalid_filters_cause_no_error(self, officer):
        VisitFactory(submitted=True)
        for query in (
            "status=x&programme=abc",
            f"programme={'9' * 400}",
            "period_from=kemarin",
            "q=%22",
            "q=%00",
            "ordering=password",
            "p=-1",
            "province=zz",
        ):
            assert officer.get(f"{reverse(LIST)}?{query}").status_code == 200, query


def test_answer_deadlines_count_working_days(time_machine):
    time_machine.move_to(dt.datetime(2026, 8, 13, 3, tzinfo=dt.UTC))
    CalendarException.objects.create(date=dt.date(2026, 8, 17), reason_id="Hari Kemerdekaan", reason_en="Independence Day")
    days = inbox.WorkingDays(timezone.now())

    def due(day):
        return days.due(VisitFactory.build(submitted=True, slot=None, programme=None, region=None, answer_due_at=day))

    # Thursday; Friday and Tuesday are working days, Monday is a holiday.
    assert due(dt.datetime(2026, 8, 18, 16, tzinfo=dt.UTC)).tone == "soon"
    assert "2" in due(dt.datetime(2026, 8, 18, 16, tzinfo=dt.UTC)).text
    assert due(dt.datetime(2026, 8, 20, 16, tzinfo=dt.UTC)).tone == "calm"
    assert due(dt.datetime(2026, 8, 10, 16, tzinfo=dt.UTC)).tone == "late"


class TestExport:
    @pytest.fixture
    def attack(self):
        return VisitFactory(submitted=True, organisation='=HYPERLINK("http://contoh.invalid","klik")', spoken_language="en")

    def test_csv_contains_no_formula_or_contact(self, attack, officer):
        answer = officer.get(reverse(LIST) + "?export=csv")
        rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))

        assert len(rows) == 2
        assert any(cell.startswith("'=HYPERLINK") for cell in rows[1])
        assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in rows[1])
        assert attack.contact_email not in str(rows)
        assert rows[1][rows[0].index("Bahasa kunjungan")] == "Bahasa Inggris"

    def test_xlsx_contains_no_formula(self, attack, officer):
        answer = officer.get(reverse(LIST) + "?export=xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active

        assert sheet.max_row == 2
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize(("group", "sees"), [("Tata usaha", True), ("Penerima tamu", True), ("Auditor", True), ("Pimpinan", False)])
def test_only_those_who_write_to_guests_see_address_and_number(groups, client, group, sees):
    visit = VisitFactory(submitted=True, contact_email="orang@contoh.invalid", contact_phone="0812 0000 1111")
    user = UserFactory()
    user.groups.add(groups[group])
    client.force_login(user)

    page = client.get(reverse("visits_staff:inspect", args=[visit.pk])).content.decode()

    assert visit.contact_name in page
    assert ("orang@contoh.invalid" in page) is sees
    assert ("0812 0000 1111" in page) is sees
