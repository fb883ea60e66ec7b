"""What a visitor may ask of the search page. A value that means nothing is left out, never an error."""

from django import forms
from django.utils.translation import gettext_lazy as _

from knowledge_hub.search.syntax import MAX_LENGTH

FIRST_YEAR = 1945
LAST_YEAR = 2200


class SearchForm(forms.Form):
    """The query and the facets chosen."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}))
    type = forms.CharField(required=False)
    year = forms.CharField(required=False)
    page = forms.CharField(required=False)

    def clean_q(self) -> str:
        """The query without control characters, cut at 500 characters."""
        return " ".join("".join(char if char.isprintable() else " " for char in self.cleaned_data["q"]).split())[:MAX_LENGTH]

    def clean_year(self) -> int | None:
        """The year, None if it is none."""
        value = self.cleaned_data["year"]
        if value.isascii() and value.isdigit() and len(value) == 4 and FIRST_YEAR <= int(value) <= LAST_YEAR:
            return int(value)
        return None

    def clean_page(self) -> int:
        """The page number, 1 if it is none."""
        value = self.cleaned_data["page"]
        return max(1, int(value)) if value.isascii() and value.isdigit() and len(value) < 8 else 1
