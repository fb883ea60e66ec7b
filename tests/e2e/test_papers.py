"""The papers of a visit in a browser, from the reply letter to the verification of certificates."""

import datetime as dt
import io
import re
import zipfile

import pytest
import time_machine
import vobject
from django.core.files.base import ContentFile
from django.urls import reverse
from docx import Document

from tests.factories import VisitPhotoFactory
from tests.mail import attachment, text_of
from tests.papers import reading
from tests.uploads import signed_pdf
from tests.visits.office.prepared import NIP, SIGNER_NIP, prepared_visit
from visits.domain import tokens
from visits.models import HostOfficial, ReplyLetter, Visit

VARIANTS = {
    "accept": "bersedia menerima kunjungan",
    "accept_changed": "belum dapat menerima kunjungan pada tanggal yang Saudara mohonkan",
    "decline": "permohonan maaf",
    "online": "secara daring",
}


def make_paper(staff, visit, key) -> bytes:
    """Make a paper in the admin; returns the downloaded file."""
    staff.open(f"/admin/visits/papers/{visit.pk}/")
    staff.press(f"form[action$='/papers/{visit.pk}/{key}/make/'] button", picture=f"naskah {key}")
    return staff.download(f"a[href$='/papers/{visit.pk}/{key}/']")


def status_page(visit) -> str:
    return reverse("visits:status", args=[tokens.token_for(visit, tokens.STATUS)])


@pytest.fixture
def staff(visitor):
    staff = visitor("petugas")
    staff.sign_in()
    return staff


