"""The public search page and the suggestions of its search field."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.search.utils import normalise_query_string

from knowledge_hub.core import audience
from knowledge_hub.search.page import query_hits
from knowledge_hub.search.page.autocomplete import suggestions
from knowledge_hub.search.page.facets import LANGUAGE, count_facets
from knowledge_hub.search.page.forms import SearchForm
from knowledge_hub.search.page.paginated_results import PaginatedResults
from knowledge_hub.search.page.result_cards import result_cards
from knowledge_hub.search.page.sources import sources
from knowledge_hub.search.page.strategy import Outcome, find
from knowledge_hub.search.words.query_parser import searched_words
from knowledge_hub.search.words.synonyms import with_synonyms

PER_PAGE = 10


def search(request: HttpRequest) -> HttpResponse:
    """The public search page: results in one language that everybody may read, with facets, excerpts and spelling corrections."""
    form = SearchForm(request.GET)
    form.is_valid()
    query = form.cleaned_data.get("q", "")
    (language,) = form.chosen(LANGUAGE)
    context = {"form": form, "query": query, "language": language}
    outcome = find(query, sources(language))
    if outcome is not None:
        context |= _results(request, form, outcome, language)
    return render(request, "search/search.html", context)


def _results(request: HttpRequest, form: SearchForm, outcome: Outcome, language: str) -> dict:
    query, wanted = form.cleaned_data["q"], form.wanted()
    results = PaginatedResults(part.narrowed(wanted) for part in outcome.parts)
    count = results.count()
    groups, chips = form.choices(count_facets(outcome, query, wanted, language))
    paginator: Paginator = Paginator(results, PER_PAGE)  # type: ignore[arg-type]  # it only counts and slices
    page = paginator.get_page(form.cleaned_data.get("page"))
    if page.number == 1 and not wanted:
        query_hits.count_search(query, found=bool(outcome.complete) and not outcome.spelling)
    return {
        "outcome": outcome,
        "count": count,
        "facets": [group for group in groups if group.facet in wanted or group.narrows(count)],
        "chips": chips,
        "page_obj": page,
        "previous": form.address(page=page.previous_page_number()) if page.has_previous() else "",
        "next": form.address(page=page.next_page_number()) if page.has_next() else "",
        "results": result_cards(request, page.object_list, with_synonyms(searched_words(outcome.spelling or query)), language),
        "promoted": _promoted(query, language),
        "spelling_address": form.address(q=outcome.spelling) if outcome.spelling else "",
    }


def _promoted(query: str, language: str) -> list[SearchPromotion]:
    """Results that staff promote for exactly this query; pages only if everybody may read them."""
    chosen = list(SearchPromotion.objects.filter(query__query_string=normalise_query_string(query)).select_related("page"))
    pages = [promotion.page_id for promotion in chosen if promotion.page_id]
    allowed = set(audience.public_pages(language).filter(pk__in=pages).values_list("pk", flat=True)) if pages else set()
    return [promotion for promotion in chosen if promotion.page_id is None or promotion.page_id in allowed]


def suggest(request: HttpRequest) -> JsonResponse:
    """Suggestions for the text typed so far, as JSON for the search field."""
    form = SearchForm(request.GET)
    form.is_valid()
    return JsonResponse({"suggestions": suggestions(request, form.cleaned_data.get("q", ""))})
