"""Facets: the filters of index pages, feeds and the search page.

Each facet is declared once. FacetForm reads the chosen values from the query string and makes choices and chips with
their addresses. The counts come from entries in memory (filter_entries) or from the search engine (search/page/facets.py).
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy
from wagtail.models import get_page_models

from knowledge_hub.catalogue.entries import Entry
from knowledge_hub.enums import ServiceDirection
from knowledge_hub.models import CaseStudyPage
from knowledge_hub.models.taxonomy import topics

PER_PAGE = 12
YEARS = {str(year): str(year) for year in range(2200, 1799, -1)}
YEAR_NUMBERS = {year: int(year) for year in YEARS}


@dataclass(frozen=True, eq=False)
class Facet:
    """A filter of a list.

    Attributes:
        name: its parameter in the query string.
        label: its heading.
        labels: returns all values with their labels in the active language, in the order of display.
        entry_values: returns the values of an entry.
        several: whether several values may be chosen; an entry matches if it has one of them.
        by_count: whether the most frequent value comes first.
        default: returns the value that holds if none is chosen.
        always_open: whether index pages show the values without a click, and the search page even if they narrow nothing.
        column: the filter field of the search index that has its values; needed on the search page.
        stored: returns all values as the column has them; without it the column has the values themselves.
    """

    name: str
    label: str | Promise
    labels: Callable[[], Mapping[str, str]]
    entry_values: Callable[[Entry], Iterable[str]]
    several: bool = True
    by_count: bool = False
    default: Callable[[], str] | None = None
    always_open: bool = False
    column: str = ""
    stored: Callable[[], Mapping[str, object]] | None = None

    def stored_values(self) -> Mapping[str, object]:
        """All values that its column can have, as the query string and as the column has them."""
        return self.stored() if self.stored else {value: value for value in self.labels()}


def page_type_labels() -> dict[str, str]:
    """Model names of all page types with their plural names, in alphabetical order of these."""
    labels = {model._meta.model_name: capfirst(str(model._meta.verbose_name_plural)) for model in get_page_models()}
    return dict(sorted(labels.items(), key=lambda item: item[1].casefold()))


def page_type_ids() -> dict[str, int]:
    """Model names of all page types with their content types; no query once these are cached."""
    return {kind.model: kind.pk for kind in ContentType.objects.get_for_models(*get_page_models()).values()}


def _evidence(entry: Entry) -> list[str]:
    return [] if entry.proven is None else ["proven" if entry.proven else "unmeasured"]


def _year(entry: Entry) -> list[str]:
    year = entry.year or (entry.date.year if entry.date else None)
    return [str(year)] if year else []


TYPE = Facet(
    "type",
    gettext_lazy("Type"),
    page_type_labels,
    lambda entry: [entry.kind],
    always_open=True,
    column="content_type_id",
    stored=page_type_ids,
)
DIMENSION = Facet(
    "dimension",
    gettext_lazy("Dimension"),
    lambda: {topic.dimension: topic.dimension_name for topic in topics().values()},
    lambda entry: [topic.dimension for topic in entry.topics],
    column="dimensions",
)
YEAR = Facet("year", gettext_lazy("Year"), lambda: YEARS, _year, column="subject_year", stored=lambda: YEAR_NUMBERS)
FACETS = (
    TYPE,
    DIMENSION,
    Facet(
        "topic",
        gettext_lazy("Topic"),
        lambda: {topic.slug: topic.name for topic in topics().values()},
        lambda entry: [topic.slug for topic in entry.topics],
    ),
    Facet("direction", gettext_lazy("Service direction"), lambda: dict(ServiceDirection.choices), lambda entry: entry.directions),
    # An application's statuses are among those of a case study.
    Facet(
        "status",
        gettext_lazy("Status"),
        lambda: {value: label for value, label in CaseStudyPage.Status.choices if value != "unknown"},
        lambda entry: [entry.status],
    ),
    Facet(
        "evidence",
        gettext_lazy("Evidence"),
        lambda: {"proven": gettext("Proven"), "unmeasured": gettext("Not yet measured")},
        _evidence,
    ),
    YEAR,
)


@dataclass(frozen=True)
class Choice:
    """A value of a facet, as templates show it. A chip is a choice that is chosen.

    Attributes:
        count: how many entries or results have the value and match the other facets.
    """

    form: "FacetForm"
    facet: Facet
    value: str
    label: str
    count: int
    chosen: bool

    @property
    def address(self) -> str:
        """Address of the list with this value chosen; if it is chosen already, without it."""
        others = [value for value in self.form.chosen(self.facet) if self.facet.several and value != self.value]
        return self.form.address(**{self.facet.name: others if self.chosen else [*others, self.value]})


@dataclass(frozen=True)
class FacetChoices:
    """A facet with those of its values that have a count or are chosen."""

    facet: Facet
    choices: list[Choice]

    @property
    def name(self) -> str:
        """Parameter of the facet."""
        return self.facet.name

    @property
    def label(self) -> str:
        """Heading of the facet."""
        return str(self.facet.label)

    @property
    def is_open(self) -> bool:
        """Whether the index page shows the values without a click."""
        return self.facet.always_open or any(choice.chosen for choice in self.choices)

    def narrows(self, total: int) -> bool:
        """Whether choosing a value can change ``total`` results; always true of a facet that is always open."""
        return self.facet.always_open or len(self.choices) > 1 or self.choices[0].count != total


class FacetField(forms.Field):
    """Chosen values of a facet. Unknown values are dropped, so that no address is an error."""

    widget = forms.MultipleHiddenInput

    def __init__(self, facet: Facet):
        super().__init__(required=False)
        self.facet = facet

    def to_python(self, value: list[str]) -> list[str]:
        """The known values; only the last one if the facet takes one value."""
        asked = value if self.facet.several else value[-1:]
        return [known for known in self.facet.labels() if known in asked] if asked else []


class NumbersField(forms.Field):
    """Whole numbers, each once; anything else is dropped."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: list[str]) -> list[int]:
        """The numbers in their order."""
        return numbers(value)


