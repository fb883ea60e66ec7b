"""What a visitor may ask of the search page. A value that means nothing is left out, never an error."""

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from knowledge_hub.search.page import facets
from knowledge_hub.search.words.syntax import MAX_LENGTH


class SearchForm(forms.Form):
    """The query and the facets chosen."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}))
    type = forms.CharField(required=False)
    topic = forms.CharField(required=False)
    year = forms.CharField(required=False)
    language = forms.CharField(required=False)
    page = forms.CharField(required=False)

    def clean_q(self) -> str:
        """The query without control characters, cut at 500 characters."""
        return " ".join("".join(char if char.isprintable() else " " for char in self.cleaned_data["q"]).split())[:MAX_LENGTH]

    def clean_language(self) -> str:
        """One of the site's languages, otherwise nothing."""
        value = self.cleaned_data["language"]
        return value if value in dict(settings.LANGUAGES) else ""

    def clean_page(self) -> int:
        """The page number, 1 if it is none."""
        value = self.cleaned_data["page"]
        return max(1, int(value)) if value.isascii() and value.isdigit() and len(value) < 8 else 1

    def wanted(self) -> dict[str, str]:
        """Facet to the value chosen, as far as there is such a value; ask after is_valid()."""
        values = {name: self.cleaned_data.get(name, "") for name in facets.FACETS}
        return {name: value for name, value in values.items() if value and facets.known(name, value)}

    def address(self, **changes: object) -> str:
        """The address of the page with what was asked, and with changes; None takes a part away. The page number is never kept."""
        parts = {"q": self.cleaned_data.get("q", ""), **self.wanted(), "language": self.cleaned_data.get("language") or None, **changes}
        made = QueryDict(mutable=True)
        made.update({name: str(value) for name, value in parts.items() if value is not None})
        return f"?{made.urlencode()}"