def test_a_reply_letter_is_written_and_sent(staff, visitor, smtp_sink):
    visit = prepared_visit(completed=False)
    ReplyLetter.objects.all().delete()
    letters = f"/admin/visits/correspondence/{visit.pk}/"
    for variant, words in VARIANTS.items():
        staff.open(f"{letters}reply/?variant={variant}", picture=f"surat {variant}")
        assert words in staff.page.input_value("[name=opening]")

    staff.open(letters, picture="surat menyurat")
    staff.press(f"a[href$='{letters}reply/?variant=accept']")
    staff.page.select_option("[name=signatory]", str(HostOfficial.objects.get().pk))
    staff.page.fill("[name=copies]", "Wali Kota Binjai (sebagai laporan)")
    staff.press("form.visit-form button[type=submit]", picture="konsep surat")
    assert "KONSEP" in reading.text_of(make_paper(staff, visit, "reply_letter"))
    staff.open(letters)
    staff.press("form[action$='/reply/issue/'] button", picture="surat bernomor")
    first = ReplyLetter.objects.get()
    assert re.fullmatch(r"000/0001/SETDA/\d{4}", first.number)
    assert first.number in staff.page.inner_text("main")

    printed = reading.text_of(make_paper(staff, visit, "reply_letter"))
    edited = Document(io.BytesIO(staff.download("a[href$='reply.docx']")))
    words = "\n".join(paragraph.text for paragraph in edited.paragraphs)
    for part in (first.number, "Rabu, 9 September 2026", "09.00–11.30 WIB", SIGNER_NIP, "Wali Kota Binjai (sebagai laporan)"):
        assert part in printed
        assert part in words

    signed = signed_pdf()
    staff.open(f"{letters}reply/signed/")
    staff.page.set_input_files("[name=file]", {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": signed})
    staff.press("form.visit-form button[type=submit]", picture="salinan disimpan")
    mail = smtp_sink.last_to(visit.contact_email)
    assert first.number in text_of(mail)
    assert attachment(mail, "application/pdf") == signed
    event = vobject.readOne(attachment(mail, "text/calendar").decode()).vevent
    assert event.dtstart.value == Visit.objects.get(pk=visit.pk).slot.starts_at
    guest = visitor("tamu")
    guest.open(status_page(visit), picture="surat di halaman tamu")
    assert guest.download("a[href*='/surat']") == signed

    staff.open(f"{letters}reply/void/")
    staff.page.fill("[name=reason]", "Salah tanggal")
    staff.press("form.visit-form button[type=submit]", picture="surat batal")
    assert first.number in staff.page.inner_text("main")
    staff.open(f"{letters}reply/?variant=accept_changed")
    staff.page.select_option("[name=signatory]", str(HostOfficial.objects.get().pk))
    staff.press("form.visit-form button[type=submit]")
    staff.press("form[action$='/reply/issue/'] button")
    assert sorted(ReplyLetter.objects.values_list("number", flat=True))[1].split("/")[1] == "0002"
    guest.open(status_page(visit))
    assert guest.page.locator("a[href*='/surat']").count() == 0, "a void letter is not offered"


def fill_in_visum(staff, visit):
    """Choose another signatory and the evening before as the day of arrival; check the printed sheet."""
    deputy = HostOfficial.objects.create(
        name="Ir. Wakil Contoh, M.Si.", position="Kepala Bagian Protokol", nip="198001012005011009", signs_visum=True, sort_order=9
    )
    HostOfficial.objects.create(name="Tanpa Wewenang", position="Staf", sort_order=10)
    staff.open(f"/admin/visits/papers/{visit.pk}/", picture="naskah")
    staff.press(f"a[href$='/papers/{visit.pk}/visum/settle/']", picture="visum")
    assert "Tanpa Wewenang" not in staff.page.inner_text("[name=signatory]")
    staff.page.select_option("[name=signatory]", str(deputy.pk))
    staff.page.fill("[name=arrived_on]", "2026-09-08")
    # The date chooser opens shortly after the focus and covers the button; a click elsewhere closes it.
    chooser = staff.page.locator(".xdsoft_datetimepicker").locator("visible=true")
    chooser.wait_for()
    staff.page.click("label[for=id_signatory]")
    chooser.wait_for(state="hidden")
    staff.press("form.visit-form button[type=submit]", picture="visum tersimpan")
    said = reading.text_of(make_paper(staff, visit, "visum"))
    # One sheet for both delegates, and a coupon for each.
    assert said.count("Tiba di: Binjai Pada tanggal: Selasa, 8 September 2026") == 3
    assert said.count("Pada tanggal: Rabu, 9 September 2026") == 3
    assert said.count("NIP 198001012005011009") == 6
    assert SIGNER_NIP not in said
    assert said.count("stempel dan tanda tangan") == 6


def download_pack(guest, visit, staff) -> zipfile.ZipFile:
    """Make the pack as staff and download it as the guest."""
    staff.open(f"/admin/visits/papers/{visit.pk}/")
    staff.press(f"form[action$='/papers/{visit.pk}/pack/make/'] button", picture="berkas tamu")
    guest.open(status_page(visit), picture="berkas untuk dibawa pulang")
    return zipfile.ZipFile(io.BytesIO(guest.download("main a[href*='/berkas']")))


def test_guests_download_papers_and_certificates_verify(staff, visitor, tmp_path):
    visit = prepared_visit()
    item = visit.agenda_items.get(kind="presentation")
    item.material.save("a.pdf", ContentFile(b"%PDF-1.7 salindia"), save=False)
    item.material_name = "Paparan Smart City.pdf"
    item.save()
    VisitPhotoFactory(visit=visit, caption="Foto bersama", consent=True)
    VisitPhotoFactory(visit=visit, caption="Tanpa izin", consent=False)
    fill_in_visum(staff, visit)
    staff.open(f"/admin/visits/certificates/{visit.pk}/", picture="sertifikat")
    staff.press("form[action$='/issue/'] button", picture="sertifikat terbit")
    guest = visitor("tamu")

    with download_pack(guest, visit, staff) as pack:
        names = pack.namelist()
        for name in (
            "01 Susunan acara KJ-2026-0042.pdf",
            "02 Daftar hadir KJ-2026-0042.pdf",
            "03 Visum SPD KJ-2026-0042.pdf",
            "04 Notula KJ-2026-0042.pdf",
            "Materi/01 Paparan - Paparan Smart City.pdf",
            "Foto/01 Foto bersama.jpg",
            "BACA SAYA.txt",
        ):
            assert name in names
        assert not [name for name in names if "Tanpa izin" in name]
        papers = sorted(name for name in names if name.startswith("Sertifikat/"))
        assert [re.sub(r"SK-\d{4}-\d{5}", "N", name) for name in papers] == [
            "Sertifikat/N Delegasi Contoh 1, S.T.pdf",
            "Sertifikat/N Delegasi Contoh 2, S.T.pdf",
        ]
        assert "Selasa, 8 September 2026" in reading.text_of(pack.read("03 Visum SPD KJ-2026-0042.pdf"))
        contents = pack.read("BACA SAYA.txt").decode()
        assert all(name in contents for name in papers)
        files = [pack.read(name) for name in papers]

    verify(visitor("inspektorat"), staff, visit, files, tmp_path)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=31)):
        guest.open(status_page(visit), picture="tautan berakhir")
        assert guest.page.locator("main a[href*='/berkas']").count() == 0
        expired = guest.context.request.get(reverse("visits:take_home", args=[tokens.token_for(visit, tokens.STATUS)]))
        assert expired.status == 404
    assert not guest.complaints


