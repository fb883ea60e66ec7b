"""Dimensions, topics and service directions, and their links to pages.

Topics change about once a year and every page shows them, so :func:`topics` caches them in memory.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelsearch import index
from wagtail.models import Page

from knowledge_hub.core import content_cache
from knowledge_hub.core.language import active_language, in_active_language
from knowledge_hub.enums import ServiceDirection


class BilingualName(index.Indexed, models.Model):
    """A term with an Indonesian and an English name."""

    name_id = models.CharField(_("name in Indonesian"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100)
    slug = models.SlugField(_("slug"), unique=True)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    search_fields = [
        index.SearchField("name_id"),
        index.SearchField("name_en"),
        index.AutocompleteField("name_id"),
        index.AutocompleteField("name_en"),
    ]

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language."""
        return in_active_language(self, "name")


class Dimension(BilingualName):
    """One of the six dimensions of Gerakan Menuju Smart City."""

    class Meta:
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        ordering = ["sort_order", "slug"]


class SubDimension(BilingualName):
    """One of the three sub-dimensions of a dimension; called a topic on pages and visits."""

    dimension = models.ForeignKey(Dimension, models.PROTECT, verbose_name=_("dimension"), related_name="subdimensions")

    class Meta:
        verbose_name = _("sub-dimension")
        verbose_name_plural = _("sub-dimensions")
        ordering = ["dimension__sort_order", "sort_order", "slug"]


class PageTopic(models.Model):
    """A topic of a page."""

    page = ParentalKey(Page, on_delete=models.CASCADE, related_name="page_topics")
    topic = models.ForeignKey(SubDimension, models.PROTECT, verbose_name=_("topic"), related_name="page_topics")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "topic"], name="page_topic_unique")]

    def __str__(self):
        return f"{self.page_id} {self.topic_id}"


class PageDirection(models.Model):
    """A service direction of a page."""

    page = ParentalKey(Page, on_delete=models.CASCADE, related_name="page_directions")
    direction = models.CharField(_("service direction"), max_length=3, choices=ServiceDirection)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "direction"], name="page_direction_unique")]

    def __str__(self):
        return f"{self.page_id} {self.direction}"


@dataclass(frozen=True)
class Topic:
    """A sub-dimension and its dimension, with names in the active language."""

    pk: int
    slug: str
    name: str
    dimension: str
    dimension_name: str


def topics() -> dict[int, Topic]:
    """All topics by primary key, in the order of the taxonomy; never change the dictionary."""
    language = active_language()
    return content_cache.get_or_set(f"topics:{language}", _load)


def _load() -> dict[int, Topic]:
    terms = SubDimension.objects.select_related("dimension")
    return {term.pk: Topic(term.pk, term.slug, term.name, term.dimension.slug, term.dimension.name) for term in terms}


def topics_of(page) -> list[Topic]:
    """Topics of a page in the order of the taxonomy; one query, none in a preview."""
    chosen = {link.topic_id for link in page.page_topics.all()}
    return [topic for pk, topic in topics().items() if pk in chosen]
