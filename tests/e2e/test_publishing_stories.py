"""Editing in a browser: a partner's case with moderation, a scheduled forum, a stopped case."""

import base64
import datetime as dt
import json
import re
import time

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect
from wagtail.models import Comment

from knowledge_hub.core import clock
from knowledge_hub.models import CaseStudyPage, ForumPage
from knowledge_hub.staff import groups
from tests.knowledge_hub.content import member

COMMENTS = "[aria-label='Buka/tutup komentar']"
PICTURE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


@pytest.fixture
def staff(visitor):
    """Function that creates a user in groups and signs in: ``staff("telkom", "Editor Telkom")``."""

    def make(name: str, *groups: str):
        member(*groups, username=name, first_name=name.capitalize())
        person = visitor(name)
        person.sign_in(name)
        person.open("/admin/", picture="beranda staf")
        return person

    return make


def wait_until_editor_works(page):
    page.locator(".Draftail-Editor [contenteditable=true]").first.wait_for(state="attached")


def add_row(page, name: str, **values):
    """Add a block to a StreamField of the form and fill it in."""
    number = int(page.locator(f"[name={name}-count]").input_value())
    page.locator(f"section[id$=-{name}-section] button[title='Sisipkan blok']").last.click()
    for field, text in values.items():
        page.fill(f"[name={name}-{number}-value-{field}]", text)


def add_link(page, number: int, title: str):
    """Add a link to another page, which is found by its title."""
    page.click("#id_page_links-ADD")
    page.locator("section[id$=halaman_terkait-section] button:has-text('Pilih halaman')").locator("visible=true").last.click()
    page.fill(".modal [name=q]", title)
    page.locator(f".modal-body a.choose-page:has-text('{title}')").first.click()
    expect(page.locator(f"[name=page_links-{number}-target]")).not_to_have_value("")


def choose_action(person, label: str, *, picture: str = "") -> None:
    """Choose an action in the footer of the editor."""
    person.page.click("footer [aria-label='Tindakan lain'], footer button:has-text('Tindakan lain')")
    person.press(f"footer button:has-text('{label}')", picture=picture)


def save(person) -> None:
    person.press("footer button:has-text('Simpan draf')")


def hold_autosave(page) -> list:
    """Hold back the requests of the first autosave of a new page; returns the list of held requests."""
    held_requests = []
    page.route("**/admin/pages/add/**", lambda route: held_requests.append(route))
    # Text typed before the editor watches for changes is not autosaved.
    page.evaluate("new Promise(resolve => document.addEventListener('w-unsaved:watch-edits', resolve, {once: true}))")
    return held_requests


def save_during_autosave(person, held_requests: list) -> None:
    """Save a new page while its first autosave is on its way to the server."""
    page = person.page
    deadline = time.monotonic() + 10
    while not held_requests:
        assert time.monotonic() < deadline, "The editor saved nothing by itself."
        page.wait_for_timeout(50)
    page.click("footer button:has-text('Simpan draf')", no_wait_after=True)
    page.wait_for_timeout(200)
    with page.expect_event("domcontentloaded"):
        for route in held_requests:
            route.continue_()
    assert page.url.endswith("/edit/")
    assert "telah diperbarui" in page.inner_text(".messages")


def test_a_moderator_publishes_a_partner_draft(staff, visitor, smtp_sink):
    telkom = staff("telkom", groups.editors("telkom"))
    page = telkom.page
    assert page.locator(".submit.w-sr-only input").input_value() == "Cari"
    telkom.press("#write-section a:has-text('Studi kasus'), .write a:has-text('Studi kasus')")
    wait_until_editor_works(page)
    autosave = hold_autosave(page)
    assert "0 dari 16 bagian terisi" in page.inner_text(".completeness")
    page.fill("[name=title]", "e-Masyarakat")
    page.fill("[name=summary]", "Warga menyampaikan keluhan lewat ponsel dan melihat sampai di mana keluhannya ditangani.")
    for number, partner in enumerate(("Pemko Binjai", "Polmed", "Telkom")):
        add_row(page, "partners", partner=partner, role=f"Peran ke-{number + 1}")
    save_during_autosave(telkom, autosave)
    wait_until_editor_works(page)
    assert "2 dari 16 bagian terisi" in page.inner_text(".completeness")
    telkom.keep("draf")

    # There is no publish button, and a forged request does not publish.
    assert page.locator("button[name=action-publish]").count() == 0
    page.evaluate("document.querySelector('[data-edit-form]').insertAdjacentHTML('beforeend', '<input name=action-publish value=1>')")
    save(telkom)
    case = CaseStudyPage.objects.get(title="e-Masyarakat")
    assert not case.live
    choose_action(telkom, "Ajukan ke", picture="diajukan")
    assert telkom.page.goto("/pengetahuan/e-masyarakat/").status == 404

    moderator = staff("moderator", groups.MODERATORS)
    desk = moderator.page
    moderator.press(".w-panel:has-text('Menunggu pemeriksaan Anda') a:has-text('e-Masyarakat')")
    wait_until_editor_works(desk)
    desk.click(COMMENTS)
    desk.locator("[data-contentpath=summary] [data-comment-add]").click()
    desk.locator(".comment textarea").fill("Berapa warga yang memakainya?")
    desk.click(".comment button:has-text('Komentar')")
    comment = ".comment:has-text('Berapa warga yang memakainya?')"
    desk.locator(comment).wait_for()
    save(moderator)
    wait_until_editor_works(desk)
    assert list(Comment.objects.values_list("text", flat=True)) == ["Berapa warga yang memakainya?"]
    if desk.get_attribute(COMMENTS, "aria-expanded") == "false":
        desk.click(COMMENTS)
    desk.locator(comment).wait_for()
    moderator.keep("komentar")
    assert "Berapa warga yang memakainya?" in str(smtp_sink.last_to("telkom@"))

    telkom.open(f"/admin/pages/{case.pk}/edit/")
    wait_until_editor_works(page)
    page.click(COMMENTS)
    page.locator(comment).wait_for()
    telkom.keep("komentar dibaca")

    choose_action(moderator, "Setujui dan terbitkan", picture="terbit")
    reader = visitor("pembaca")
    reader.open("/pengetahuan/e-masyarakat/", picture="kasus")
    assert [cell.strip() for cell in reader.page.locator("#roles ~ * tbody th").all_inner_texts()] == ["Pemko Binjai", "Polmed", "Telkom"]
    assert "Belum terukur" in reader.page.inner_text("header.stack")
    assert "Berapa warga" not in reader.page.content()
    assert reader.complaints == []


