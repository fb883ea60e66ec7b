"""Looking at a page by axe's rules, as everybody's browser shows it."""

from axe_playwright_python.base import AXE_SCRIPT

WCAG = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa")
ALL = (*WCAG, "best-practice")
_LOOK = "([part, rules]) => axe.run(part || document, rules).then(results => results.violations.map(violation => violation.id))"


def violations(page, part: str = "", rules: tuple[str, ...] = ALL) -> list[str]:
    """Names of the rules that a page of Playwright, or a part of it (a CSS selector), breaks.

    Axe is loaded once a page and tells no more than these names: most of the time would go into the rest.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(_LOOK, [part, {"runOnly": list(rules), "resultTypes": ["violations"]}])
