"""One visit from request to correction, as each sees it: guest, registrar, superior, officer, speaker, delegate, receptionist.

On a fresh install; the network of the receptionist's phone is cut at the door.
"""

import io
import re
import zipfile

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from tests.e2e.conftest import fill_in_place
from tests.e2e.looking import WCAG, violations
from tests.e2e.test_journey import confirm_by_mail, request_a_visit
from tests.factories import NeedFactory, OfficialFactory, PersonFactory, ResourceFactory, UserFactory, begin_now
from tests.mail import text_of
from tests.uploads import pdf
from visits.domain import badges
from visits.enums import VisitStatus
from visits.models import OfficePaper, ReplyLetter

SPEAKER = "narasumber@contoh.invalid"
CONTACT = "narahubung@contoh.invalid"
DELEGATES = ("Dr. Siti Contoh, S.Sos., M.AP.", "H. Budi Contoh, S.T.", "Ir. Nuraini Contoh")
ROOM = "Aula Contoh"
CORRECTED = "Dr. Hj. Siti Contoh, S.Sos., M.AP."


@pytest.fixture
def member(visitor):
    """Function that signs in a member of a group: ``member("Prokopim", width=360)``."""

    def sign_in(group: str, *, width: int = 1280):
        user = UserFactory(username=group.lower().replace(" ", "-"))
        user.groups.add(Group.objects.get(name=group))
        browser = visitor(user.username)
        browser.page.set_viewport_size({"width": width, "height": 900})
        browser.sign_in(user.username)
        return browser

    return sign_in


def submit(browser, picture: str = ""):
    browser.press("form.visit-form button[type=submit]:not([name=preview])", picture=picture)


def fits(browser) -> bool:
    return browser.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def register_the_letter(registrar, visit):
    registrar.open(f"/admin/visits/correspondence/{visit.pk}/register/", picture="catat surat")
    submit(registrar, picture="surat tercatat")
    assert visit.letters.get().agenda_number


def write_a_disposition(superior, visit):
    superior.open(f"/admin/visits/correspondence/{visit.pk}/disposition/", picture="disposisi 360")
    assert fits(superior)
    page = superior.page
    for name, words in (("from_position", "Sekretaris Daerah"), ("to_positions", "Bagian Protokol")):
        if page.locator(f"input[name={name}]:visible").count():
            page.fill(f"[name={name}]", words)
    page.locator("[name=instructions]").first.check()
    submit(superior, picture="disposisi tertulis 360")
    assert visit.letters.get().dispositions.count() == 1


def approve(officer, visit):
    """Approve the visit; its programme needs a room, of which the officer takes the larger one."""
    small, large = ResourceFactory(name="Ruang Melati Contoh", capacity_persons=2), ResourceFactory(name=ROOM, capacity_persons=60)
    NeedFactory(programme=visit.programme, kind=large.kind)
    officer.open(f"/admin/visits/inspect/{visit.pk}/", picture="meja kunjungan")
    officer.press(f"a[href*='/admin/visits/approve/{visit.pk}/']")
    assert officer.page.is_checked(f"[name=resources][value='{large.pk}']")
    assert not officer.page.is_checked(f"[name=resources][value='{small.pk}']")
    fill_in_place(officer.page)
    submit(officer, picture="disetujui")
    visit.refresh_from_db()
    assert visit.status == VisitStatus.APPROVED
    assert visit.allocations.get().resource == large


def send_the_letter(officer, visit):
    officer.open(f"/admin/visits/correspondence/{visit.pk}/reply/?variant=accept")
    officer.page.select_option("[name=signatory]", index=1)
    submit(officer, picture="konsep balasan")
    officer.press("form[action$='/reply/issue/'] button", picture="balasan terbit")
    assert visit.replies.get().state == ReplyLetter.State.ISSUED


def write_the_agenda(officer, visit):
    officer.open(f"/admin/visits/agenda/{visit.pk}/")
    officer.press("form[action$='/template/'] button", picture="susunan acara")
    return visit.agenda_items.filter(kind="presentation").first()


def invite_a_speaker(officer, item, smtp_sink) -> str:
    """Invite a speaker to an item of the agenda; returns the link in the mail."""
    officer.open(f"/admin/visits/agenda/{item.visit_id}/item/{item.pk}/")
    officer.press("a[href$='/invite/']", picture="undang narasumber")
    officer.page.select_option("[name=speaker]", label="Dosen Contoh, M.Kom.")
    submit(officer, picture="narasumber diundang")
    return re.search(r"https?://\S+/s/\S+/", text_of(smtp_sink.last_to(SPEAKER)))[0]


def accept_as_speaker(speaker, link, item):
    speaker.page.set_viewport_size({"width": 360, "height": 740})
    speaker.open(link, picture="undangan 360")
    speaker.press("button[value=accept]")
    speaker.page.set_input_files("[name=slides]", {"name": "Paparan.pdf", "mimeType": "application/pdf", "buffer": pdf()})
    speaker.press("button[value=slides]", picture="salindia 360")
    assert fits(speaker)
    item.refresh_from_db()
    assert item.material_name == "Paparan.pdf"


def name_the_delegates(guest, status_page):
    guest.page.set_viewport_size({"width": 360, "height": 740})
    guest.open(status_page, picture="halaman tamu 360")
    text = guest.page.inner_text("main")
    assert "Balai Contoh" in text
    assert ROOM in text
    assert "000-0000" in text
    assert fits(guest)
    guest.press("main a[href*='/rombongan/']")
    for number, name in enumerate(DELEGATES):
        guest.page.fill(f"[name=form-{number}-name]", name)
    guest.press("button.btn--primary[value=save]", picture="rombongan 360")
    guest.page.set_viewport_size({"width": 1280, "height": 900})