def test_a_scheduled_forum_is_published_everywhere(staff, visitor):
    editor = staff("pemko", groups.editors("pemko"))
    page = editor.page
    editor.press(".write a:has-text('Forum')")
    wait_until_editor_works(page)
    for name, text in {
        "title": "Forum Kota Cerdas 2027",
        "summary": "Binjai berbagi pengalaman.",
        "date": "2027-03-09",
        "venue": "Gedung Bappenas, Jakarta",
        "theme": "Kota yang belajar",
    }.items():
        page.fill(f"[name={name}]", text)
        page.keyboard.press("Escape")

    # A picture without a description is refused.
    page.click("button:has-text('Pilih gambar')")
    page.click(".modal a:has-text('Unggah')")
    page.fill(".modal [name$=title]", "Panggung forum")
    page.set_input_files(".modal [type=file]", {"name": "panggung.png", "mimeType": "image/png", "buffer": PICTURE})
    page.locator(".modal [name$=description]").fill("panggung.png")
    page.click(".modal form button[type=submit]:has-text('Unggah')")
    page.locator(".modal .error-message").first.wait_for()
    assert "nama berkas" in page.inner_text(".modal .error-message")
    page.locator(".modal [name$=description]").fill("Pembicara di panggung menunjukkan peta layanan.")
    page.set_input_files(".modal [type=file]", {"name": "panggung.png", "mimeType": "image/png", "buffer": PICTURE})
    page.click(".modal form button[type=submit]:has-text('Unggah')")
    page.locator(".modal").wait_for(state="detached")

    add_row(page, "speakers", position="Sekretaris Daerah", organisation="Pemko Binjai", talk="Satu basis data untuk semua")
    add_row(page, "sources", title="Laporan forum", publisher="Pemko Binjai")
    add_link(page, 0, "Kolaborasi tiga pihak")
    add_link(page, 1, "Komisi B DPRD")
    save(editor)
    wait_until_editor_works(page)
    forum = ForumPage.objects.get(title="Forum Kota Cerdas 2027")
    editor.keep("forum")

    publishes = timezone.localtime() + dt.timedelta(hours=2)
    page.click("[aria-label='Buka/tutup status']")
    page.click("button:has-text('Atur jadwal')")
    picker = page.locator(".xdsoft_datetimepicker").locator("visible=true")
    page.click("[name=go_live_at]")
    picker.wait_for()
    page.fill("[name=go_live_at]", f"{publishes:%Y-%m-%d %H:%M}")
    page.click("h2:has-text('Atur jadwal penerbitan')")
    picker.wait_for(state="detached")
    editor.press("button:has-text('Simpan jadwal') >> visible=true")
    wait_until_editor_works(page)
    choose_action(editor, "Ajukan ke")
    moderator = staff("moderator", groups.MODERATORS)
    moderator.open(f"/admin/pages/{forum.pk}/edit/")
    wait_until_editor_works(moderator.page)
    choose_action(moderator, "Setujui dan terbitkan", picture="terjadwal")
    forum.refresh_from_db()
    assert (forum.live, forum.approved_schedule) == (False, True)
    reader = visitor("pembaca")
    assert reader.context.request.get("/pengetahuan/forum-kota-cerdas-2027/").status == 404

    with time_machine.travel(publishes + dt.timedelta(minutes=1)):
        clock.confirm()
        assert clock.send_due() == []
        forum.refresh_from_db()
        assert forum.live
        check_forum_is_everywhere(reader)
        translate_and_move(forum, moderator, reader)
    assert reader.complaints == []


