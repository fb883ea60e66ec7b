from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.search.utils import normalise_query_string

from knowledge_hub.core import audience
from knowledge_hub.search.page import hits
from knowledge_hub.search.page.beginnings import suggestions
from knowledge_hub.search.page.facets import LANGUAGE, count_facets
from knowledge_hub.search.page.finding import Finding, find
from knowledge_hub.search.page.forms import SearchForm
from knowledge_hub.search.page.parts import Together, sources
from knowledge_hub.search.page.shown import shown
from knowledge_hub.search.words.synonyms import with_synonyms
from knowledge_hub.search.words.syntax import searched_words

PER_PAGE = 10


def search(request: HttpRequest) -> HttpResponse:
    """The public search page: results in one language that everybody may read, with facets, excerpts and spelling corrections."""
    form = SearchForm(request.GET)
    form.is_valid()
    query = form.cleaned_data.get("q", "")
    (language,) = form.chosen(LANGUAGE)
    context = {"form": form, "query": query, "language": language}
    finding = find(query, sources(language))
    if finding is not None:
        context |= _found(request, form, finding, language)
    return render(request, "search/search.html", context)


def _found(request: HttpRequest, form: SearchForm, finding: Finding, language: str) -> dict:
    query, wanted = form.cleaned_data["q"], form.wanted()
    together = Together([part.narrowed(wanted) for part in finding.parts])
    count = together.count()
    facets, chips = form.choices(count_facets(finding, query, wanted, language))
    paginator: Paginator = Paginator(together, PER_PAGE)  # type: ignore[arg-type]  # it only counts and slices
    page = paginator.get_page(form.cleaned_data.get("page"))
    if page.number == 1 and not wanted:
        hits.count_search(query, found=bool(finding.complete) and not finding.spelling)
    return {
        "finding": finding,
        "count": count,
        "facets": [facet for facet in facets if facet.name in wanted or facet.narrows(count)],
        "chips": chips,
        "page_obj": page,
        "previous": form.address(page=page.previous_page_number()) if page.has_previous() else "",
        "next": form.address(page=page.next_page_number()) if page.has_next() else "",
        "found": shown(request, page.object_list, with_synonyms(searched_words(finding.spelling or query)), language),
        "promoted": _promoted(query, language),
        "spelling_address": form.address(q=finding.spelling) if finding.spelling else "",
    }


def _promoted(query: str, language: str) -> list[SearchPromotion]:
    """What staff chose to show first for exactly this query; pages only if everyone may read them."""
    chosen = list(SearchPromotion.objects.filter(query__query_string=normalise_query_string(query)).select_related("page"))
    pages = [promotion.page_id for promotion in chosen if promotion.page_id]
    allowed = set(audience.public_pages(language).filter(pk__in=pages).values_list("pk", flat=True)) if pages else set()
    return [promotion for promotion in chosen if promotion.page_id is None or promotion.page_id in allowed]


def suggest(request: HttpRequest) -> JsonResponse:
    """What may be meant by what was typed so far, for the search field's list."""
    form = SearchForm(request.GET)
    form.is_valid()
    return JsonResponse({"suggestions": suggestions(request, form.cleaned_data.get("q", ""))})
