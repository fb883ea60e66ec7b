"""Check-in with phones at the door: camera, no network, two phones, sign-out, and what is forgotten at the end."""

import datetime as dt
import io

import pytest
import segno
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.conftest import STAFF, Visitor, launch
from tests.e2e.looking import WCAG, violations
from tests.factories import VisitFactory
from visits.domain import attendance, badges, decisions
from visits.enums import Actor
from visits.models import AttendanceEvent

KEPT = """(store) => new Promise((done) => {
  const request = indexedDB.open("door");
  request.onsuccess = () => {
    const all = request.result.transaction(store).objectStore(store).getAll();
    all.onsuccess = () => { request.result.close(); done(JSON.stringify(all.result)); };
  };
})"""


@pytest.fixture
def visit(site):
    """A visit that goes on now, with four delegates."""
    visit = VisitFactory(approved=True, now=True, delegates=4)
    badges.give_missing(visit)
    return visit


@pytest.fixture
def phone(visitor, visit):
    """Function that opens the page on a signed-in phone, and waits until it works without network."""

    def open_page(name: str) -> Visitor:
        staff = visitor(name)
        staff.page.set_viewport_size({"width": 360, "height": 740})
        staff.sign_in()
        staff.open(reverse("visits_staff:door", args=[visit.pk]))
        ready(staff.page)
        return staff

    return open_page


def ready(page):
    """Wait until the list is shown, and the service worker serves the page."""
    page.locator(".door__person").first.wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def row(page, person):
    return page.locator(f".door__person[data-person='{person.pk}']")


def present(page, number):
    expect(page.locator("#present")).to_have_text(str(number))


def everything_is_sent(page):
    expect(page.locator("#link")).to_have_text("Semua sudah terkirim.", timeout=15_000)


def after_a_moment(page):
    """Wait until a tap on a row that has just changed counts again."""
    page.wait_for_timeout(800)


def enter(page, text):
    page.fill("#text", text)
    page.click("#typed button")


def test_a_phone_works_without_network(phone, visit):
    first, second, third, fourth = visit.delegates.all()
    staff = phone("petugas-pintu")
    page = staff.page
    staff.keep("daftar")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    staff.context.set_offline(True)

    enter(page, f"{first.badge_code[:3]} {first.badge_code[3:].lower()}")
    enter(page, second.name)
    row(page, third).locator("[data-kind=checked_in]").click()
    present(page, 3)
    after_a_moment(page)
    row(page, second).locator("[data-kind=annulled]").click()
    row(page, fourth).locator("[data-kind=absent]").click()
    page.click("#walk-in summary")
    page.fill("#name", "Tamu Tambahan Contoh, S.H.")
    page.click("#newcomer button")
    present(page, 3)
    enter(page, first.badge_code)
    expect(page.locator("#message")).to_contain_text("sudah dicatat hadir")
    staff.keep("tanpa jaringan")

    page.reload()
    page.locator(".door__person").first.wait_for()
    present(page, 3)
    expect(page.locator("#link")).to_contain_text("6")
    assert AttendanceEvent.objects.count() == 0
    staff.context.set_offline(False)
    everything_is_sent(page)

    present(page, 3)
    assert sorted(person.name for person in attendance.attended(visit)) == sorted(
        [first.name, third.name, "Tamu Tambahan Contoh, S.H."],
    )
    assert [event.kind for event in second.attendance_events.all()] == ["checked_in", "annulled"]
    assert AttendanceEvent.objects.count() == 6
    assert first.attendance_events.get().source == "scan"
    assert page.evaluate(KEPT, "entries") == "[]"
    staff.keep("terkirim")
    assert violations(page, "", WCAG) == []
    assert [complaint for complaint in staff.complaints if "ERR_INTERNET_DISCONNECTED" not in complaint] == []


def test_two_hours_without_network_keep_their_times(phone, visit):
    first, second, *_others = visit.delegates.all()
    staff = phone("dua-jam")
    page = staff.page
    begin = timezone.now()
    page.clock.install(time=begin)
    page.reload()
    ready(page)
    page.clock.resume()
    staff.context.set_offline(True)
    row(page, first).locator("[data-kind=checked_in]").click()
    present(page, 1)
    page.clock.fast_forward("02:10:00")
    row(page, second).locator("[data-kind=checked_in]").click()
    present(page, 2)

    with time_machine.travel(begin + dt.timedelta(hours=2, minutes=10)):
        staff.context.set_offline(False)
        everything_is_sent(page)

    came = [person.last_at - begin for person in attendance.attended(visit)]
    assert [round(after.total_seconds() / 300) for after in came] == [0, 26]