def translate_and_move(forum, moderator, reader):
    """Create the English translation; change the address, while the old one redirects; check the history."""
    moderator.open(f"/admin/translation/submit/page/{forum.pk}/")
    moderator.page.check("main form [name=locales]")
    moderator.press("main form [type=submit]", picture="terjemahan")
    english = ForumPage.objects.get(translation_key=forum.translation_key, locale__language_code="en")
    moderator.open(f"/admin/pages/{english.pk}/edit/")
    wait_until_editor_works(moderator.page)
    moderator.page.fill("[name=title]", "Smart City Forum 2027")
    choose_action(moderator, "Terbitkan")
    reader.open("/pengetahuan/forum-kota-cerdas-2027/")
    reader.press("header a[hreflang=en]", picture="forum english")
    assert reader.page.inner_text("h1") == "Smart City Forum 2027"

    moderator.open(f"/admin/pages/{forum.pk}/edit/")
    wait_until_editor_works(moderator.page)
    moderator.page.click("[role=tab]:has-text('Promosi')")
    moderator.page.fill("[name=slug]", "forum-kota-cerdas")
    choose_action(moderator, "Terbitkan")
    reader.open("/pengetahuan/forum-kota-cerdas-2027/")
    assert reader.page.url.endswith("/pengetahuan/forum-kota-cerdas/")
    moderator.open(f"/admin/pages/{forum.pk}/history/", picture="riwayat")
    assert "Pemko" in moderator.page.inner_text("main")


def check_forum_is_everywhere(reader):
    """The forum is on its page with source and links, on the home page, in the index, the feed and the search."""
    title = "Forum Kota Cerdas 2027"
    reader.open("/", picture="beranda")
    assert title in reader.page.inner_text("main")
    reader.open("/pengetahuan/?type=forumpage")
    assert title in reader.page.inner_text("main")
    assert title in reader.context.request.get("/umpan.atom").text()
    reader.open("/cari/?q=basis+data+untuk+semua")
    assert title in reader.page.inner_text("main ol")
    reader.press(f"main a:has-text('{title}')", picture="forum")
    text = reader.page.inner_text("main")
    for said in (
        "Selasa, 9 Maret 2027",
        "Gedung Bappenas, Jakarta",
        "Kota yang belajar",
        "Satu basis data untuk semua",
        "Sekretaris Daerah",
        "Laporan forum",
        "Kolaborasi tiga pihak",
        "Komisi B DPRD",
    ):
        assert said in text, said
    things = json.loads(reader.page.locator("script[type='application/ld+json']").inner_text())["@graph"]
    assert "Event" in {thing["@type"] for thing in things}
    assert b"BEGIN:VEVENT" in reader.download("a[href$='.ics']")


def test_a_stopped_case_needs_a_reason(staff, visitor):
    case = CaseStudyPage.objects.get(slug="database-satu-batang")
    CaseStudyPage.objects.filter(pk=case.pk).update(last_verified_at=timezone.localdate() - dt.timedelta(days=400))
    moderator = staff("moderator", groups.MODERATORS)
    page = moderator.page
    moderator.press(".care a:has-text('Studi kasus yang perlu diverifikasi')", picture="perlu diverifikasi")
    moderator.press(f"main a:has-text('{case.title}')")
    wait_until_editor_works(page)

    # Without a reason it is not published, and the form keeps its values.
    page.select_option("[name=status]", "stopped")
    choose_action(moderator, "Terbitkan", picture="tanpa alasan")
    assert page.input_value("[name=status]") == "stopped"
    assert "Sebutkan alasan berhenti" in page.inner_text(".w-field:has([name=stopped_reason])")
    assert "Berhenti" not in visitor("sebelum").open(case.url).inner_text("main")
    page.fill("[name=stopped_reason]", "Diganti oleh layanan nasional.")
    page.click("[role=tab]:has-text('Pengaturan')")
    page.fill("[name=last_verified_at]", f"{timezone.localdate():%Y-%m-%d}")
    page.keyboard.press("Escape")
    choose_action(moderator, "Terbitkan")

    reader = visitor("pembaca")
    reader.open(case.url, picture="berhenti")
    assert re.search(r"Berhenti", reader.page.inner_text("header.stack .badge--danger"))
    assert "Diganti oleh layanan nasional." in reader.page.inner_text("main .notice--warning")
    reader.open("/pengetahuan/?status=stopped")
    assert case.title in reader.page.inner_text("main")
    moderator.open("/admin/reports/knowledge/unverified/")
    assert case.title not in moderator.page.inner_text("main")
    moderator.open(f"/admin/pages/{case.pk}/history/", picture="riwayat")
    assert "Moderator" in moderator.page.inner_text("main")
