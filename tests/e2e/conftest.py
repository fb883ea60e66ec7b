"""Fixtures for browser tests: Chromium, and a running site with the initial content."""

import os
import re
import shutil
from pathlib import Path

import pytest
from coverage import Coverage
from django.conf import settings as project
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser, BrowserType, Page, sync_playwright

from tests import database
from tests.factories import UserFactory

SCREENSHOTS = project.BASE_DIR / "var" / "screenshots"
INDEX = Path(project.WAGTAILSEARCH_BACKENDS["default"]["PATH"])
STAFF = ("petugas", "kata-sandi-uji")


def pytest_collection_modifyitems(items):
    """Run browser tests first; the tests of a file share a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.long)


@pytest.fixture(scope="module", autouse=True)
def _without_coverage():
    """Pause the measurement of coverage: browser tests take long, and other tests run the same branches."""
    measured = Coverage.current()
    if measured is None:
        yield
        return
    measured.stop()
    yield
    measured.start()


def launch(chromium: BrowserType, *options: str) -> Browser:
    """Start the Chromium named by CHROMIUM, else the headless one, which needs half the processor time, else the one with windows."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    return chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", *options])


@pytest.fixture(scope="module")
def browser(django_db_setup) -> Browser:
    """Chromium, as launch() starts it.

    Playwright runs an event loop in this thread, in which Django refuses to use the database. So DJANGO_ALLOW_ASYNC_UNSAFE is set
    while the browser runs, which is for one module.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = launch(playwright.chromium)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def loaded_database(fresh_database, django_db_blocker) -> Path:
    """A copy of the database with the initial content, made once in each process. A copy of the search index is made beside it."""
    with django_db_blocker.unblock():
        call_command("load_initial_content", verbosity=0)
        call_command("rebuild_modelsearch_index", verbosity=0)
        copy = database.save_copy(project.TEST_DIR / "loaded.sqlite3")
        shutil.copytree(INDEX, project.TEST_DIR / "loaded-index")
        database.restore_copy(fresh_database)
    return copy


@pytest.fixture
def site(loaded_database, transactional_db, live_server, smtp_sink, settings):
    """The running site with the initial content and one administrator (``STAFF``); mail goes to ``smtp_sink``."""
    settings.SITE_URL = settings.WAGTAILADMIN_BASE_URL = live_server.url
    settings.SITE_HOST = live_server.url.split("://", 1)[1]
    database.restore_copy(loaded_database)
    shutil.rmtree(INDEX, ignore_errors=True)
    shutil.copytree(project.TEST_DIR / "loaded-index", INDEX)
    UserFactory(admin=True, username=STAFF[0])
    return live_server


class Visitor:
    """A person with a browser window: opens addresses, takes screenshots and records errors of the browser.

    Attributes:
        page: Playwright's page.
        complaints: violations of the content security policy, errors of scripts, and other errors on public pages.
    """

    def __init__(self, browser: Browser, base_url: str, name: str, *, javascript: bool = True):
        self.context = browser.new_context(
            base_url=base_url,
            java_script_enabled=javascript,
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            viewport={"width": 1280, "height": 900},
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.name, self.base_url = name, base_url
        self.pictures = 0
        self.complaints: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))

    def sign_in(self, username: str = STAFF[0]) -> None:
        """Get the session of a signed-in member of staff; test_journey.py signs in by the form."""
        session = Client()
        session.force_login(get_user_model().objects.get(username=username))
        self.context.add_cookies(
            [{"name": name, "value": cookie.value, "url": self.base_url} for name, cookie in session.cookies.items()],
        )

    def _note(self, message) -> None:
        if message.type == "error" and ("/admin/" not in self.page.url or "Content Security Policy" in message.text):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def open(self, address: str, *, picture: str = "") -> Page:
        """Go to an address; fails unless the response is successful."""
        response = self.page.goto(address)
        assert response.ok, f"{address}: {response.status}"
        if picture:
            self.keep(picture)
        return self.page

    def keep(self, title: str) -> None:
        """Save a screenshot in var/screenshots if the variable SCREENSHOTS is set; all screenshots take about a minute."""
        if not os.environ.get("SCREENSHOTS"):
            return
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.pictures += 1
        self.page.screenshot(
            path=SCREENSHOTS / f"{self.name}-{self.pictures:02}-{re.sub('[^a-z0-9]+', '-', title.lower())}.png", full_page=True
        )

    def press(self, selector: str, *, picture: str = "") -> None:
        """Click a button or link and wait for the next page."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        if picture:
            self.keep(picture)

    def download(self, selector: str) -> bytes:
        """Download the file of a link; returns its content."""
        address = self.page.locator(selector).first.get_attribute("href")
        response = self.context.request.get(address)
        assert response.ok, f"{address}: {response.status}"
        return response.body()


@pytest.fixture
def visitor(browser, site):
    """Function that makes a Visitor: ``visitor("tamu", javascript=False)``."""
    made = []

    def make(name: str, *, javascript: bool = True) -> Visitor:
        made.append(Visitor(browser, site.url, name, javascript=javascript))
        return made[-1]

    yield make
    for one in made:
        one.context.close()


def fill_in_place(page):
    """Enter where the guests come and whom they call, on the page that schedules a visit."""
    for name, value in {"place": "Balai Contoh", "directions": "Pintu timur.", "host_contact_phone": "000-0000"}.items():
        page.fill(f"[name={name}]", value)
