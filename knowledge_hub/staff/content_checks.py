"""Additional rules of Wagtail's content checker, about writing for citizens."""

from django.forms import Media
from django.utils.translation import gettext_lazy as _
from wagtail.admin.userbar import ContentCheckerItem

VAGUE = (
    r"^(klik (di sini|disini)|(di sini|disini)|baca( selengkapnya)?|selengkapnya|tautan( ini)?"
    r"|click here|here|read more|more|this link|link)[.!]?$"
)
# NIP: 18 digits; NIK: 16 digits; mobile numbers start with 08 or +62 8.
PERSONAL = r"(?<!\d)(\d{8} ?\d{6} ?\d ?\d{3}|\d{16}|(\+62 ?8|08)\d([ -]?\d){7,11})(?!\d)"
LONGEST_PARAGRAPH = 120


class OurContentChecker(ContentCheckerItem):
    """Wagtail's content checker with three more rules: meaningful link texts, no personal numbers, short paragraphs."""

    RULES = {
        "telling-link": ("main a[href]", "check-telling-link", {"pattern": VAGUE}, "serious"),
        "no-personal-number": ("main p, main li, main td, main dd", "check-no-personal-number", {"pattern": PERSONAL}, "critical"),
        "short-paragraph": ("main .prose p", "check-short-paragraph", {"most": LONGEST_PARAGRAPH}, "moderate"),
    }
    MESSAGES = {
        "telling-link": {
            "error_name": _("The link does not say where it leads"),
            "help_text": _("Name what it leads to, so that it makes sense when read alone"),
        },
        "no-personal-number": {
            "error_name": _("A personal number stands in the text"),
            "help_text": _("Remove identity numbers, staff numbers and mobile numbers; name an office instead"),
        },
        "short-paragraph": {
            "error_name": _("The paragraph is very long"),
            "help_text": _("Divide it: one thought a paragraph, at most about 120 words"),
        },
    }

    @property
    def media(self):
        """The script with the checks; the user bar loads it."""
        return Media(js=["js/content_checks.js"])

    def get_axe_run_only(self, request):
        """Wagtail's rules and ours."""
        return [*super().get_axe_run_only(request), *self.RULES]

    def get_axe_custom_rules(self, request):
        """The selector of each rule."""
        ours = [
            {"id": rule, "impact": impact, "selector": selector, "tags": ["best-practice"], "any": [check], "enabled": True}
            for rule, (selector, check, _options, impact) in self.RULES.items()
        ]
        return [*super().get_axe_custom_rules(request), *ours]

    def get_axe_custom_checks(self, request):
        """Options of each check; the checks are in static/js/content_checks.js."""
        ours = [{"id": check, "options": options} for _selector, check, options, _impact in self.RULES.values()]
        return [*super().get_axe_custom_checks(request), *ours]

    def get_axe_messages(self, request):
        """Name and help text of each violated rule, for editors."""
        return {**super().get_axe_messages(request), **self.MESSAGES}


def use_our_checker(request, items: list, page) -> None:
    """Replace Wagtail's content checker by ours."""
    items[:] = [OurContentChecker(in_editor=item.in_editor) if isinstance(item, ContentCheckerItem) else item for item in items]
