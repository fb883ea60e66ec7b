from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelsearch import index


class BilingualName(index.Indexed, models.Model):
    """A term with an Indonesian and an English name; shows the one of the active language."""

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
        """The name in the active language, Indonesian unless that is English."""
        return self.name_en if (get_language() or "id").startswith("en") else self.name_id


class Dimension(BilingualName):
    """One of the six dimensions of Gerakan Menuju Smart City."""

    class Meta:
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        ordering = ["sort_order", "slug"]


class SubDimension(BilingualName):
    """One of the three sub-dimensions of a dimension; the topics of cases and of visits."""

    dimension = models.ForeignKey(Dimension, models.PROTECT, verbose_name=_("dimension"), related_name="subdimensions")

    class Meta:
        verbose_name = _("sub-dimension")
        verbose_name_plural = _("sub-dimensions")
        ordering = ["dimension__sort_order", "sort_order", "slug"]


class ServiceDirection(models.TextChoices):
    """Whom a service connects: government with government, with citizens, with business."""

    G2G = "g2g", _("Government to government (G2G)")
    G2C = "g2c", _("Government to citizens (G2C)")
    G2B = "g2b", _("Government to business (G2B)")