def test_two_phones_at_one_door_agree(phone, visit):
    first, second, *_others = visit.delegates.all()
    one, two = phone("pintu-satu"), phone("pintu-dua")
    for staff in (one, two):
        staff.context.set_offline(True)
        row(staff.page, first).locator("[data-kind=checked_in]").click()
        present(staff.page, 1)
    row(two.page, second).locator("[data-kind=checked_in]").click()

    for staff in (one, two):
        staff.context.set_offline(False)
        everything_is_sent(staff.page)

    expect(one.page.locator("#present")).to_have_text("2", timeout=15_000)
    assert set(attendance.attended(visit)) == {first, second}
    assert first.attendance_events.count() == 2
    came = attendance.attended(visit).get(pk=first.pk).last_at
    assert came == min(event.at for event in first.attendance_events.all())


def test_a_double_tap_checks_in_once(phone, visit):
    person = visit.delegates.first()
    staff = phone("dua-ketuk")
    page = staff.page
    staff.context.set_offline(True)
    after_a_moment(page)
    button = row(page, person).locator("[data-kind=checked_in]").bounding_box()
    for _ in range(3):
        page.mouse.click(button["x"] + button["width"] / 2, button["y"] + button["height"] / 2)
        page.wait_for_timeout(120)
    present(page, 1)

    page.click("#walk-in summary")
    page.fill("#name", "Tamu Keliru Contoh")
    page.click("#newcomer button")
    present(page, 2)
    after_a_moment(page)
    page.locator(".door__person", has_text="Tamu Keliru").locator("[data-kind=annulled]").click()
    present(page, 1)
    staff.context.set_offline(False)
    everything_is_sent(page)

    assert AttendanceEvent.objects.count() == 1
    assert not visit.delegates.filter(walk_in=True).exists()


def test_an_answer_that_is_lost_changes_nothing_twice(phone, visit):
    person = visit.delegates.first()
    staff = phone("jaringan-putus")
    page, lost = staff.page, []
    page.clock.install()
    page.reload()
    ready(page)

    def lose_the_answer(route):
        route.fetch()
        lost.append(route.request.url)
        route.abort()

    page.route("**/phone/post/", lose_the_answer, times=2)
    row(page, person).locator("[data-kind=checked_in]").click()
    expect(page.locator("#link")).to_contain_text("1", timeout=15_000)
    for _another_try in range(2):
        page.clock.fast_forward("00:05")
        page.wait_for_timeout(200)
    everything_is_sent(page)

    assert len(lost) == 2
    assert AttendanceEvent.objects.count() == 1


def test_a_sign_out_loses_nothing(phone, visit):
    first, second, *_others = visit.delegates.all()
    staff = phone("keluar")
    page = staff.page
    session = next(cookie for cookie in staff.context.cookies() if cookie["name"] == "sessionid")
    staff.context.clear_cookies()
    row(page, first).locator("[data-kind=checked_in]").click()
    page.locator("#signed-out").wait_for()
    row(page, second).locator("[data-kind=checked_in]").click()
    present(page, 2)
    staff.keep("sudah keluar")
    assert AttendanceEvent.objects.count() == 0

    staff.press("#sign-in")
    assert "/login/" in page.url
    page.fill("[name=username]", STAFF[0])
    page.fill("[name=password]", STAFF[1])
    staff.press("button[type=submit]")
    ready(page)
    everything_is_sent(page)

    assert set(attendance.attended(visit)) == {first, second}
    assert session["value"] not in {cookie["value"] for cookie in staff.context.cookies()}


def test_the_names_are_erased_when_the_visit_is_completed(phone, visit):
    first, second, *_others = visit.delegates.all()
    staff = phone("selesai")
    page = staff.page
    row(page, first).locator("[data-kind=checked_in]").click()
    present(page, 1)
    everything_is_sent(page)
    staff.context.set_offline(True)
    row(page, second).locator("[data-kind=checked_in]").click()
    present(page, 2)
    assert second.name in page.evaluate(KEPT, "visits")
    visit.refresh_from_db()
    decisions.complete(visit, by=Actor.STAFF)

    staff.context.set_offline(False)
    page.locator("#closed:visible").wait_for()
    expect(page.locator(".door__person")).to_have_count(0)

    # Who was checked in before the visit was completed is not lost.
    assert set(attendance.attended(visit)) == {first, second}
    assert visit.certificates.count() == 2
    assert page.evaluate(KEPT, "visits") == "[]"
    assert page.evaluate(KEPT, "entries") == "[]"
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0
    staff.keep("selesai")


