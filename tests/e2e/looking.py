"""Accessibility check of a page with axe."""

from axe_playwright_python.base import AXE_SCRIPT

WCAG = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa")
ALL = (*WCAG, "best-practice")
_LOOK = "([part, rules]) => axe.run(part || document, rules).then(results => results.violations.map(violation => violation.id))"


def violations(page, part: str = "", rules: tuple[str, ...] = ALL, *, colours: bool = True) -> list[str]:
    """Names of the axe rules that a Playwright page, or a part of it (a CSS selector), violates.

    Axe is loaded once per page and returns only the names, because most of its time goes into details.

    Args:
        colours: whether to look at the contrast of colours, which takes two thirds of axe's time. Another language or width of the same
            page has the same colours.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {"runOnly": list(rules), "resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": colours}}}
    return page.evaluate(_LOOK, [part, options])
