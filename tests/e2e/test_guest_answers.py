"""A date that the host proposed, answered in Chromium; and every page of a guest in English by axe's rules, on a phone and on a desk."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from tests.e2e.test_booking_stories import ON, Reader
from tests.factories import VisitFactory
from tests.mail import links_in
from tests.visits.public.pages import pdf
from visits.domain import availability, scheduling, tokens
from visits.enums import Actor, ProposalState, VisitStatus
from visits.models import Programme, Visit, VisitSlot


def waiting_visit(**changes) -> tuple[Visit, VisitSlot]:
    """A request, and a free session that the host may propose."""
    programme = Programme.objects.get(slug="kunjungan-setengah-hari")
    first, other, *_more = availability.bookable_slots(programme, persons=10, now=timezone.now())
    return VisitFactory(slot=first, programme=programme, submitted=True, **changes), other


def page_of(visit: Visit, name: str = "status") -> str:
    """The secret address of a visit's page."""
    return reverse(f"visits:{name}", args=[tokens.token_for(visit, tokens.STATUS)])


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_guest_accepts_the_date_that_the_host_proposed(visitor, site, smtp_sink, javascript):
    visit, other = waiting_visit()
    scheduling.propose(visit, other, by=Actor.STAFF, message="Ruang dipakai paripurna.")
    guest = visitor("usulan" if javascript else "usulan-tanpa-js", javascript=javascript)
    reader = Reader(guest, javascript=javascript)

    guest.open(page_of(visit))
    assert "Ruang dipakai paripurna." in guest.page.inner_text("main")
    reader.look("status diusulkan")
    guest.press("main a[href$='/usulan/']")
    reader.look("jawab usulan")
    guest.press("button[value=accept]")

    visit.refresh_from_db()
    assert (visit.status, visit.slot) == (VisitStatus.APPROVED, other)
    assert "Google Calendar" in guest.page.inner_text("main")
    reader.look("diterima")
    assert VisitSlot.objects.get(pk=other.pk).used_persons == visit.group_size
    # The old page in another tab, or the back button: the answer is told, not an error.
    guest.open(page_of(visit, "proposal"))
    assert guest.page.url.endswith(page_of(visit))
    assert reader.troubles == {}
    assert guest.complaints == []


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_guest_refuses_the_date_that_the_host_proposed_and_keeps_the_old_one(visitor, site, smtp_sink, javascript):
    visit, other = waiting_visit()
    scheduling.propose(visit, other, by=Actor.STAFF)
    guest = visitor("menolak" if javascript else "menolak-tanpa-js", javascript=javascript)
    reader = Reader(guest, javascript=javascript)

    guest.open(page_of(visit, "proposal"))
    guest.page.locator("details summary").first.click()
    reader.look("menolak usulan")
    guest.page.fill("[name=reason]", "Hari itu ada rapat paripurna kami.")
    guest.press("button[value=end]")

    visit.refresh_from_db()
    assert (visit.status, visit.seats_held) == (VisitStatus.SUBMITTED, visit.group_size)
    assert visit.proposals.get().state == ProposalState.REFUSED
    assert "Hari itu ada rapat paripurna kami." in guest.page.inner_text("main")
    assert VisitSlot.objects.get(pk=other.pk).used_persons == 0
    reader.look("usulan ditolak")
    assert reader.troubles == {}
    assert guest.complaints == []


def test_every_page_of_a_guest_can_be_read_in_english(visitor, site, smtp_sink):
    guest = visitor("english")
    reader, page = Reader(guest, javascript=True), guest.page
    with translation.override("en"):
        ask_in_english(guest, reader, smtp_sink)
        follow_in_english(guest, reader)

    assert page.locator("html").get_attribute("lang") == "en"
    assert reader.troubles == {}
    assert not [text for text in guest.complaints if "422" not in text]


def ask_in_english(guest, reader, smtp_sink) -> None:
    """From the programmes to the confirmed request."""
    page = guest.page
    for name in ("programmes", "rules", "lost_link"):
        guest.open(reverse(f"visits:{name}"))
        reader.look(name)
    guest.open(reverse("visits:book"))
    guest.press(ON)
    reader.look("group with errors")
    page.locator("input[name=programme]").first.check()
    page.fill("[name=group_size]", "25")
    page.select_option("[name=spoken_language]", "en")
    page.fill("[name=organisation]", "Ministry of Examples")
    page.select_option("[name=organisation_kind]", "foreign")
    guest.press(ON)
    reader.look("dates")
    guest.press("[aria-labelledby=nearest] a")
    page.locator("input[name=slot]").first.check()
    reader.look("sessions")
    guest.press("form:has(input[name=slot]) button.btn--primary")
    reader.look("other dates")
    guest.press(ON)
    page.fill("[name=purpose]", "How permits are given.")
    page.fill("[name=letter_number]", "1/2026")
    page.fill("[name=letter_date]", f"{timezone.now():%Y-%m-%d}")
    page.set_input_files("[name=letter_file]", {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": pdf().read()})
    reader.look("purpose")
    guest.press(ON)
    page.fill("[name=contact_name]", "Contact Person")
    page.fill("[name=contact_email]", "contact@example.invalid")
    page.check("[name=has_informed]")
    reader.look("contact")
    guest.press(ON)
    assert "English" in page.inner_text("main")
    reader.look("check")
    guest.press(ON)
    reader.look("sent")
    guest.open(next(link for link in links_in(smtp_sink.last_to("contact@example.invalid")) if "/confirm/" in link))
    reader.look("confirm")
    guest.press(ON)
    reader.look("received")


def follow_in_english(guest, reader) -> None:
    """The page of a visit in its states, and the pages behind it."""
    visit, other = waiting_visit(language="en")
    for name in ("status", "another_date", "delegates", "cancel"):
        guest.open(page_of(visit, name))
        reader.look(f"submitted {name}")
    scheduling.propose(visit, other, by=Actor.STAFF, message="Our room is taken.")
    for name in ("status", "proposal"):
        guest.open(page_of(visit, name))
        reader.look(f"proposed {name}")
    guest.press("button[value=accept]")
    reader.look("scheduled")
    guest.open(page_of(VisitFactory(completed=True, delegates=2, attended=True)))
    reader.look("completed")
