from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from modelsearch.backends import get_search_backend
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.models import Locale, Page, get_page_models
from wagtail.search.utils import normalise_query_string

from knowledge_hub.search import hits
from knowledge_hub.search.analysis import language_of
from knowledge_hub.search.backend import SearchBackend
from knowledge_hub.search.excerpts import Marker
from knowledge_hub.search.forms import SearchForm
from knowledge_hub.search.index import IndexUnavailableError
from knowledge_hub.search.suggest import other_spelling
from knowledge_hub.search.syntax import parse, searched_words

PER_PAGE = 10
SUGGESTIONS = 8


@dataclass
class Choice:
    """One value of a facet: its address value, what it is called, how many results it has, whether it is chosen."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass
class Found:
    """One result as the template shows it."""

    page: Page
    url: str
    kind: str
    title: SafeString
    excerpt: SafeString


def search(request):
    """The public search page: results in the active language that everyone may read, with facets, excerpts and help when there are none."""
    form = SearchForm(request.GET)
    form.is_valid()
    query, year = form.cleaned_data.get("q", ""), form.cleaned_data.get("year")
    number = form.cleaned_data.get("page", 1)
    context = {"form": form, "query": query, "year": year}
    parsed = _parse(query)
    if parsed is not None:
        language = language_of(get_language())
        readable = Page.objects.live().public().filter(locale=Locale.get_active(), depth__gt=1)
        context |= _search(readable, query, parsed, language, form.cleaned_data.get("type", ""), year)
        context |= _page_of(request, context["results"], query, language, number)
        context["promoted"] = _promoted(readable, query)
        if number == 1 and not context["chosen_type"] and not year:
            hits.count_search(query, found=bool(context["count"]) and not context["partial"])
    return render(request, "search/search.html", context)


def suggest(request):
    """Titles that begin with what was typed so far, as a fragment of a list for the search field."""
    form = SearchForm(request.GET)
    form.is_valid()
    query = form.cleaned_data.get("q", "")
    pages = []
    if query:
        readable = Page.objects.live().public().filter(locale=Locale.get_active(), depth__gt=1)
        pages = [
            {"title": page.title, "url": page.get_url(request)} for page in readable.autocomplete(query, fields=["title"])[:SUGGESTIONS]
        ]
    return render(request, "search/suggestions.html", {"pages": pages, "query": query})


def _parse(query: str, operator: str = "and"):
    return parse(query, operator, with_fields=isinstance(get_search_backend(), SearchBackend))


def _search(readable, query, parsed, language, chosen_type, year) -> dict:
    everything = readable.search(parsed)
    partial = False
    suggestion = None
    if not everything.count():
        suggestion = _other_spelling(readable, query, language, everything)
        # No page has all the words: show those that have some, and say so.
        some = _parse(query, "or")
        if some is not None and (found := readable.search(some)).count():
            everything, parsed, partial = found, some, True
    types = _types(everything, chosen_type)
    model = next((choice for choice in types if choice.chosen), None)
    narrowed = readable
    if model:
        narrowed = narrowed.filter(content_type_id=_content_type_ids()[model.value])
    years = _years(narrowed.search(parsed) if model else everything, year)
    if year:
        narrowed = narrowed.filter(first_published_at__year=year)
        types = _types(readable.filter(first_published_at__year=year).search(parsed), chosen_type)
    results = narrowed.search(parsed) if model or year else everything
    return {
        "results": results,
        "count": results.count(),
        "partial": partial,
        "suggestion": suggestion,
        "types": types,
        "years": years,
        "chosen_type": model,
    }


def _page_of(request, results, query, language, number) -> dict:
    page = Paginator(results, PER_PAGE).get_page(number)
    marker = Marker(searched_words(query), language)
    return {"page_obj": page, "found": [_found(request, result, marker) for result in page.object_list]}


def _found(request, page: Page, marker: Marker) -> Found:
    document = getattr(page, "search_document", None)
    texts = document[0].text(document[1]) if document else [page.search_description]
    kind = page.cached_content_type.model_class()
    label = capfirst(str(kind._meta.verbose_name)) if kind else ""
    return Found(page, page.get_url(request), label, marker.mark(page.title), marker.excerpt(texts))


def _content_type_ids() -> dict[str, int]:
    return {kind.model: kind.pk for kind in ContentType.objects.get_for_models(*get_page_models()).values()}


def _types(results, chosen: str) -> list[Choice]:
    counts = results.facet("content_type_id") if results.supports_facet else {}
    choices = []
    for pk, count in counts.items():
        kind = ContentType.objects.get_for_id(pk)
        model = kind.model_class()
        if model is not None:
            choices.append(Choice(kind.model, capfirst(str(model._meta.verbose_name_plural)), count, kind.model == chosen))
    known = _content_type_ids()
    if chosen in known and not any(choice.chosen for choice in choices):
        # Without any result of its own it still narrows: a link to one kind must not show the others.
        model = ContentType.objects.get_for_id(known[chosen]).model_class()
        choices.append(Choice(chosen, capfirst(str(model._meta.verbose_name_plural)), 0, True))
    return choices


def _years(results, chosen: int | None) -> list[Choice]:
    counts = results.year_facet("first_published_at") if hasattr(results, "year_facet") else {}
    return [Choice(str(year), str(year), count, year == chosen) for year, count in sorted(counts.items(), reverse=True)]


def _promoted(readable, query) -> list[SearchPromotion]:
    """What staff chose to show first for exactly this query; pages only if everyone may read them."""
    chosen = list(SearchPromotion.objects.filter(query__query_string=normalise_query_string(query)).select_related("page"))
    pages = [promotion.page_id for promotion in chosen if promotion.page_id]
    allowed = set(readable.filter(pk__in=pages).values_list("pk", flat=True)) if pages else set()
    return [promotion for promotion in chosen if promotion.page_id is None or promotion.page_id in allowed]


def _other_spelling(readable, query, language, results) -> str | None:
    if not hasattr(results, "found"):
        return None
    index = get_search_backend().get_index_for_model(Page)
    try:
        view = index.store.view()
    except IndexUnavailableError:
        return None
    return other_spelling(searched_words(query), language, view, lambda text: readable.search(text).count() > 0)
