"""Inbox, desk, preparation and letters in a browser: by the keyboard alone, without a script, and at 360 px."""

import pytest
from django.urls import reverse

from knowledge_hub.models import User
from tests.e2e.looking import WCAG, violations
from tests.factories import DispositionFactory, GiftFactory, LetterFactory, TaskFactory, VisitFactory
from visits.domain import preparation
from visits.models import Disposition, PreparationTask, Visit

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def focus(page, selector: str, limit: int = 200) -> None:
    """Press Tab until an element has the focus."""
    for _step in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by the keyboard")


def test_a_request_is_assigned_by_the_keyboard_without_a_script(visitor):
    visit = VisitFactory(submitted=True)
    staff = visitor("antrean-papan-ketik", javascript=False)
    staff.sign_in()
    page = staff.open(f"{reverse('visits_staff:index')}?queue=new", picture="antrean")

    focus(page, f"input[name=id][value='{visit.pk}']")
    page.keyboard.press("Space")
    # The actions stand before the rows.
    for _step in range(200):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('button[formaction*=\"/assign/\"]')"):
            break
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.select_option("select[name=officer]", index=1)
    staff.press(".visit-form button[type=submit]")

    assert Visit.objects.get(pk=visit.pk).assigned_to == User.objects.get()


@pytest.fixture
def pages():
    """Addresses of the screens, filled."""
    visit = VisitFactory(approved=True, delegates=3)
    visit.delegates.update(needs="Vegetarian")
    task = TaskFactory(visit=visit)
    GiftFactory(visit=visit, is_planned=True)
    letter = LetterFactory(visit=visit)
    DispositionFactory(letter=letter, addressee=User.objects.get())
    LetterFactory(visit=VisitFactory(submitted=True))
    of_visit = ("inspect", "preparation", "add_task", "dispose", "reply", "history")
    return [
        *(reverse(f"visits_staff:{name}", args=[visit.pk]) for name in of_visit),
        *(reverse(f"visits_{name}:index") for name in ("staff", "incoming", "outgoing", "dispositions")),
        preparation.link_of(task),
    ]


@pytest.mark.parametrize("width", [1280, 360])
def test_screens_are_accessible_and_fit(visitor, pages, width):
    staff = visitor(f"meja-{width}")
    staff.page.set_viewport_size({"width": width, "height": 900})
    staff.sign_in()
    wrong = {}
    for number, address in enumerate(pages):
        page = staff.open(address, picture=f"layar {number}")
        found = violations(page, "main", WCAG)
        if found or page.evaluate(OVERFLOW) > 0:
            wrong[address] = found or "too wide"

    assert wrong == {}


def test_tasks_and_dispositions_are_done_on_a_phone(visitor, pages):
    staff = visitor("telepon", javascript=False)
    staff.page.set_viewport_size({"width": 360, "height": 740})
    staff.open(pages[-1])
    staff.page.fill("[name=note]", "30 kotak.")
    staff.press("button[type=submit]")
    assert PreparationTask.objects.get().note == "30 kotak."

    # Wagtail's menu covers its pages on a phone without a script.
    staff = visitor("telepon-pimpinan")
    staff.page.set_viewport_size({"width": 360, "height": 740})
    staff.sign_in()
    staff.open(reverse("visits_dispositions:index"))
    staff.press("form[action$='/done/'] button")
    assert Disposition.objects.get().done_at
