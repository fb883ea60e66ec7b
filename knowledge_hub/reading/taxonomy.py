"""The terms that pages are filed under, in memory: they change once a year and every page shows them."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language

from knowledge_hub import cache
from knowledge_hub.models.taxonomy import SubDimension


@dataclass(frozen=True)
class Topic:
    """A sub-dimension with its dimension, named in the active language."""

    pk: int
    slug: str
    name: str
    dimension: str
    dimension_name: str


def topics() -> dict[int, Topic]:
    """All topics by primary key, in the order of the taxonomy; never change the dictionary."""
    language = (get_language() or settings.LANGUAGE_CODE)[:2]
    return cache.remember(f"topics:{language}", _load)


def _load() -> dict[int, Topic]:
    terms = SubDimension.objects.select_related("dimension")
    return {term.pk: Topic(term.pk, term.slug, term.name, term.dimension.slug, term.dimension.name) for term in terms}


def topics_of(page) -> list[Topic]:
    """The topics of a page, in the order of the taxonomy; one query, none in a preview."""
    chosen = {link.topic_id for link in page.page_topics.all()}
    return [topic for pk, topic in topics().items() if pk in chosen]
