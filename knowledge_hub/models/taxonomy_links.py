"""Topics and service directions of pages of any type, so that one listing can count and filter them all."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Page

from knowledge_hub.models.taxonomy import ServiceDirection, SubDimension


class PageTopic(models.Model):
    """A page treats a sub-dimension."""

    page = ParentalKey(Page, on_delete=models.CASCADE, related_name="page_topics")
    topic = models.ForeignKey(SubDimension, models.PROTECT, verbose_name=_("topic"), related_name="page_topics")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "topic"], name="page_topic_unique")]

    def __str__(self):
        return f"{self.page_id} {self.topic_id}"


class PageDirection(models.Model):
    """A page treats services in a direction."""

    page = ParentalKey(Page, on_delete=models.CASCADE, related_name="page_directions")
    direction = models.CharField(_("service direction"), max_length=3, choices=ServiceDirection)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "direction"], name="page_direction_unique")]

    def __str__(self):
        return f"{self.page_id} {self.direction}"