def test_the_names_are_erased_for_who_may_not_see_them(phone, visit):
    person = visit.delegates.first()
    staff = phone("tanpa-wewenang")
    page = staff.page
    staff.context.set_offline(True)
    row(page, person).locator("[data-kind=checked_in]").click()
    present(page, 1)
    user = get_user_model().objects.get(username=STAFF[0])
    user.is_superuser = False
    user.save()
    user.groups.add(Group.objects.get(name="Auditor"))

    staff.context.set_offline(False)
    page.locator("#closed:visible").wait_for()

    # The entry stays, without the name, until somebody sends it who may.
    assert page.evaluate(KEPT, "visits") == "[]"
    assert person.name not in page.evaluate(KEPT, "entries")
    user.groups.add(Group.objects.get(name="Penerima tamu"))
    page.reload()
    ready(page)
    everything_is_sent(page)
    assert list(attendance.attended(visit)) == [person]


def test_the_names_are_erased_after_a_time_without_network(phone, visit):
    staff = phone("lewat-waktu")
    page = staff.page
    staff.context.set_offline(True)
    page.evaluate("""new Promise((done) => {
      const request = indexedDB.open("door");
      request.onsuccess = () => {
        const change = request.result.transaction("visits", "readwrite");
        const visits = change.objectStore("visits");
        visits.getAll().onsuccess = (event) => visits.put({ ...event.target.result[0], forgetAt: Date.now() - 1000 });
        change.oncomplete = () => { request.result.close(); done(); };
      };
    })""")

    page.reload()
    page.locator("#closed:visible").wait_for()

    expect(page.locator(".door__person")).to_have_count(0)
    assert page.evaluate(KEPT, "visits") == "[]"
    assert page.evaluate("caches.keys()") == []


def test_a_wrong_clock_is_noticed_and_corrected(phone, visit):
    person = visit.delegates.first()
    staff = phone("jam-salah")
    page = staff.page
    page.clock.install(time=timezone.now() + dt.timedelta(hours=5))
    page.reload()
    ready(page)
    page.locator("#clock:visible").wait_for()
    staff.keep("jam salah")

    row(page, person).locator("[data-kind=checked_in]").click()
    present(page, 1)
    page.clock.run_for(6000)
    expect(page.locator("#link")).to_have_text("Semua sudah terkirim.")

    event = person.attendance_events.get()
    assert abs(event.at - timezone.now()) < dt.timedelta(minutes=2)
    assert event.device_at - event.at > dt.timedelta(hours=4)


def picture(text: str) -> bytes:
    """A picture of a camera that looks at a QR code."""
    code = io.BytesIO()
    segno.make_qr(text, error="m").save(code, kind="png", scale=8, border=4)
    shown = Image.new("RGB", (640, 480), "#777")
    with Image.open(code) as image:
        qr = image.convert("RGB").resize((360, 360), Image.Resampling.NEAREST)
    shown.paste(qr, (140, 60))
    written = io.BytesIO()
    shown.save(written, "JPEG", quality=90)
    return written.getvalue()


@pytest.fixture
def looking_at(browser, visit, site, tmp_path):
    """Function that opens the page in a browser whose camera shows a QR code with this text."""
    opened = []

    def look(text: str, name: str):
        film = tmp_path / f"{name}.mjpeg"
        film.write_bytes(picture(text) * 30)
        fake = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
        chromium = launch(browser.browser_type, *fake)
        opened.append(chromium)
        staff = Visitor(chromium, site.url, name)
        staff.page.set_viewport_size({"width": 360, "height": 740})
        staff.sign_in()
        staff.open(reverse("visits_staff:door", args=[visit.pk]))
        ready(staff.page)
        return staff

    yield look
    for chromium in opened:
        chromium.close()


def test_a_badge_is_scanned_without_network(looking_at, visit):
    person = visit.delegates.all()[1]
    staff = looking_at(badges.address_of(person), "kamera")
    staff.context.set_offline(True)

    staff.page.click("#scan")

    expect(staff.page.locator("#message")).to_contain_text(person.name)
    present(staff.page, 1)
    staff.keep("dipindai")
    staff.page.click("#scan")
    staff.context.set_offline(False)
    everything_is_sent(staff.page)
    assert person.attendance_events.get().source == "scan"
    assert staff.page.evaluate("document.getElementById('video').srcObject === null")
    assert [complaint for complaint in staff.complaints if "ERR_INTERNET_DISCONNECTED" not in complaint] == []


def test_a_badge_of_another_visit_gives_a_sentence(looking_at, visit):
    other = VisitFactory(approved=True, today=True, delegates=1, organisation="Dinas Lain Contoh")
    badges.give_missing(other)
    staff = looking_at(badges.address_of(other.delegates.get()), "lencana-lain")

    staff.page.click("#scan")

    expect(staff.page.locator("#refused")).to_contain_text("Dinas Lain Contoh")
    staff.keep("kunjungan lain")
    staff.page.click("#refused button")
    expect(staff.page.locator("#refused")).to_be_hidden()
    assert AttendanceEvent.objects.count() == 0
