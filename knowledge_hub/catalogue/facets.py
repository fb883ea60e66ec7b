"""One facet form and one listing, used by index pages and feeds. Works without JavaScript: facets are checkboxes of a GET form."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django import forms
from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from knowledge_hub.catalogue.entries import Entry

PER_PAGE = 12


@dataclass(frozen=True)
class Value:
    """One value of a facet with the number of entries that it would show."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True)
class Facet:
    """A facet: its name in the address, its heading, its values."""

    name: str
    label: str
    values: list[Value]

    @property
    def is_open(self) -> bool:
        """Whether its values are shown without a click."""
        return self.name == "type" or any(value.selected for value in self.values)


@dataclass(frozen=True)
class Chip:
    """A chosen filter; its address is that of the listing without it."""

    label: str
    query: str


@dataclass(frozen=True)
class Listing:
    """What the template shows. ``picked`` are the entries put aside; ``query`` is the address of the chosen filters."""

    facets: list[Facet]
    chips: list[Chip]
    page_obj: PaginatorPage
    total: int
    picked: list[int]
    query: str

    @property
    def picked_elsewhere(self) -> list[int]:
        """What was put aside on other pages of the listing; it has to survive this one."""
        here = {entry.pk for entry in self.page_obj}
        return [pk for pk in self.picked if pk not in here]


@dataclass(frozen=True)
class _Kind:
    label: str
    # Value and label of each value that an entry has.
    values: Callable[[Entry], Iterable[tuple[str, str]]]


def _status(entry: Entry) -> list[tuple[str, str]]:
    return [(entry.status, entry.status_label)] if entry.status else []


def _evidence(entry: Entry) -> list[tuple[str, str]]:
    if entry.proven is None:
        return []
    return [("proven", gettext("Proven"))] if entry.proven else [("unmeasured", gettext("Not yet measured"))]


def _year(entry: Entry) -> list[tuple[str, str]]:
    year = entry.year or (entry.date.year if entry.date else None)
    return [(str(year), str(year))] if year else []


FACETS = {
    "type": _Kind(gettext_lazy("Type"), lambda entry: [(entry.kind, entry.kind_label)]),
    "dimension": _Kind(gettext_lazy("Dimension"), lambda entry: {(topic.dimension, topic.dimension_name) for topic in entry.topics}),
    "topic": _Kind(gettext_lazy("Topic"), lambda entry: [(topic.slug, topic.name) for topic in entry.topics]),
    "direction": _Kind(gettext_lazy("Service direction"), lambda entry: zip(entry.directions, entry.direction_labels, strict=True)),
    "status": _Kind(gettext_lazy("Status"), _status),
    "evidence": _Kind(gettext_lazy("Evidence"), _evidence),
    "year": _Kind(gettext_lazy("Year"), _year),
}


class FacetForm(forms.Form):
    """Everything that may stand in the address. Unknown values are dropped, so that no address is an error."""

    page = forms.CharField(required=False)
    pick = forms.CharField(required=False)

    def chosen(self, name: str, known: Collection[str]) -> set[str]:
        """Known values of a facet that were asked for."""
        return set(self.data.getlist(name)) & set(known)

    def clean_page(self) -> int:
        """The page number, 1 if it is none."""
        value = self.cleaned_data["page"]
        return max(1, int(value)) if value.isascii() and value.isdigit() and len(value) < 8 else 1

    def picked(self) -> list[int]:
        """Primary keys of the entries put aside, in their order, each once."""
        return numbers(self.data.getlist("pick"))


def numbers(values: Iterable[str], *, most: int = 50) -> list[int]:
    """The whole numbers among texts, each once, at most so many."""
    found = dict.fromkeys(int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 10)
    return list(found)[:most]


def narrow(entries: Collection[Entry], data: QueryDict) -> tuple[list[Entry], list[Facet], list[Chip]]:
    """The entries that match the filters in ``data``, all facets with their counts, and the chosen filters.

    Counts say how many entries a value would show together with the filters of the other facets.
    """
    form = FacetForm(data)
    values = {name: [{value for value, _ in kind.values(entry)} for entry in entries] for name, kind in FACETS.items()}
    labels = {name: {value: str(label) for entry in entries for value, label in kind.values(entry)} for name, kind in FACETS.items()}
    chosen = {name: form.chosen(name, labels[name]) for name in FACETS}
    # For each entry, the facets whose filters it fails: none of them means it is found.
    fails = [{name for name, wanted in chosen.items() if wanted and not wanted & values[name][number]} for number in range(len(entries))]
    facets = []
    for name, kind in FACETS.items():
        counts = Counter(value for number, failed in enumerate(fails) if failed <= {name} for value in values[name][number])
        shown = [
            Value(value, label, counts[value], value in chosen[name])
            for value, label in _in_order(name, labels[name])
            if counts[value] or value in chosen[name]
        ]
        facets.append(Facet(name, str(kind.label), shown))
    found = [entry for entry, failed in zip(entries, fails, strict=True) if not failed]
    return found, facets, _chips(chosen, labels, form.picked())


def _in_order(name: str, labels: dict[str, str]) -> list[tuple[str, str]]:
    if name == "year":
        return sorted(labels.items(), reverse=True)
    return sorted(labels.items(), key=lambda item: item[1].casefold())


def build(entries: Collection[Entry], data: QueryDict) -> Listing:
    """The listing of entries for the filters, the page and the picks in ``data``; asks the database nothing."""
    form = FacetForm(data)
    form.is_valid()
    found, facets, chips = narrow(entries, data)
    page_obj = Paginator(found, PER_PAGE).get_page(form.cleaned_data.get("page", 1))
    query = QueryDict(mutable=True)
    for facet in facets:
        query.setlist(facet.name, [value.value for value in facet.values if value.selected])
    return Listing(facets, chips, page_obj, len(found), form.picked(), query.urlencode())


def _chips(chosen: dict[str, set[str]], labels: dict[str, dict[str, str]], picked: list[int]) -> list[Chip]:
    chips = []
    for name, wanted in chosen.items():
        for value in sorted(wanted):
            rest = QueryDict(mutable=True)
            for other, others in chosen.items():
                rest.setlist(other, sorted(others - {value} if other == name else others))
            rest.setlist("pick", [str(pk) for pk in picked])
            chips.append(Chip(labels[name][value], f"?{rest.urlencode()}"))
    return chips