class FacetForm(forms.Form):
    """Query string of a filtered list. Subclasses name their facets; call is_valid() before anything else."""

    facets: tuple[Facet, ...] = ()
    page = forms.CharField(required=False)

    def __init__(self, data: QueryDict):
        super().__init__(data)
        self.fields |= {facet.name: FacetField(facet) for facet in self.facets}

    def address(self, **changes: object) -> str:
        """Address of the same list with some parameters changed.

        Args:
            changes: parameter to its new value or list of values; None removes it. The page number is always removed.
        """
        parameters = self.cleaned_data | {"page": None} | changes
        return "?" + urlencode({name: value for name, value in parameters.items() if value is not None}, doseq=True)

    def chosen(self, facet: Facet) -> list[str]:
        """The values that hold for a facet: those in the query string, otherwise its default."""
        return self.cleaned_data[facet.name] or ([facet.default()] if facet.default else [])

    def choices(self, counts: Mapping[str, Counter]) -> tuple[list[FacetChoices], list[Choice]]:
        """The facets with their choices, and a chip for each value in the query string.

        Args:
            counts: for each facet that can be counted, the values that occur, with their counts.
        """
        groups = [
            FacetChoices(facet, choices)
            for facet in self.facets
            if facet.name in counts and (choices := self._choices(facet, counts[facet.name]))
        ]
        chips = [choice for group in groups if self.cleaned_data[group.name] for choice in group.choices if choice.chosen]
        return groups, chips

    def _choices(self, facet: Facet, counts: Counter) -> list[Choice]:
        chosen = self.chosen(facet)
        made = [
            Choice(self, facet, value, str(label), counts[value], value in chosen)
            for value, label in facet.labels().items()
            if value in counts or value in chosen
        ]
        return sorted(made, key=lambda choice: -choice.count) if facet.by_count else made


class ListingForm(FacetForm):
    """Query string of an index page: its facets and the entries picked for the shortlist."""

    facets = FACETS
    pick = NumbersField(required=False)


def numbers(values: Iterable[str], *, most: int = 50) -> list[int]:
    """The whole numbers among texts, each once, at most ``most``."""
    found = dict.fromkeys(int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 10)
    return list(found)[:most]


@dataclass(frozen=True)
class Listing:
    """A filtered list of entries.

    Attributes:
        entries: all entries that match.
        page_obj: the page of them that is shown.
        picked: primary keys of the entries picked for the shortlist.
        query: query string of the chosen facets alone, without "?".
    """

    entries: list[Entry]
    facets: list[FacetChoices]
    chips: list[Choice]
    page_obj: PaginatorPage
    picked: list[int]
    query: str

    @property
    def total(self) -> int:
        """How many entries match."""
        return len(self.entries)

    @property
    def picked_elsewhere(self) -> list[int]:
        """Picked entries that are not on this page; the form keeps them in hidden fields."""
        shown = {entry.pk for entry in self.page_obj}
        return [pk for pk in self.picked if pk not in shown]


def listing(entries: Collection[Entry], data: QueryDict) -> Listing:
    """The entries that match a query string, with facets, chips and one page of them; asks the database nothing."""
    form = ListingForm(data)
    form.is_valid()
    found, counts = filter_entries(entries, form)
    page_obj = Paginator(found, PER_PAGE).get_page(form.cleaned_data.get("page"))
    return Listing(found, *form.choices(counts), page_obj, form.cleaned_data["pick"], form.address(pick=None)[1:])


def filter_entries(entries: Collection[Entry], form: FacetForm) -> tuple[list[Entry], dict[str, Counter]]:
    """The entries that match the chosen values, and counts for FacetForm.choices().

    A value is counted among the entries that match the other facets.
    """
    values = {facet.name: [set(facet.entry_values(entry)) for entry in entries] for facet in form.facets}
    chosen = {name: set(form.cleaned_data[name]) for name in values if form.cleaned_data[name]}
    # For each entry, the facets that it does not match.
    fails = [{name for name, wanted in chosen.items() if wanted.isdisjoint(values[name][number])} for number in range(len(entries))]
    counts = {
        name: Counter(value for failed, own in zip(fails, of_entries, strict=True) if failed <= {name} for value in own)
        for name, of_entries in values.items()
    }
    return [entry for entry, failed in zip(entries, fails, strict=True) if not failed], counts