def check_in_without_network(receptionist, visit):
    """Check two of three delegates in while the network is cut, then let the phone send them."""
    page = receptionist.page
    receptionist.open(f"/admin/visits/reception/{visit.pk}/phone/")
    page.locator(".door__person").first.wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    receptionist.context.set_offline(True)
    for name in DELEGATES[:2]:
        page.locator(".door__person", has_text=name).locator("[data-kind=checked_in]").click()
    page.locator(".door__person", has_text=DELEGATES[2]).locator("[data-kind=absent]").click()
    expect(page.locator("#present")).to_have_text("2")
    receptionist.keep("tanpa jaringan 360")
    receptionist.context.set_offline(False)
    expect(page.locator("#link")).to_have_text("Semua sudah terkirim.", timeout=15_000)
    assert fits(receptionist)
    assert visit.attendance_events.count() == 3


def ask_on_the_phone(delegate, visit, item):
    """The delegate scans the badge: agenda, room, a question about the presentation."""
    delegate.page.set_viewport_size({"width": 360, "height": 740})
    person = visit.delegates.get(name=DELEGATES[0])
    page = delegate.open(badges.address_of(person), picture="ponsel peserta 360")
    assert item.name in page.inner_text("main")
    assert ROOM in page.inner_text("main")
    assert fits(delegate)
    assert violations(page, "", WCAG) == []
    page.fill("[name=question]", "Berapa biaya tahun pertama?")
    page.select_option("[name=item]", str(item.pk))
    delegate.press("#questions form button", picture="pertanyaan terkirim 360")
    assert visit.questions.get().item == item


def answer_the_question(officer, visit):
    officer.open(f"/admin/visits/questions/{visit.pk}/")
    officer.page.fill("textarea[name=answer]", "Nol rupiah.")
    officer.press("button[value=accepted]", picture="pertanyaan diterima")


def read_answer_and_certificate(delegate, visit):
    page = delegate.open(badges.address_of(visit.delegates.get(name=DELEGATES[0])), picture="ponsel sesudahnya 360")
    text = page.inner_text("main")
    assert "Nol rupiah." in text
    assert visit.certificates.get(delegate__name=DELEGATES[0]).number in text
    assert delegate.download("a[href$='/certificate.pdf']").startswith(b"%PDF")


def close(receptionist, visit, smtp_sink):
    receptionist.page.set_viewport_size({"width": 1280, "height": 900})
    receptionist.open(f"/admin/visits/complete/{visit.pk}/", picture="selesaikan")
    receptionist.page.fill("[name=reason]", "Notula menyusul besok.")
    submit(receptionist, picture="selesai")
    visit.refresh_from_db()
    assert visit.status == VisitStatus.COMPLETED
    assert "terima kasih atas kunjungan" in " ".join(text_of(mail) for mail in smtp_sink.messages).lower()
    assert visit.certificates.count() == 2
    assert OfficePaper.objects.filter(visit=visit, kind="pack", state=OfficePaper.State.READY).exists()
    assert not visit.notes.get().live


def correct_a_name(officer, visit):
    person = visit.delegates.get(name=DELEGATES[0])
    officer.open(f"/admin/visits/delegates/{visit.pk}/{person.pk}/")
    officer.page.fill("[name=name]", CORRECTED)
    officer.page.fill("[name=reason]", "Gelar kurang lengkap.")
    submit(officer, picture="nama dibetulkan")
    assert visit.certificates.filter(status="issued").count() == 2
    assert visit.certificates.get(status="replaced").replaced_by.snapshot["name"] == CORRECTED


def take_the_papers_home(guest, status_page):
    guest.open(status_page, picture="selesai tamu")
    assert CORRECTED in guest.page.inner_text("main")
    pack = guest.download("a[href$='/berkas.zip']")
    assert len(zipfile.ZipFile(io.BytesIO(pack)).namelist()) > 3


def test_a_visit_from_request_to_correction(visitor, member, smtp_sink):
    OfficialFactory()
    PersonFactory(name="Dosen Contoh, M.Kom.", email=SPEAKER)
    guest = visitor("tamu")
    guest.open("/pengetahuan/kolaborasi-tiga-pihak/")
    request_a_visit(guest)
    visit, status_page = confirm_by_mail(guest, smtp_sink)

    register_the_letter(member("Tata usaha"), visit)
    write_a_disposition(member("Pimpinan", width=360), visit)
    officer = member("Prokopim")
    approve(officer, visit)
    send_the_letter(officer, visit)
    item = write_the_agenda(officer, visit)
    accept_as_speaker(visitor("narasumber", javascript=False), invite_a_speaker(officer, item, smtp_sink), item)
    name_the_delegates(guest, status_page)
    officer.open(f"/admin/visits/inspect/{visit.pk}/", picture="meja sebelum hari kunjungan")

    begin_now(visit)
    receptionist = member("Penerima tamu", width=360)
    check_in_without_network(receptionist, visit)
    delegate = visitor("peserta")
    ask_on_the_phone(delegate, visit, item)
    answer_the_question(officer, visit)
    close(receptionist, visit, smtp_sink)
    read_answer_and_certificate(delegate, visit)
    correct_a_name(officer, visit)
    take_the_papers_home(guest, status_page)

    assert guest.complaints == []
