"""Stories 2 to 6 and 11 in Chromium: choosing a date, asking, following, changing, naming people, and two delegations on one day."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from openpyxl import Workbook

from tests.e2e.conftest import STAFF, Visitor
from tests.e2e.looking import violations
from tests.factories import NeedFactory, ResourceFactory, VisitFactory
from tests.mail import links_in
from tests.visits.public.pages import pdf
from visits.enums import MessageKind, VisitStatus
from visits.models import OutboundMessage, Proposal, Visit, VisitSlot

CONTACT = "narahubung@contoh.invalid"
ON = "main form button.btn--primary"
SUBMIT = "form.visit-form button[type=submit]:not([name=preview])"


class Reader:
    """Looks at every page of a guest by axe's rules and at two widths; without JavaScript axe cannot run, the widths can be tried."""

    def __init__(self, guest: Visitor, *, javascript: bool):
        self.guest, self.javascript = guest, javascript
        self.troubles: dict[str, list[str]] = {}

    def look(self, title: str) -> None:
        """Note what is wrong with the page."""
        if not self.javascript:
            return
        page = self.guest.page
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            found = violations(page)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append("wider than the screen")
            if found:
                self.troubles[f"{title}, {width} px"] = found
            self.guest.keep(f"{title} {width}")


def say_who_comes(guest, reader):
    """An empty form, a region that three are called, the Enter key, and the right one."""
    page = guest.page
    guest.open(reverse("visits:rules"))
    reader.look("ketentuan")
    guest.open(reverse("visits:programmes"))
    reader.look("program")
    guest.press("main a[href*='?programme=']")
    guest.press(ON)
    assert page.locator(".error-summary a").count() >= 3
    reader.look("rombongan salah")
    page.locator("input[name=programme]").first.check()
    page.fill("[name=group_size]", "25")
    page.fill("[name=organisation]", "Komisi B DPRD")
    page.select_option("[name=organisation_kind]", "local_council")
    page.fill("[name=region]", "Jayapura")
    with page.expect_navigation():
        page.press("[name=region]", "Enter")
    assert page.input_value("[name=organisation]") == "Komisi B DPRD"
    reader.look("daerah rancu")
    with page.expect_navigation():
        page.press("[name=region]", "Enter")
    assert "/rombongan/" in page.url, "the Enter key chooses no suggestion"
    guest.press("button[name=region][value^='Kota Jayapura']")


def choose_a_date(guest, reader):
    """Story 2: notice in words, both zones, the session by a radio, and back without losing anything."""
    page = guest.page
    words = page.inner_text("main")
    assert "hari kerja" in words
    assert "WIB" in words
    assert "WIT)" in words
    reader.look("tanggal")
    guest.press("[aria-labelledby=nearest] a")
    reader.look("sesi")
    page.locator("input[name=slot]").first.check()
    guest.press("form:has(input[name=slot]) button.btn--primary")
    reader.look("tanggal lain")
    page.locator("input[name=slots]").first.check()
    guest.press(ON)
    page.go_back()
    page.go_back()
    page.go_forward()
    page.go_forward()


