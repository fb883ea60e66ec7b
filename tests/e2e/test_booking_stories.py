"""User stories 2 to 6 and 11 in a browser: date, request, status, changes, delegates, and two delegations on one day."""

import datetime as dt
import io
import re

import pytest
from django.urls import reverse
from openpyxl import Workbook
from playwright.sync_api import expect

from tests.e2e.conftest import Visitor, fill_in_place
from tests.e2e.looking import violations
from tests.factories import NeedFactory, ResourceFactory, VisitFactory
from tests.mail import links_in
from tests.visits.public.pages import pdf
from visits.enums import MessageKind, VisitStatus
from visits.models import OutboundMessage, Proposal, Visit, VisitSlot

CONTACT = "narahubung@contoh.invalid"
CONTINUE = "main form button.btn--primary"
SUBMIT = "form.visit-form button[type=submit]:not([name=preview])"


class PageChecker:
    """Checks pages of a guest with axe and at two widths. Without JavaScript it does nothing, because axe cannot run.

    Colours are looked at on the wide page, and only if ``colours`` is true.
    """

    def __init__(self, guest: Visitor, *, javascript: bool, colours: bool = True):
        self.guest, self.javascript, self.colours = guest, javascript, colours
        self.problems: dict[str, list[str]] = {}

    def check(self, title: str) -> None:
        """Record violations of axe's rules and sideways scrolling."""
        if not self.javascript:
            return
        page = self.guest.page
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            found = violations(page, colours=self.colours and width > 360)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append("wider than the screen")
            if found:
                self.problems[f"{title}, {width} px"] = found
            self.guest.keep(f"{title} {width}")


def fill_in_group(guest, checker):
    """Story 2: an empty form, an ambiguous region, the Enter key, and the right region."""
    page = guest.page
    guest.open(reverse("visits:rules"))
    checker.check("ketentuan")
    guest.open(reverse("visits:programmes"))
    checker.check("program")
    guest.press("main a[href*='?programme=']")
    guest.press(CONTINUE)
    assert page.locator(".error-summary a").count() >= 3
    checker.check("rombongan salah")
    page.locator("input[name=programme]").first.check()
    page.fill("[name=group_size]", "25")
    page.fill("[name=organisation]", "Komisi B DPRD")
    page.select_option("[name=organisation_kind]", "local_council")
    page.fill("[name=region]", "Jayapura")
    with page.expect_navigation():
        page.press("[name=region]", "Enter")
    assert page.input_value("[name=organisation]") == "Komisi B DPRD"
    checker.check("daerah rancu")
    with page.expect_navigation():
        page.press("[name=region]", "Enter")
    assert "/rombongan/" in page.url, "the Enter key does not choose a suggestion"
    guest.press("button[name=region][value^='Kota Jayapura']")


def choose_a_date(guest, checker):
    """Story 2: notice period, both time zones, choice of a session, and going back without losing anything."""
    page = guest.page
    words = page.inner_text("main")
    assert "hari kerja" in words
    assert "WIB" in words
    assert "WIT)" in words
    checker.check("tanggal")
    guest.press("[aria-labelledby=nearest] a")
    checker.check("sesi")
    page.locator("input[name=slot]").first.check()
    guest.press("form:has(input[name=slot]) button.btn--primary")
    checker.check("tanggal lain")
    page.locator("input[name=slots]").first.check()
    guest.press(CONTINUE)
    page.go_back()
    page.go_back()
    page.go_forward()
    page.go_forward()


