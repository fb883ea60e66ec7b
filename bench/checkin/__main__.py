"""Measure how fast the page at the door starts on a phone without network, and how fast a typed code is recorded there.

    python -m bench checkin [--people 60] [--rounds 20] [--quick]

Needs Chromium. The site runs with production settings. The phone is Chromium on a processor that is slowed down four times, the factor with
which Lighthouse plays a phone. Before each start the service worker is stopped, as a phone's system stops it.
"""

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

from bench import bars
from bench.checkin import ACCOUNT
from bench.lighthouse.__main__ import chromium, production
from bench.pages import rate

SLOWER = 4
MOST_UNITS = 5.0
"""One second on a machine whose unit is 200 ms."""
MOST_BARE = 5.0
"""Times a page that holds one word and needs neither network nor script."""
BARE = "data:text/html,<p class=door__person>Nama</p>"
# Notes when the first name is on the screen: after two frames it is drawn.
WATCH = """
window.shown = new Promise((done) => {
  const look = () => {
    if (document.querySelector(".door__person")) requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
    else requestAnimationFrame(look);
  };
  look();
});
"""


def main() -> int:
    """Print the times; 1 when a bar is missed."""
    options = bars.parser("checkin", __doc__)
    options.add_argument("--people", type=int, default=60, help="how many are on the list")
    options.add_argument("--rounds", type=int, default=20, help="how often the page is started")
    chosen = bars.parse(options, people=10, rounds=3)
    if not chromium():
        print("This needs Chromium.")
        return 1
    found = bars.Bars("checkin", judged=not chosen.quick)
    with tempfile.TemporaryDirectory(prefix="bench-checkin-") as directory:
        port = rate.free_port()
        environment = production(Path(directory), port)
        subprocess.run([sys.executable, "manage.py", "prepare"], env=environment, check=True, stdout=subprocess.DEVNULL)
        told = [sys.executable, "-m", "bench.checkin.data", str(chosen.people)]
        address, code = subprocess.run(told, env=environment, check=True, capture_output=True, text=True).stdout.split()[-2:]
        with rate.server(environment, port):
            starts, bare, checks = _measure(f"http://localhost:{port}", address, code, chosen.rounds)
    found.heading(f"Without network, {chosen.people} people on the list, processor {SLOWER} times slower")
    shown = {"start until the names are shown": starts, "a page of one word": bare, "a typed code until it is recorded": checks}
    for what, times in shown.items():
        print(f"{what:<40}{statistics.median(times):8.0f} ms   ({min(times):.0f}–{max(times):.0f})")
    found.add("start without network × the unit", statistics.median(starts) / found.unit.ms, most=MOST_UNITS)
    found.add("start without network × a page of one word", statistics.median(starts) / statistics.median(bare), most=MOST_BARE)
    return found.end()


def _measure(site: str, address: str, code: str, rounds: int) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of each start, of each bare page, and of each typed code; page and bare page take turns."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-dev-shm-usage"])
        context = browser.new_context(base_url=site, viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
        _open_once(context, address)
        context.set_offline(True)
        starts, bare, checks = [], [], []
        for _ in range(rounds):
            # One after the other: the browser hardly draws a page behind another one.
            page = _phone(context)
            starts.append(_start(page, address))
            checks.append(_type(page, code))
            page.close()
            page = _phone(context)
            bare.append(_start(page, BARE))
            page.close()
        browser.close()
    return starts, bare, checks


def _start(page: Page, address: str) -> float:
    """Milliseconds until the first name is drawn."""
    page.goto(address, wait_until="commit")
    return page.evaluate("window.shown")


def _open_once(context: BrowserContext, address: str) -> None:
    """Sign in and open the page with network, so that the phone has the list and the service worker."""
    page = context.new_page()
    page.goto(f"/admin/login/?next={address}")
    page.fill("[name=username]", ACCOUNT[0])
    page.fill("[name=password]", ACCOUNT[1])
    page.click("button[type=submit]")
    page.locator(".door__person").first.wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.close()


def _phone(context: BrowserContext) -> Page:
    """A new page on a slow processor, with no service worker running."""
    page = context.new_page()
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    session.send("ServiceWorker.enable")
    session.send("ServiceWorker.stopAllWorkers")
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def _type(page: Page, code: str) -> float:
    """Milliseconds from the press until the page says what became of the code."""
    page.fill("#text", code)
    return page.evaluate(
        """async () => {
          const begin = performance.now();
          const box = document.getElementById("message");
          const told = new Promise((done) => new MutationObserver(done).observe(box, { attributes: true, subtree: true, childList: true }));
          document.querySelector("#typed button").click();
          await told;
          return performance.now() - begin;
        }"""
    )


if __name__ == "__main__":
    sys.exit(main())
