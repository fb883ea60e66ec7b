"""Staff screens in a browser: date choosers work, and nothing covers the check-in count on a phone."""

from django.urls import reverse

from tests.e2e.looking import WCAG, violations
from tests.factories import LetterFactory, QuestionFactory, SlotFactory, VisitFactory
from visits.enums import VisitStatus
from visits.models import Visit, VisitNotePage

# Wagtail scrolls a part of the page, not the window.
SCROLL = "y => { for (let e = document.querySelector('.visit-count'); e; e = e.parentElement) e.scrollTop = y; }"


def test_date_choosers_of_letters_open(visitor):
    visit = VisitFactory(submitted=True)
    LetterFactory(visit=visit)
    staff, errors = visitor("petugas-surat"), []
    staff.page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    staff.page.on("pageerror", lambda error: errors.append(str(error)))
    staff.sign_in()

    for form, field in (("register", "received_on"), ("register", "date"), ("dispose", "deadline")):
        page = staff.open(reverse(f"visits_staff:{form}", args=[visit.pk]))
        page.evaluate("name => document.getElementsByName(name)[0].value = ''", field)
        page.click(f"[name={field}]")
        page.locator(".xdsoft_datetimepicker:visible .xdsoft_date:not(.xdsoft_disabled)").first.click()
        assert page.input_value(f"[name={field}]"), (form, field)
        staff.keep(f"{form} {field}")

    assert errors == []


def test_the_menu_button_does_not_cover_the_check_in_count(visitor):
    visit = VisitFactory(approved=True, today=True, delegates=2)
    staff = visitor("penerima-tamu")
    staff.page.set_viewport_size({"width": 360, "height": 740})
    staff.sign_in()
    page = staff.open(reverse("visits_staff:reception", args=[visit.pk]))
    page.fill("[name=name]", "Tamu Tambahan Contoh")
    staff.press(".visit-form button[type=submit]")
    page.locator(".messages li").first.wait_for()
    page.wait_for_timeout(500)

    for y in (0, 60, 120, 300):
        page.evaluate(SCROLL, y)
        staff.keep(f"pesan {y}")
        count = page.locator(".visit-count").bounding_box()
        button = page.locator(".sidebar-nav-toggle").bounding_box()
        covered = (
            button["x"] < count["x"] + count["width"]
            and count["x"] < button["x"] + button["width"]
            and button["y"] < count["y"] + count["height"]
            and count["y"] < button["y"] + button["height"]
        )
        assert not covered, (y, button, count)


def test_closing_lists_what_is_missing_and_does_the_rest(visitor):
    visit = VisitFactory(approved=True, slot=SlotFactory(days_ahead=-1), delegates=3, attended=True)
    QuestionFactory(visit=visit, answer="")
    staff = visitor("menutup")
    staff.sign_in()
    for width in (1280, 360):
        staff.page.set_viewport_size({"width": width, "height": 900})
        page = staff.open(reverse("visits_staff:complete", args=[visit.pk]), picture=f"menutup {width}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert violations(page, ".visit-page", WCAG) == []
        for link in page.locator(".visit-closing a").all():
            assert link.bounding_box()["height"] >= 44
    staff.press(".visit-form button[type=submit]:not([name=preview])", picture="alasan diminta")
    page.fill("[name=reason]", "Jawaban menyusul dari dinas.")
    staff.press(".visit-form button[type=submit]:not([name=preview])", picture="sudah ditutup")

    assert Visit.objects.get(pk=visit.pk).status == VisitStatus.COMPLETED
    draft = VisitNotePage.objects.get(visit=visit)
    staff.press(".messages a", picture="catatan")
    assert f"/pages/{draft.pk}/edit/" in page.url
    assert not draft.live


def test_reception_fits_a_phone(visitor):
    visit = VisitFactory(approved=True, today=True, delegates=4)
    staff = visitor("penerimaan")
    staff.sign_in()
    for width in (1280, 360):
        staff.page.set_viewport_size({"width": width, "height": 900})
        page = staff.open(reverse("visits_staff:reception", args=[visit.pk]), picture=f"penerimaan {width}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert violations(page, ".visit-page", WCAG) == []