def fill_in_purpose(guest, checker, smtp_sink):
    """Story 3: a file that is no PDF does not lose typed text; the draft is saved and its link returned."""
    page = guest.page
    guest.open(reverse("visits:book"))
    assert "/tujuan/" in page.url
    page.fill("[name=purpose]", "Belajar perizinan dan satu data.")
    page.fill("[name=letter_number]", "005/77/DPRD")
    guest.press("button[name=back]")
    assert "/tanggal-lain/" in page.url
    guest.press(CONTINUE)
    if checker.javascript:
        page.fill("[name=letter_number]", "005/78/DPRD")
        guest.press("header a[href*=kunjungan]")
        guest.open(reverse("visits:book"))
        assert page.input_value("[name=letter_number]") == "005/78/DPRD"
        page.fill("[name=letter_number]", "005/77/DPRD")
    assert page.input_value("[name=letter_number]") == "005/77/DPRD"
    page.fill("[name=letter_date]", f"{dt.date.today() - dt.timedelta(days=1):%Y-%m-%d}")
    page.set_input_files("[name=letter_file]", {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": b"bukan PDF"})
    guest.press(CONTINUE)
    assert "bukan PDF" in page.inner_text(".error-summary")
    assert page.input_value("[name=purpose]") == "Belajar perizinan dan satu data."
    checker.check("tujuan salah")
    page.set_input_files("[name=letter_file]", {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": pdf().read()})
    guest.press("button[name=save]")
    checker.check("simpan")
    page.fill("[name=email]", CONTACT)
    guest.press(CONTINUE)
    return next(link for link in links_in(smtp_sink.last_to(CONTACT)) if "/lanjutkan/" in link)


def send_from_another_device(guest, checker, link):
    """The link opens the draft on another device; two clicks on “send” make one request."""
    page = guest.page
    guest.open(link)
    checker.check("lanjutkan")
    guest.press("main form button.btn--primary")
    guest.press(CONTINUE)
    page.fill("[name=contact_name]", "Narahubung Contoh")
    page.fill("[name=contact_email]", "bukan alamat")
    guest.press(CONTINUE)
    assert page.locator(".error-summary").count() == 1
    checker.check("narahubung salah")
    page.fill("[name=contact_email]", CONTACT)
    page.check("[name=has_informed]")
    guest.press(CONTINUE)
    assert "surat.pdf" in page.inner_text("main")
    checker.check("periksa")
    # The second click interrupts the response to the first; check where the guest ends up.
    page.locator(CONTINUE).first.dblclick()
    # wait_for_url() would fail with the interrupted navigation.
    expect(page).to_have_url(re.compile("/terkirim/$"))
    page.wait_for_load_state()
    checker.check("terkirim")
    assert Visit.objects.count() == 1 + Visit.objects.filter(source="record").count()


def confirm(guest, checker, smtp_sink):
    """Story 4: confirm by the mailed link; a lost link is sent again to the contact only."""
    page = guest.page
    guest.open(next(link for link in links_in(smtp_sink.last_to(CONTACT)) if "/konfirmasi/" in link))
    checker.check("konfirmasi")
    guest.press(CONTINUE)
    status = page.url
    checker.check("status")
    visit = Visit.objects.get(contact_email=CONTACT)
    assert visit.reference in page.inner_text("h1")
    answers = []
    for address in ("orang@lain.invalid", CONTACT):
        guest.open(reverse("visits:lost_link"))
        checker.check("tautan hilang")
        page.fill("[name=contact_email]", address)
        guest.press(CONTINUE)
        answers.append(page.inner_text("main").replace(address, ""))
    assert answers[0] == answers[1]
    assert status in links_in(smtp_sink.last_to(CONTACT))
    return visit, status


def fix_and_change(guest, staff, checker, visit, status):
    """Story 5: a corrected letter and another date, both answered by staff; the earlier session is free at once."""
    page, before = guest.page, visit.slot
    staff.sign_in()
    staff.open(f"/admin/visits/ask/{visit.pk}/")
    staff.page.locator("form.visit-form textarea").first.fill("Mohon surat yang ditandatangani.")
    staff.press(SUBMIT)
    guest.open(status)
    assert "Mohon surat yang ditandatangani." in page.inner_text("main")
    checker.check("perlu perbaikan")
    page.fill("[name=text]", "Terlampir surat yang sudah ditandatangani.")
    page.locator("[name=letter_file]").first.set_input_files({"name": "surat-2.pdf", "mimeType": "application/pdf", "buffer": pdf().read()})
    guest.press("button[value=reply]")
    visit.refresh_from_db()
    assert (visit.status, visit.letters.count()) == (VisitStatus.SUBMITTED, 2)
    guest.press("main a[href$='/tanggal/']")
    checker.check("minta tanggal lain")
    guest.press("main ul a[href*='?date=']")
    page.locator("input[name=slot]").first.check()
    page.fill("[name=message]", "Paripurna dimajukan.")
    checker.check("pilih tanggal lain")
    guest.press("form:has(input[name=slot]) button.btn--primary")
    checker.check("usulan tamu")
    wish = Proposal.objects.get()
    staff.open(reverse("visits_staff:accept_date", args=[visit.pk]), picture="terima tanggal")
    fill_in_place(staff.page)
    staff.press(SUBMIT)
    visit.refresh_from_db()
    assert (visit.status, visit.slot_id) == (VisitStatus.APPROVED, wish.slot_id)
    assert VisitSlot.objects.get(pk=before.pk).used_persons == 0


def name_delegates(guest, checker, visit, status):
    """Story 6: 25 delegates from a spreadsheet; the error of one row is corrected on the page."""
    page = guest.page
    sheet = Workbook()
    sheet.active.append(["Nama lengkap dan gelar", "Jabatan", "NIP", "Kebutuhan khusus"])
    for number in range(25):
        nip = "" if number < 2 else "12345" if number == 9 else f"19800101200501{number:04}"
        sheet.active.append([f"Anggota Contoh {number}, S.H.", "Anggota", nip, "kursi roda" if number == 5 else ""])
    file = io.BytesIO()
    sheet.save(file)
    guest.open(status)
    guest.press("main a[href*='/rombongan/']")
    page.locator("details summary").first.click()
    checker.check("rombongan kosong")
    page.set_input_files("[name=file]", {"name": "daftar.xlsx", "mimeType": "application/octet-stream", "buffer": file.getvalue()})
    guest.press("button[value=upload]")
    assert "11" in page.inner_text(".error-summary")
    assert "18" in page.inner_text(".error-summary")
    assert visit.delegates.count() == 0
    checker.check("daftar salah")
    page.fill("[name=form-9-nip]", "198001012005010009")
    guest.press("button.btn--primary[value=save]")
    assert visit.delegates.count() == 25
    guest.press("main a[href*='/rombongan/']")
    assert "198001012005010009" not in page.content()
    checker.check("daftar tersimpan")


def cancel(guest, checker, visit, status):
    """Cancel with a reason; the seats are free and staff get a message."""
    guest.open(status)
    guest.press("main a[href$='/batal/']")
    guest.press("main form button.btn--danger")
    checker.check("batal")
    guest.page.fill("[name=reason]", "Anggaran perjalanan dialihkan.")
    guest.press("main form button.btn--danger")
    checker.check("dibatalkan")
    visit.refresh_from_db()
    assert visit.status == VisitStatus.CANCELLED_BY_GUEST
    assert VisitSlot.objects.get(pk=visit.slot_id).used_persons == 0
    assert OutboundMessage.objects.filter(visit=visit, kind=MessageKind.CANCELLED).exists()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_guest_requests_changes_and_cancels_a_visit(visitor, smtp_sink, javascript):
    name = "pemohon" if javascript else "pemohon-tanpa-js"
    first, second, staff = (visitor(f"{name}-{who}", javascript=javascript or who == "petugas") for who in ("kantor", "rumah", "petugas"))
    at_work, at_home = PageChecker(first, javascript=javascript), PageChecker(second, javascript=javascript)

    fill_in_group(first, at_work)
    choose_a_date(first, at_work)
    link = fill_in_purpose(first, at_work, smtp_sink)
    send_from_another_device(second, at_home, link)
    visit, status = confirm(second, at_home, smtp_sink)
    fix_and_change(second, staff, at_home, visit, status)
    name_delegates(second, at_home, visit, status)
    cancel(second, at_home, visit, status)

    assert at_work.problems | at_home.problems == {}
    expected = ("422", "409")  # forms that came back with their errors
    assert not [text for text in first.complaints + second.complaints if not any(code in text for code in expected)]


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_approval_displaces_another_delegation(visitor, site, javascript):
    slot = VisitSlot.objects.select_related("programme").filter(is_open=True).order_by("-starts_at")[3:4].get()
    room = ResourceFactory(name="Ruang Rapat Contoh")
    NeedFactory(programme=slot.programme, kind=room.kind)
    first, second = VisitFactory.create_batch(2, slot=slot, submitted=True)
    for visit in (first, second):
        visit.letters.create(number=f"005/{visit.pk}", date=dt.date(2026, 11, 1), file="letters/contoh.pdf")
    staff = visitor("petugas-bentrok" if javascript else "petugas-bentrok-tanpa-js", javascript=javascript)
    staff.sign_in()

    staff.open(f"/admin/visits/approve/{first.pk}/", picture="yang terdesak")
    assert second.organisation in staff.page.inner_text("main"), "the displaced visit is listed before approving"
    fill_in_place(staff.page)
    staff.press(SUBMIT)

    second.refresh_from_db()
    assert (second.status, second.reason_code) == (VisitStatus.NEEDS_INFO, "needs_new_date")
    assert second.thread.get().text.count("–") >= 3, "the next three free sessions are offered"
    staff.open(f"/admin/visits/move/{first.pk}/", picture="pindah ke sesi lain")
    staff.open(f"/admin/visits/propose/{second.pk}/?slot={slot.pk}")
    staff.open(f"/admin/visits/inspect/{second.pk}/", picture="meja setelah bentrok")
    assert room.name in staff.open(f"/admin/visits/inspect/{first.pk}/").inner_text("main")
