"""The main user journey: a delegation finds a case study, visits, and everyone who came gets a verifiable certificate.

The guests do it without JavaScript. With it they do the same in test_visit_day.py and test_booking_stories.py.
"""

import datetime as dt
import io
import re
import shutil
import subprocess

import time_machine
import vobject
from openpyxl import Workbook

from tests.e2e.conftest import SCREENSHOTS, STAFF, fill_in_place
from tests.mail import attachment, links_in
from tests.visits.public.pages import pdf
from visits.domain.calendar_days import VENUE_ZONE
from visits.enums import VisitStatus
from visits.models import Visit

CONTACT = "narahubung@contoh.invalid"
TYPED = "Dr. Siti Contoh, S.Sos., M.AP."
UPLOADED = ["H. Budi Contoh, S.T.", "Ir. Nur'aini Contoh"]


def find_a_case(guest):
    guest.open("/", picture="beranda")
    guest.open("/cari/")
    guest.page.fill("#search-query", "berbagi risiko")
    guest.press("main form button[type=submit]", picture="hasil cari")
    guest.press("main ol h2 a:has-text('Kolaborasi')", picture="studi kasus")


def request_a_visit(guest):
    """Fill the five steps of the form and send it."""
    page = guest.page
    guest.press("a[href*='/kunjungan/ajukan/?case=']", picture="rombongan")
    page.locator("input[name=programme]").first.check()
    page.fill("[name=group_size]", "10")
    page.fill("[name=organisation]", "Komisi Contoh DPRD")
    page.select_option("[name=organisation_kind]", "local_council")
    page.fill("[name=region]", "Kabupaten Batu Bara")
    guest.press("main form button.btn--primary", picture="tanggal")
    guest.press("[aria-labelledby=nearest] a", picture="sesi")
    page.locator("input[name=slot]").first.check()
    guest.press("form:has(input[name=slot]) button.btn--primary", picture="tanggal lain")
    guest.press("main form button.btn--primary", picture="tujuan")
    page.fill("[name=purpose]", "Belajar cara Binjai menyatukan data perangkat daerah.")
    page.fill("[name=letter_number]", "005/123/DPRD")
    page.fill("[name=letter_date]", f"{dt.date.today() - dt.timedelta(days=1):%Y-%m-%d}")
    page.set_input_files("[name=letter_file]", {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": pdf().read()})
    guest.press("main form button.btn--primary", picture="narahubung")
    page.fill("[name=contact_name]", "Narahubung Contoh")
    page.fill("[name=contact_email]", CONTACT)
    page.check("[name=has_informed]")
    guest.press("main form button.btn--primary", picture="periksa")
    guest.press("main form button.btn--primary", picture="terkirim")


def confirm_by_mail(guest, smtp_sink):
    """Open the link of the mail and confirm; returns the visit and the URL of its page."""
    guest.open(next(link for link in links_in(smtp_sink.last_to(CONTACT)) if "/konfirmasi/" in link), picture="konfirmasi")
    guest.press("main form button.btn--primary", picture="halaman kunjungan")
    visit = Visit.objects.get(contact_email=CONTACT)
    assert visit.status == VisitStatus.SUBMITTED
    assert visit.reference in guest.page.inner_text("main")
    assert visit.reference in smtp_sink.last_to(CONTACT)["Subject"]
    return visit, guest.page.url


def sign_in(staff):
    staff.open("/admin/")
    if "/login/" not in staff.page.url:
        return  # still signed in since the approval
    staff.page.fill("[name=username]", STAFF[0])
    staff.page.fill("[name=password]", STAFF[1])
    staff.press("button[type=submit]")


def approve(staff, visit):
    sign_in(staff)
    staff.keep("meja petugas")
    staff.open("/admin/visits/", picture="daftar kunjungan")
    staff.open(f"/admin/visits/inspect/{visit.pk}/", picture="meja kunjungan")
    staff.press(f"a[href*='/admin/visits/approve/{visit.pk}/']", picture="setujui")
    fill_in_place(staff.page)
    staff.press("form.visit-form button[type=submit]:not([name=preview])", picture="disetujui")
    visit.refresh_from_db()
    assert visit.status == VisitStatus.APPROVED


def read_invitation(smtp_sink, visit):
    """Check the times in the calendar file of the invitation."""
    event = vobject.readOne(attachment(smtp_sink.last_to(CONTACT), "text/calendar").decode()).vevent
    assert event.dtstart.value == visit.slot.starts_at
    assert event.dtend.value == visit.slot.ends_at
    assert event.uid.value == str(visit.calendar_uid) or str(visit.calendar_uid) in event.uid.value


def name_delegates(guest, status_page):
    """Add one delegate by hand and two from a spreadsheet."""
    page = guest.page
    guest.open(status_page, picture="dijadwalkan")
    guest.press("main a[href*='/rombongan/']", picture="daftar kosong")
    page.fill("[name=form-0-name]", TYPED)
    page.fill("[name=form-0-position]", "Ketua Komisi Contoh")
    guest.press("button.btn--primary[value=save]", picture="satu nama")
    sheet = Workbook()
    for row in [("Nama lengkap dan gelar", "Jabatan"), (TYPED, "Ketua Komisi Contoh"), *((name, "Anggota") for name in UPLOADED)]:
        sheet.active.append(row)
    file = io.BytesIO()
    sheet.save(file)
    guest.press("main a[href*='/rombongan/']")
    page.locator("details summary").first.click()
    page.set_input_files(
        "[name=file]",
        {"name": "daftar.xlsx", "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "buffer": file.getvalue()},
    )
    guest.press("button[value=upload]", picture="daftar dibaca")
    guest.press("button.btn--primary[value=save]", picture="daftar tersimpan")
    for name in (TYPED, *UPLOADED):
        assert name in page.inner_text("main")


def receive(staff, visit):
    """Check in two of the three and complete the visit."""
    sign_in(staff)
    staff.open(f"/admin/visits/reception/{visit.pk}/", picture="penerimaan")
    for _ in range(2):
        staff.press("button[value=checked_in]")
    staff.keep("dua hadir")
    staff.press(f"a[href*='/admin/visits/complete/{visit.pk}/']", picture="selesaikan")
    staff.page.fill("[name=reason]", "Notula menyusul.")
    staff.press("form.visit-form button[type=submit]", picture="selesai")
    visit.refresh_from_db()
    assert visit.status == VisitStatus.COMPLETED


def verify_certificates(guest, status_page, tmp_path):
    """Read the QR code of each certificate and open its verification page."""
    guest.open(status_page, picture="sertifikat")
    links = guest.page.locator("a[href*='/sertifikat/']")
    assert links.count() == 2, "one for each who came, none for who did not"
    for number in range(2):
        paper = tmp_path / f"{number}.pdf"
        response = guest.context.request.get(links.nth(number).get_attribute("href"))
        assert response.headers["content-type"] == "application/pdf"
        paper.write_bytes(response.body())
        subprocess.run(["qpdf", "--check", paper], check=True, capture_output=True)
        subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", paper, paper.with_suffix("")], check=True)
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        shutil.copy(paper.with_suffix(".png"), SCREENSHOTS / f"sertifikat-{number + 1}.png")
        decoded = subprocess.run(["zbarimg", "--quiet", "--raw", paper.with_suffix(".png")], check=True, capture_output=True, text=True)
        address = decoded.stdout.strip()
        assert re.fullmatch(r"https?://[^/]+/v/[\w-]{20,}", address)
        other = guest.context.new_page()
        assert other.goto(address).ok
        text = other.inner_text("main")
        assert (
            "valid" in other.inner_text("h1").lower()
            or "sah" in other.inner_text("h1").lower()
            or "berlaku" in other.inner_text("h1").lower()
        )
        assert any(name in text for name in (TYPED, *UPLOADED))
        other.close()


def test_a_visit_from_search_to_certificates_without_javascript(visitor, smtp_sink, tmp_path):
    guest = visitor("tamu-tanpa-js", javascript=False)
    staff = visitor("petugas")

    find_a_case(guest)
    request_a_visit(guest)
    visit, status_page = confirm_by_mail(guest, smtp_sink)
    approve(staff, visit)
    read_invitation(smtp_sink, visit)
    name_delegates(guest, status_page)
    with time_machine.travel(visit.slot.starts_at.astimezone(VENUE_ZONE) + dt.timedelta(minutes=5)):
        receive(staff, visit)
    with time_machine.travel(visit.slot.ends_at + dt.timedelta(hours=1)):
        verify_certificates(guest, status_page, tmp_path)

    assert not guest.complaints
