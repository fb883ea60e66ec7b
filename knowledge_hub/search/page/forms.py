"""Query string of the search page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from knowledge_hub.catalogue.facets import Facet, FacetForm
from knowledge_hub.search.page.facets import LANGUAGE, NARROWING
from knowledge_hub.search.words.query_parser import MAX_LENGTH


class SearchForm(FacetForm):
    """The query and the chosen facets. Invalid values are dropped, so that no address is an error."""

    facets = (*NARROWING, LANGUAGE)
    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}))

    def clean_q(self) -> str:
        """The query without control characters, cut at 500 characters."""
        return " ".join("".join(char if char.isprintable() else " " for char in self.cleaned_data["q"]).split())[:MAX_LENGTH]

    def wanted(self) -> dict[Facet, str]:
        """The chosen value of each facet that narrows the results, without the language."""
        return {facet: value for facet in NARROWING for value in self.cleaned_data[facet.name]}