def verify(inspector, staff, visit, files, tmp_path):
    """Verify both certificates by QR code and by file; then revoke one and replace the other."""
    addresses = [reading.qr_code_of(paper, tmp_path, dpi=100) for paper in files]
    for number, address in enumerate(addresses, start=1):
        inspector.open(address, picture=f"sah {number}")
        said = inspector.page.inner_text("main")
        assert inspector.page.inner_text("h1") == "Sertifikat ini sah"
        assert f"Delegasi Contoh {number}, S.T." in said
        assert "Rabu, 9 September 2026" in said or "9 September 2026" in said
        source = inspector.page.content()
        for private in (NIP, visit.contact_email, visit.contact_name, "Pembina (IV/a)", visit.reference):
            assert private not in source
        assert 'content="noindex"' in source
    inspector.open("/v/", picture="periksa berkas")
    inspector.page.get_by_label("Sertifikat (PDF)").set_input_files(
        {"name": "sertifikat.pdf", "mimeType": "application/pdf", "buffer": files[0]}
    )
    inspector.page.get_by_role("button", name="Periksa", exact=True).click()
    inspector.page.get_by_role("heading", name="Sertifikat ini sah").wait_for()

    first, second = visit.certificates.order_by("number")
    withdraw(staff, visit, first, "revoke", "Nama keliru")
    withdraw(staff, visit, second, "replace", "Gelar keliru")
    inspector.open(addresses[0], picture="dicabut")
    assert inspector.page.inner_text("h1") == "Sertifikat ini telah dicabut"
    assert "Nama keliru" not in inspector.page.content()
    inspector.open(addresses[1], picture="diganti")
    assert inspector.page.inner_text("h1") == "Sertifikat ini telah diganti"
    inspector.press("main .notice a", picture="penggantinya")
    assert inspector.page.inner_text("h1") == "Sertifikat ini sah"
    unknown = inspector.page.goto("/v/" + "A" * 20)
    assert unknown.status == 404
    assert "tidak dikenal" in inspector.page.inner_text("h1").lower()


def withdraw(staff, visit, certificate, how, reason):
    staff.open(f"/admin/visits/certificates/{visit.pk}/")
    if how == "replace":
        # A wrong name is corrected first; replacing without a correction is a link on that page.
        staff.press(f"a[href$='{reverse('visits_staff:correct_delegate', args=[visit.pk, certificate.delegate_id])}']")
    staff.press(f"a[href$='/certificates/{visit.pk}/{certificate.pk}/{how}/']")
    staff.page.fill("[name=reason]", reason)
    staff.press("form.visit-form button[type=submit]", picture=how)
