"""Guests answer a proposed date in a browser; all pages of a guest in English are checked with axe."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from tests.e2e.test_booking_stories import CONTINUE, PageChecker
from tests.factories import AgendaItemFactory, LetterFactory, VisitFactory
from tests.mail import links_in
from tests.visits.public.pages import pdf
from visits.domain import availability, scheduling, tokens
from visits.enums import Actor, ProposalState, VisitStatus
from visits.models import Programme, Visit, VisitSlot


def waiting_visit(**changes) -> tuple[Visit, VisitSlot]:
    """A submitted visit, and a free session to propose."""
    programme = Programme.objects.get(slug="kunjungan-setengah-hari")
    first, other, *_more = availability.bookable_slots(programme, persons=10, now=timezone.now())
    place = {"place": "Balai Contoh", "directions": "Pintu timur.", "host_contact_phone": "000-0000"}
    return VisitFactory(slot=first, programme=programme, submitted=True, **place, **changes), other


def page_of(visit: Visit, name: str = "status") -> str:
    """The secret address of a visit's page."""
    return reverse(f"visits:{name}", args=[tokens.token_for(visit, tokens.STATUS)])


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_guest_accepts_a_proposed_date(visitor, site, smtp_sink, javascript):
    visit, other = waiting_visit()
    scheduling.propose(visit, other, by=Actor.STAFF, message="Ruang dipakai paripurna.")
    guest = visitor("usulan" if javascript else "usulan-tanpa-js", javascript=javascript)
    checker = PageChecker(guest, javascript=javascript)

    guest.open(page_of(visit))
    assert "Ruang dipakai paripurna." in guest.page.inner_text("main")
    checker.check("status diusulkan")
    guest.press("main a[href$='/usulan/']")
    checker.check("jawab usulan")
    guest.press("button[value=accept]")

    visit.refresh_from_db()
    assert (visit.status, visit.slot) == (VisitStatus.APPROVED, other)
    assert "Google Calendar" in guest.page.inner_text("main")
    checker.check("diterima")
    assert VisitSlot.objects.get(pk=other.pk).used_persons == visit.group_size
    # An old page in another tab, or the back button, leads to the status page.
    guest.open(page_of(visit, "proposal"))
    assert guest.page.url.endswith(page_of(visit))
    assert checker.problems == {}
    assert guest.complaints == []


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_guest_refuses_a_proposed_date(visitor, site, smtp_sink, javascript):
    visit, other = waiting_visit()
    scheduling.propose(visit, other, by=Actor.STAFF)
    guest = visitor("menolak" if javascript else "menolak-tanpa-js", javascript=javascript)
    checker = PageChecker(guest, javascript=javascript)

    guest.open(page_of(visit, "proposal"))
    guest.page.locator("details summary").first.click()
    checker.check("menolak usulan")
    guest.page.fill("[name=reason]", "Hari itu ada rapat paripurna kami.")
    guest.press("button[value=end]")

    visit.refresh_from_db()
    assert (visit.status, visit.seats_held) == (VisitStatus.SUBMITTED, visit.group_size)
    assert visit.proposals.get().state == ProposalState.REFUSED
    assert "Hari itu ada rapat paripurna kami." in guest.page.inner_text("main")
    assert VisitSlot.objects.get(pk=other.pk).used_persons == 0
    checker.check("usulan ditolak")
    assert checker.problems == {}
    assert guest.complaints == []


def test_all_guest_pages_are_accessible_in_english(visitor, site, smtp_sink):
    guest = visitor("english")
    # The colours are those of the Indonesian pages (test_booking_stories.py).
    checker, page = PageChecker(guest, javascript=True, colours=False), guest.page
    with translation.override("en"):
        request_in_english(guest, checker, smtp_sink)
        open_pages_in_english(guest, checker)

    assert page.locator("html").get_attribute("lang") == "en"
    assert checker.problems == {}
    assert not [text for text in guest.complaints if "422" not in text]


def request_in_english(guest, checker, smtp_sink) -> None:
    """From the list of programmes to the confirmed request."""
    page = guest.page
    for name in ("programmes", "rules", "lost_link"):
        guest.open(reverse(f"visits:{name}"))
        checker.check(name)
    guest.open(reverse("visits:book"))
    guest.press(CONTINUE)
    checker.check("group with errors")
    page.locator("input[name=programme]").first.check()
    page.fill("[name=group_size]", "25")
    page.select_option("[name=spoken_language]", "en")
    page.fill("[name=organisation]", "Ministry of Examples")
    page.select_option("[name=organisation_kind]", "foreign")
    guest.press(CONTINUE)
    checker.check("dates")
    guest.press("[aria-labelledby=nearest] a")
    page.locator("input[name=slot]").first.check()
    checker.check("sessions")
    guest.press("form:has(input[name=slot]) button.btn--primary")
    checker.check("other dates")
    guest.press(CONTINUE)
    page.fill("[name=purpose]", "How permits are given.")
    page.fill("[name=letter_number]", "1/2026")
    page.fill("[name=letter_date]", f"{timezone.now():%Y-%m-%d}")
    page.set_input_files("[name=letter_file]", {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": pdf().read()})
    checker.check("purpose")
    guest.press(CONTINUE)
    page.fill("[name=contact_name]", "Contact Person")
    page.fill("[name=contact_email]", "contact@example.invalid")
    page.check("[name=has_informed]")
    checker.check("contact")
    guest.press(CONTINUE)
    assert "English" in page.inner_text("main")
    checker.check("check")
    guest.press(CONTINUE)
    checker.check("sent")
    guest.open(next(link for link in links_in(smtp_sink.last_to("contact@example.invalid")) if "/confirm/" in link))
    checker.check("confirm")
    guest.press(CONTINUE)
    checker.check("received")


def open_pages_in_english(guest, checker) -> None:
    """The status page in several states, and the pages it links to."""
    visit, other = waiting_visit(language="en")
    for name in ("status", "another_date", "delegates", "cancel"):
        guest.open(page_of(visit, name))
        checker.check(f"submitted {name}")
    scheduling.propose(visit, other, by=Actor.STAFF, message="Our room is taken.")
    for name in ("status", "proposal"):
        guest.open(page_of(visit, name))
        checker.check(f"proposed {name}")
    guest.press("button[value=accept]")
    checker.check("scheduled")
    guest.open(page_of(VisitFactory(completed=True, delegates=2, attended=True)))
    checker.check("completed")


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_of_an_approved_visit_fits_a_phone(visitor, site, language):
    """The answer, what is to do, and the pages on which number and contact are changed, at 360 pixels without JavaScript."""
    visit = VisitFactory(approved=True, delegates=2, region__zone="WIT", slot__programme__map_url="https://peta.contoh.invalid/m")
    AgendaItemFactory(visit=visit, title="Paparan contoh", filler="Narasumber Contoh, S.T., M.Kom.")
    LetterFactory(visit=visit)
    guest = visitor(f"telepon-{language}", javascript=False)
    for width in (360, 1280):
        guest.page.set_viewport_size({"width": width, "height": 800})
        for name in ("status", "people", "contact_person"):
            with translation.override(language):
                guest.open(page_of(visit, name), picture=f"{name} {width}")
            assert guest.page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width} pixels"
    assert guest.complaints == []
