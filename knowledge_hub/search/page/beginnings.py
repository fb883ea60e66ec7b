"""What a reader may mean who has typed the beginning of a word: pages by title, regions by name or alias, topics."""

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
from knowledge_hub.search.page.parts import sources
from knowledge_hub.search.words.analysis import words

SHORTEST = 2
MOST_TITLES = 6
MOST_REGIONS = 3
MOST_TOPICS = 3


@dataclass(frozen=True)
class Suggestion:
    """What is suggested, what kind of thing it is, and its address."""

    label: str
    kind: str
    url: str


def suggestions(request: HttpRequest, text: str) -> list[dict[str, str]]:
    """Suggestions for what was typed so far, in the active language; only what everybody may read.

    Args:
        request: the request, for addresses of its site.
        text: what was typed; each of its words may be the beginning of one.
    """
    if len(text.strip()) < SHORTEST or not words(text):
        return []
    return [asdict(suggestion) for suggestion in [*_topics(text), *_titles(request, text), *_regions(text)]]


def _titles(request: HttpRequest, text: str) -> list[Suggestion]:
    found = []
    for source in sources(active_language()):
        for result in source.queryset.autocomplete(text, fields=["title"])[:MOST_TITLES]:
            address = result.url if isinstance(result, CustomDocument) else result.get_url(request)
            found.append(Suggestion(result.title, _kind(result), address or ""))
    return found[:MOST_TITLES]


def _kind(result: Page | CustomDocument) -> str:
    if isinstance(result, CustomDocument):
        return result.file_extension.upper()
    model = result.cached_content_type.model_class()
    return capfirst(str(model._meta.verbose_name)) if model else ""


def _regions(text: str) -> list[Suggestion]:
    found = get_search_backend().autocomplete(text, Region)[:MOST_REGIONS]
    return [Suggestion(region.name, gettext("Region"), reverse("region", args=[region.pk])) for region in found]


def _topics(text: str) -> list[Suggestion]:
    """Topics and dimensions that some page is about, with the address of those pages."""
    index = _index_url()
    if not index:
        return []
    used = {topic for entry in published_entries() for topic in entry.topics}
    known = {f"?topic={topic.slug}": topic.name for topic in topics().values() if topic in used}
    known |= {f"?dimension={topic.dimension}": topic.dimension_name for topic in topics().values() if topic in used}
    typed = words(text)
    fitting = [(name, query) for query, name in known.items() if _begins(words(name), typed)]
    return [Suggestion(name, gettext("Topic"), index + query) for name, query in fitting[:MOST_TOPICS]]


def _begins(name: list[str], typed: list[str]) -> bool:
    return all(any(word.startswith(beginning) for word in name) for beginning in typed)


def _index_url() -> str:
    """The address of the index of the knowledge base in the active language; empty if not everybody may read it."""
    language = active_language()

    def find() -> str:
        index = audience.public(KnowledgeIndexPage.objects.filter(locale_id=audience.locale_id(language))).order_by("path").first()
        return (index.url or "") if index else ""

    return content_cache.get_or_set(f"knowledge-index-url:{language}", find)
