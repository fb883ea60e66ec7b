from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchChange(models.Model):
    """A row of the search outbox: an object that changed in a committed transaction and waits for indexing.

    The row only identifies the object. The indexer reads its current state; a deleted object is removed from the index.
    """

    index = models.CharField(max_length=100)
    key = models.CharField(max_length=255)
    # Already in the live index, but still needed for the one that is being rebuilt.
    applied = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["index", "applied", "id"], name="search_change_waiting")]

    def __str__(self):
        return f"{self.index}:{self.key}"


class SynonymGroup(models.Model):
    """Words and abbreviations with the same meaning: a search for one finds all."""

    terms = models.CharField(
        _("terms"),
        max_length=500,
        help_text=_("Separated by commas, for example: pemko, pemerintah kota, pemkot."),
    )

    panels = ["terms"]

    class Meta:
        verbose_name = _("synonyms")
        verbose_name_plural = _("synonyms")
        ordering = ["terms"]

    def __str__(self):
        return self.terms

    def clean(self):
        """Refuse a group of fewer than two terms."""
        if len(self.split_terms()) < 2:
            raise ValidationError({"terms": _("Enter at least two terms, separated by a comma.")})

    def split_terms(self) -> list[str]:
        """The terms as typed, without empty ones."""
        return [term.strip() for term in self.terms.split(",") if term.strip()]


class FailedSearch(models.Model):
    """A query without results, which shows editors what is missing. The visitor is not recorded."""

    query_string = models.CharField(_("search"), max_length=255, unique=True)
    hits = models.PositiveIntegerField(_("times"), default=0)
    last_searched_at = models.DateTimeField(_("last searched"))

    class Meta:
        verbose_name = _("search without results")
        verbose_name_plural = _("searches without results")
        ordering = ["-hits", "query_string"]

    def __str__(self):
        return self.query_string
