"""Autocomplete of the search field: pages and documents by title, regions by name or alias, topics."""

from dataclasses import asdict, dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from modelsearch.backends import get_search_backend
from wagtail.models import Page

from knowledge_hub.catalogue.entries import published_entries
from knowledge_hub.core import audience, content_cache
from knowledge_hub.core.language import active_language
from knowledge_hub.models import CustomDocument, KnowledgeIndexPage, Region
from knowledge_hub.models.taxonomy import topics
from knowledge_hub.search.page.sources import sources
from knowledge_hub.search.words.analysis import words

MIN_LENGTH = 2
MAX_TITLES = 6
MAX_REGIONS = 3
MAX_TOPICS = 3


@dataclass(frozen=True)
class Suggestion:
    """One suggestion: its label, the kind of object, and its address."""

    label: str
    kind: str
    url: str


def suggestions(request: HttpRequest, text: str) -> list[dict[str, str]]:
    """Suggestions in the active language; only objects that everybody may read.

    Args:
        request: for addresses on its site.
        text: the text typed so far; each of its words may be a prefix.
    """
    if len(text.strip()) < MIN_LENGTH or not words(text):
        return []
    return [asdict(suggestion) for suggestion in [*_topics(text), *_titles(request, text), *_regions(text)]]


def _titles(request: HttpRequest, text: str) -> list[Suggestion]:
    found = []
    for source in sources(active_language()):
        for result in source.queryset.autocomplete(text, fields=["title"])[:MAX_TITLES]:
            address = result.url if isinstance(result, CustomDocument) else result.get_url(request)
            found.append(Suggestion(result.title, _kind(result), address or ""))
    return found[:MAX_TITLES]


def _kind(result: Page | CustomDocument) -> str:
    if isinstance(result, CustomDocument):
        return result.file_extension.upper()
    model = result.cached_content_type.model_class()
    return capfirst(str(model._meta.verbose_name)) if model else ""


def _regions(text: str) -> list[Suggestion]:
    found = get_search_backend().autocomplete(text, Region)[:MAX_REGIONS]
    return [Suggestion(region.name, gettext("Region"), reverse("region", args=[region.pk])) for region in found]


def _topics(text: str) -> list[Suggestion]:
    """Topics and dimensions that some page has, with the filtered index as address."""
    index = _index_url()
    if not index:
        return []
    used = {topic for entry in published_entries() for topic in entry.topics}
    known = {f"?topic={topic.slug}": topic.name for topic in topics().values() if topic in used}
    known |= {f"?dimension={topic.dimension}": topic.dimension_name for topic in topics().values() if topic in used}
    typed = words(text)
    matching = [(name, query) for query, name in known.items() if _matches(words(name), typed)]
    return [Suggestion(name, gettext("Topic"), index + query) for name, query in matching[:MAX_TOPICS]]


def _matches(name: list[str], prefixes: list[str]) -> bool:
    return all(any(word.startswith(prefix) for word in name) for prefix in prefixes)


def _index_url() -> str:
    """Address of the knowledge base's index in the active language; empty if it is not public."""
    language = active_language()

    def find() -> str:
        index = audience.public(KnowledgeIndexPage.objects.filter(locale_id=audience.locale_id(language))).order_by("path").first()
        return (index.url or "") if index else ""

    return content_cache.get_or_set(f"knowledge-index-url:{language}", find)
