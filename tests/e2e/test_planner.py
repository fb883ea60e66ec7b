"""The staff calendar in a browser: moving visits by dragging, refusals, and the table for browsers without JavaScript."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.e2e.looking import WCAG, violations
from tests.factories import VisitFactory
from visits.domain.calendar_days import local_date
from visits.enums import VisitStatus
from visits.models import Programme, Visit, VisitSlot


@pytest.fixture
def week(site):
    """Two sessions of one programme in one week, at least three weeks ahead."""
    programme = Programme.objects.order_by("sort_order").first()
    place = {"venue_id": "Balai Contoh", "venue_en": "Example hall", "directions_id": "Pintu timur.", "directions_en": "East door."}
    Programme.objects.filter(pk=programme.pk).update(**place, host_contact_phone="000-0000")
    by_week: dict[tuple, list[VisitSlot]] = {}
    for slot in programme.slots.filter(starts_at__gt=timezone.now() + dt.timedelta(days=21), is_open=True).order_by("starts_at"):
        by_week.setdefault(local_date(slot.starts_at).isocalendar()[:2], []).append(slot)
    return next(slots for slots in by_week.values() if len(slots) >= 2)[:2]


def drag(page, visit, slot):
    """Drag a visit in the calendar and drop it at the start of a session."""
    event = page.locator(f".fc-event:has-text('{visit.organisation}')").first
    event.wait_for()
    column = page.locator(f".fc-timegrid-col[data-date='{local_date(slot.starts_at)}']")
    source, target = event.bounding_box(), column.bounding_box()
    page.mouse.move(source["x"] + source["width"] / 2, source["y"] + 10)
    page.mouse.down()
    page.mouse.move(source["x"] + source["width"] / 2 + 12, source["y"] + 12, steps=4)
    page.mouse.move(target["x"] + target["width"] / 2, source["y"] + 10, steps=12)
    page.mouse.up()
    page.locator("#planner-dialog[open]").wait_for()


def test_a_refused_drag_returns_the_visit(visitor, week):
    monday, thursday = week
    visit = VisitFactory(slot=monday, programme=monday.programme, approved=True, organisation="Dinas Geser Contoh")
    staff = visitor("petugas-kalender")
    errors = []
    staff.page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    staff.sign_in()
    address = f"/admin/visits/planner/?date={local_date(monday.starts_at)}"
    page = staff.open(address)

    drag(page, visit, thursday)
    staff.keep("pindahkan")
    page.fill("#planner-message", "Sesuai telepon")
    with page.expect_navigation():
        page.click("#planner-dialog button[data-when=moves]")
    visit.refresh_from_db()
    assert visit.slot == thursday
    assert not errors

    VisitSlot.objects.filter(pk=monday.pk).update(used_persons=monday.capacity_persons)
    drag(page, visit, monday)
    page.click("#planner-dialog button[data-when=moves]")
    page.locator("#planner-dialog [data-when=refused]:visible").wait_for()
    staff.keep("tidak dapat")
    assert page.inner_text("#planner-dialog [data-fill=text]")
    assert page.locator(f".fc-timegrid-col[data-date='{local_date(thursday.starts_at)}'] .fc-event:has-text('Geser')").count() == 1
    visit.refresh_from_db()
    assert visit.slot == thursday
    with page.expect_navigation():
        page.click("#planner-dialog a[data-when=form]")
    assert f"slot={monday.pk}" in page.url


def test_the_calendar_is_accessible(browser, visitor, week):
    slot, other = week
    VisitFactory(slot=slot, programme=slot.programme, approved=True)
    VisitFactory(slot=slot, programme=slot.programme, submitted=True)
    staff = visitor("petugas-akses")
    staff.sign_in()
    problems = {}
    for view in ("week", "month"):
        for width in (1280, 360):
            staff.page.set_viewport_size({"width": width, "height": 900})
            page = staff.open(f"/admin/visits/planner/?view={view}&date={local_date(slot.starts_at)}", picture=f"kalender {view} {width}")
            page.wait_for_load_state("networkidle")
            found = violations(page, ".visit-planner", WCAG)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append("wider than the screen")
            if found:
                problems[view, width] = found

    assert problems == {}
    assert local_date(other.starts_at) > local_date(slot.starts_at)


def test_visits_are_moved_without_javascript(visitor, week):
    slot, other = week
    visit = VisitFactory(slot=slot, programme=slot.programme, approved=True, organisation="Dinas Tabel Contoh")
    staff = visitor("petugas-tanpa-js", javascript=False)
    staff.sign_in()

    staff.open(f"/admin/visits/planner/?date={local_date(slot.starts_at)}")
    assert not staff.page.locator("#planner").is_visible()
    staff.press(".planner-table a:has-text('Tabel')")
    staff.press(f"a[href*='/visits/move/{visit.pk}/']")
    staff.open(f"{staff.page.url}?month={other.starts_at:%Y-%m}", picture="pilih sesi")
    staff.press(f"a[href*='slot={other.pk}']", picture="periksa pindah")
    staff.press("form.visit-form button[type=submit]:not([name=preview])")

    moved = Visit.objects.get(pk=visit.pk)
    assert (moved.slot, moved.status) == (other, VisitStatus.APPROVED)
