"""Public pages hold WCAG 2.2 AA by axe's rules and fit their screen, on a phone by day and on a desk by night."""

import pytest
from axe_playwright_python.sync_playwright import Axe

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
PAGES = (
    "/",
    "/en/",
    "/pengetahuan/",
    "/pengetahuan/kolaborasi-tiga-pihak/",
    "/pertanyaan-umum/",
    "/mitra/",
    "/cari/?q=database",
    "/kunjungan/",
    "/v/",
)


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_public_pages_can_be_read_by_everybody(browser, site, width, scheme):
    context = browser.new_context(
        base_url=site.url, viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True
    )
    page = context.new_page()
    troubles = {}
    for address in PAGES:
        page.goto(address)
        found = [violation["id"] for violation in Axe().run(page, options=RULES).response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append("wider than the screen")
        if found:
            troubles[address] = found
    context.close()

    assert troubles == {}
