"""The agenda in a browser: items move by handle, keys and buttons; forms fit at 360 and 1280 pixels."""

import pytest
from django.urls import reverse

from knowledge_hub.models import CaseStudyPage
from tests.e2e.looking import WCAG, violations
from tests.factories import AgendaItemFactory, PersonFactory, ResourceFactory, SlotFactory, VisitFactory
from visits.domain import resources

LONG = "Laboratorium Komputer Terpadu Gedung Serbaguna Politeknik Contoh yang namanya sangat panjang sekali"
SMALL = "[...document.querySelectorAll('.agenda__move .button')].filter(e => e.offsetHeight && e.offsetHeight < 44).length"
OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll(':is(.visit-row__fields, .agenda__add) :is(select, input)')]
    .filter(e => e.type !== 'hidden' && e.offsetParent).map(e => e.getBoundingClientRect());
  return boxes.some((a, i) => a.right > innerWidth + 0.5
    || boxes.some((b, j) => i < j && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1));
}"""


@pytest.fixture
def visit(site):
    """A scheduled visit with room, speaker and four items, beside another one at the same time."""
    visit = VisitFactory(approved=True, organisation="Dinas Komunikasi dan Informatika Kabupaten Contoh")
    resources.allocate(visit, visit.slot, [ResourceFactory(name="Aula Contoh"), PersonFactory(name="Dosen Contoh, S.T., M.Kom.")])
    for kind, minutes in (("opening", 10), ("guest_speech", 15), ("host_speech", 15), ("presentation", 45)):
        AgendaItemFactory(visit=visit, kind=kind, duration_minutes=minutes)
    other = VisitFactory(approved=True, slot=SlotFactory(starts_at=visit.slot.starts_at, ends_at=visit.slot.ends_at))
    resources.allocate(other, other.slot, [ResourceFactory(name=LONG)])
    CaseStudyPage.objects.update(title=f"Studi kasus {LONG}")
    return visit


@pytest.fixture
def staff(visitor):
    def sign_in(name, **options):
        staff = visitor(name, **options)
        staff.sign_in()
        return staff

    return sign_in


def kinds(visit):
    return [item.kind for item in visit.agenda_items.all()]


def test_items_move_by_handle_and_keys(staff, visit):
    browser = staff("acara")
    page = browser.open(reverse("visits_staff:agenda", args=[visit.pk]), picture="susunan acara")
    last, first = page.locator("[data-handle]").last, page.locator("[data-handle]").first
    last.scroll_into_view_if_needed()
    start, end = last.bounding_box(), first.bounding_box()
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + 10, end["y"] - 5, steps=8)
    assert page.locator("[data-time]").first.inner_text() == "09.00–09.45", "times follow before anything is saved"
    with page.expect_navigation():
        page.mouse.up()
    assert kinds(visit) == ["presentation", "opening", "guest_speech", "host_speech"]

    handle = page.locator("[data-handle]").first
    handle.focus()
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("ArrowDown")
    assert kinds(visit) == ["opening", "guest_speech", "presentation", "host_speech"]
    page.locator(".agenda__row :focus").wait_for()
    assert page.locator("[data-time]").nth(2).inner_text() == "09.25–10.10"


def test_buttons_move_items_without_a_script(staff, visit):
    browser = staff("acara-tanpa-skrip", javascript=False)
    browser.open(reverse("visits_staff:agenda", args=[visit.pk]))
    browser.press("button[name=to]")
    assert kinds(visit)[:2] == ["guest_speech", "opening"]


@pytest.mark.parametrize("width", [360, 1280])
def test_fields_of_the_record_fit(staff, visit, width):
    item = visit.agenda_items.last()
    browser = staff(f"acara-{width}")
    browser.page.set_viewport_size({"width": width, "height": 1900})
    for name, address in (
        ("agenda", reverse("visits_staff:agenda", args=[visit.pk])),
        ("acara", reverse("visits_staff:agenda_item", args=[visit.pk, item.pk])),
        ("notula", reverse("visits_staff:minutes", args=[visit.pk])),
        ("cenderamata", reverse("visits_staff:gifts", args=[visit.pk])),
    ):
        page = browser.open(address, picture=f"{name} {width}")
        assert not page.evaluate(OVERLAPS), name
        assert violations(page, ".visit-page", WCAG) == [], name
        assert page.evaluate("document.querySelector('.visit-page').scrollWidth <= innerWidth"), name
        assert page.evaluate(SMALL) == 0