def say_what_for(guest, reader, smtp_sink):
    """Story 3: a file that is no PDF costs nothing that was typed; saved here, gone on with by the link."""
    page = guest.page
    guest.open(reverse("visits:book"))
    assert "/tujuan/" in page.url
    page.fill("[name=purpose]", "Belajar perizinan dan satu data.")
    page.fill("[name=letter_number]", "005/77/DPRD")
    guest.press("button[name=back]")
    assert "/tanggal-lain/" in page.url
    guest.press(ON)
    if reader.javascript:
        page.fill("[name=letter_number]", "005/78/DPRD")
        guest.press("header a[href*=kunjungan]")
        guest.open(reverse("visits:book"))
        assert page.input_value("[name=letter_number]") == "005/78/DPRD"
        page.fill("[name=letter_number]", "005/77/DPRD")
    assert page.input_value("[name=letter_number]") == "005/77/DPRD"
    page.fill("[name=letter_date]", f"{dt.date.today() - dt.timedelta(days=1):%Y-%m-%d}")
    page.set_input_files("[name=letter_file]", {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": b"bukan PDF"})
    guest.press(ON)
    assert "bukan PDF" in page.inner_text(".error-summary")
    assert page.input_value("[name=purpose]") == "Belajar perizinan dan satu data."
    reader.look("tujuan salah")
    page.set_input_files("[name=letter_file]", {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": pdf().read()})
    guest.press("button[name=save]")
    reader.look("simpan")
    page.fill("[name=email]", CONTACT)
    guest.press(ON)
    return next(link for link in links_in(smtp_sink.last_to(CONTACT)) if "/lanjutkan/" in link)


def send_from_another_device(guest, reader, link):
    """The link opens the request elsewhere as it was; two clicks on “send” are one request."""
    page = guest.page
    guest.open(link)
    reader.look("lanjutkan")
    guest.press("main form button.btn--primary")
    guest.press(ON)
    page.fill("[name=contact_name]", "Narahubung Contoh")
    page.fill("[name=contact_email]", "bukan alamat")
    guest.press(ON)
    assert page.locator(".error-summary").count() == 1
    reader.look("narahubung salah")
    page.fill("[name=contact_email]", CONTACT)
    page.check("[name=has_informed]")
    guest.press(ON)
    assert "surat.pdf" in page.inner_text("main")
    reader.look("periksa")
    # The second click breaks off the answer to the first; what counts is where the guest ends up.
    page.locator(ON).first.dblclick()
    page.wait_for_url("**/terkirim/")
    reader.look("terkirim")
    assert Visit.objects.count() == 1 + Visit.objects.filter(source="record").count()


def confirm(guest, reader, smtp_sink):
    """Story 4: the page behind the link, and the link again to the contact only."""
    page = guest.page
    guest.open(next(link for link in links_in(smtp_sink.last_to(CONTACT)) if "/konfirmasi/" in link))
    reader.look("konfirmasi")
    guest.press(ON)
    status = page.url
    reader.look("status")
    visit = Visit.objects.get(contact_email=CONTACT)
    assert visit.reference in page.inner_text("h1")
    answers = []
    for address in ("orang@lain.invalid", CONTACT):
        guest.open(reverse("visits:lost_link"))
        reader.look("tautan hilang")
        page.fill("[name=contact_email]", address)
        guest.press(ON)
        answers.append(page.inner_text("main").replace(address, ""))
    assert answers[0] == answers[1]
    assert status in links_in(smtp_sink.last_to(CONTACT))
    return visit, status


def sign_in(staff):
    staff.open("/admin/login/")
    staff.page.fill("[name=username]", STAFF[0])
    staff.page.fill("[name=password]", STAFF[1])
    staff.press("button[type=submit]")


def fix_and_change(guest, staff, reader, visit, status):
    """Story 5: a corrected letter, another date, each answered; the session before is free at once."""
    page, before = guest.page, visit.slot
    sign_in(staff)
    staff.open(f"/admin/visits/ask/{visit.pk}/")
    staff.page.locator("form.visit-form textarea").first.fill("Mohon surat yang ditandatangani.")
    staff.press(SUBMIT)
    guest.open(status)
    assert "Mohon surat yang ditandatangani." in page.inner_text("main")
    reader.look("perlu perbaikan")
    page.fill("[name=text]", "Terlampir surat yang sudah ditandatangani.")
    page.locator("[name=letter_file]").first.set_input_files({"name": "surat-2.pdf", "mimeType": "application/pdf", "buffer": pdf().read()})
    guest.press("button[value=reply]")
    visit.refresh_from_db()
    assert (visit.status, visit.letters.count()) == (VisitStatus.SUBMITTED, 2)
    guest.press("main a[href$='/tanggal/']")
    reader.look("minta tanggal lain")
    guest.press("main ul a[href*='?date=']")
    page.locator("input[name=slot]").first.check()
    page.fill("[name=message]", "Paripurna dimajukan.")
    reader.look("pilih tanggal lain")
    guest.press("form:has(input[name=slot]) button.btn--primary")
    reader.look("usulan tamu")
    wish = Proposal.objects.get()
    staff.open(reverse("visits_staff:accept_date", args=[visit.pk]), picture="terima tanggal")
    staff.press(SUBMIT)
    visit.refresh_from_db()
    assert (visit.status, visit.slot_id) == (VisitStatus.APPROVED, wish.slot_id)
    assert VisitSlot.objects.get(pk=before.pk).used_persons == 0


def name_delegates(guest, reader, visit, status):
    """Story 6: twenty-five from a spreadsheet, two without NIP, one in a wheelchair; an error by its row, corrected on the page."""
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
    reader.look("rombongan kosong")
    page.set_input_files("[name=file]", {"name": "daftar.xlsx", "mimeType": "application/octet-stream", "buffer": file.getvalue()})
    guest.press("button[value=upload]")
    assert "11" in page.inner_text(".error-summary")
    assert "18" in page.inner_text(".error-summary")
    assert visit.delegates.count() == 0
    reader.look("daftar salah")
    page.fill("[name=form-9-nip]", "198001012005010009")
    guest.press("button.btn--primary[value=save]")
    assert visit.delegates.count() == 25
    guest.press("main a[href*='/rombongan/']")
    assert "198001012005010009" not in page.content()
    reader.look("daftar tersimpan")


def cancel(guest, reader, visit, status):
    """Called off with a reason; seats are free and staff hear of it."""
    guest.open(status)
    guest.press("main a[href$='/batal/']")
    guest.press("main form button.btn--danger")
    reader.look("batal")
    guest.page.fill("[name=reason]", "Anggaran perjalanan dialihkan.")
    guest.press("main form button.btn--danger")
    reader.look("dibatalkan")
    visit.refresh_from_db()
    assert visit.status == VisitStatus.CANCELLED_BY_GUEST
    assert VisitSlot.objects.get(pk=visit.slot_id).used_persons == 0
    assert OutboundMessage.objects.filter(visit=visit, kind=MessageKind.CANCELLED).exists()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_guest_chooses_asks_follows_changes_names_and_cancels(visitor, smtp_sink, javascript):
    name = "pemohon" if javascript else "pemohon-tanpa-js"
    first, second, staff = (visitor(f"{name}-{who}", javascript=javascript or who == "petugas") for who in ("kantor", "rumah", "petugas"))
    at_work, at_home = Reader(first, javascript=javascript), Reader(second, javascript=javascript)

    say_who_comes(first, at_work)
    choose_a_date(first, at_work)
    link = say_what_for(first, at_work, smtp_sink)
    send_from_another_device(second, at_home, link)
    visit, status = confirm(second, at_home, smtp_sink)
    fix_and_change(second, staff, at_home, visit, status)
    name_delegates(second, at_home, visit, status)
    cancel(second, at_home, visit, status)

    assert at_work.troubles | at_home.troubles == {}
    expected = ("422", "409")  # forms that came back with their errors
    assert not [text for text in first.complaints + second.complaints if not any(code in text for code in expected)]


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_officer_puts_two_delegations_on_one_day_into_one_room(visitor, site, javascript):
    slot = VisitSlot.objects.select_related("programme").filter(is_open=True).order_by("-starts_at")[3:4].get()
    room = ResourceFactory(name="Ruang Rapat Contoh")
    NeedFactory(programme=slot.programme, kind=room.kind)
    first, second = VisitFactory.create_batch(2, slot=slot, submitted=True)
    for visit in (first, second):
        visit.letters.create(number=f"005/{visit.pk}", date=dt.date(2026, 11, 1), file="letters/contoh.pdf")
    staff = visitor("petugas-bentrok" if javascript else "petugas-bentrok-tanpa-js", javascript=javascript)
    sign_in(staff)

    staff.open(f"/admin/visits/approve/{first.pk}/", picture="yang terdesak")
    assert second.organisation in staff.page.inner_text("main"), "who is pushed out is listed before"
    staff.press(SUBMIT)

    second.refresh_from_db()
    assert (second.status, second.reason_code) == (VisitStatus.NEEDS_INFO, "needs_new_date")
    assert second.thread.get().text.count("–") >= 3, "the next three free sessions are offered"
    staff.open(f"/admin/visits/move/{first.pk}/", picture="pindah ke sesi lain")
    staff.open(f"/admin/visits/propose/{second.pk}/?slot={slot.pk}")
    staff.open(f"/admin/visits/inspect/{second.pk}/", picture="meja setelah bentrok")
    assert room.name in staff.open(f"/admin/visits/inspect/{first.pk}/").inner_text("main")
