"""One facet form and one listing, used by index pages. Works without JavaScript: facets are checkboxes of a GET form."""

from collections import Counter
from dataclasses import dataclass

from django import forms
from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

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


@dataclass(frozen=True)
class Chip:
    """A chosen filter; its address is that of the listing without it."""

    label: str
    query: str


@dataclass(frozen=True)
class Listing:
    """What the template shows."""

    facets: list[Facet]
    chips: list[Chip]
    page_obj: PaginatorPage
    total: int


class FacetForm(forms.Form):
    """Everything that may stand in the address. Unknown values are dropped, so that no address is an error."""

    type = forms.MultipleChoiceField(required=False)
    dimension = forms.MultipleChoiceField(required=False)
    direction = forms.MultipleChoiceField(required=False)
    page = forms.IntegerField(required=False, min_value=1)

    def chosen(self, name: str, known: set[str]) -> set[str]:
        """Known values of a facet that were asked for."""
        return set(self.data.getlist(name)) & known if hasattr(self.data, "getlist") else set()


LABELS = {"type": _("Type"), "dimension": _("Dimension"), "direction": _("Service direction")}


def build(index_page, data: QueryDict) -> Listing:
    """The listing below an index page for the filters in ``data``.

    Counts say how many entries a value would show together with the filters of the other facets. Needs five queries at any
    number of entries: pages, topics, directions, and the entries of one page with their types.
    """
    # Imported here because the page models import this module.
    from knowledge_hub.models.pages import ApplicationPage
    from knowledge_hub.models.taxonomy import Dimension, ServiceDirection
    from knowledge_hub.models.taxonomy_links import PageDirection, PageTopic

    pages = list(
        index_page.get_descendants()
        .live()
        .public()
        .select_related("content_type")
        .order_by("-first_published_at", "-pk")
        .only("pk", "content_type", "first_published_at")
    )
    pks = [page.pk for page in pages]
    dimensions = {dimension.pk: dimension for dimension in Dimension.objects.all()}
    values: dict[str, dict[int, set[str]]] = {
        "type": {page.pk: {page.content_type.model} for page in pages},
        "dimension": {pk: set() for pk in pks},
        "direction": {pk: set() for pk in pks},
    }
    for page_pk, dimension_pk in PageTopic.objects.filter(page__in=pks).values_list("page_id", "topic__dimension_id"):
        values["dimension"][page_pk].add(dimensions[dimension_pk].slug)
    # An application has exactly one direction, of its own; cases may have several.
    directions = PageDirection.objects.filter(page__in=pks).values_list("page_id", "direction")
    of_applications = ApplicationPage.objects.filter(pk__in=pks).order_by().values_list("pk", "direction")
    for page_pk, direction in directions.union(of_applications):
        values["direction"][page_pk].add(direction)
    labels = {
        "type": {page.content_type.model: str(page.content_type.model_class().get_verbose_name()).capitalize() for page in pages},
        "dimension": {dimension.slug: dimension.name for dimension in dimensions.values()},
        "direction": dict(ServiceDirection.choices),
    }

    form = FacetForm(data)
    form.is_valid()
    chosen = {name: form.chosen(name, set(labels[name])) for name in LABELS}

    def matches(pk: int, *, besides: str = "") -> bool:
        return all(not wanted or name == besides or wanted & values[name][pk] for name, wanted in chosen.items())

    facets = []
    for name, heading in LABELS.items():
        counts = Counter(value for pk in pks if matches(pk, besides=name) for value in values[name][pk])
        shown = [
            Value(value, str(label), counts[value], value in chosen[name])
            for value, label in labels[name].items()
            if counts[value] or value in chosen[name]
        ]
        facets.append(Facet(name, str(heading), shown))
    found = [pk for pk in pks if matches(pk)]
    paginator = Paginator(found, PER_PAGE)
    page_obj = paginator.get_page(form.cleaned_data.get("page") or 1)
    by_pk = {page.pk: page for page in Page.objects.filter(pk__in=list(page_obj.object_list)).specific()}
    page_obj.object_list = [by_pk[pk] for pk in page_obj.object_list]
    return Listing(facets, _chips(chosen, labels), page_obj, len(found))


def _chips(chosen: dict[str, set[str]], labels: dict[str, dict]) -> list[Chip]:
    chips = []
    for name, wanted in chosen.items():
        for value in sorted(wanted):
            rest = QueryDict(mutable=True)
            for other, others in chosen.items():
                rest.setlist(other, sorted(others - {value} if other == name else others))
            chips.append(Chip(str(labels[name][value]), f"?{rest.urlencode()}"))
    return chips
