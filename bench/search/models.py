"""What is searched in the measurements through whole backends."""

from django.db import models
from modelsearch import index
from modelsearch.queryset import SearchableQuerySetMixin


class EntryQuerySet(SearchableQuerySetMixin, models.QuerySet):
    """Entries that can be searched."""


class Entry(index.Indexed, models.Model):
    """One text."""

    title = models.CharField(max_length=400)
    body = models.TextField()
    category = models.CharField(max_length=20)
    year = models.CharField(max_length=4)

    objects = EntryQuerySet.as_manager()
    search_fields = [
        index.SearchField("title", boost=2),
        index.AutocompleteField("title"),
        index.SearchField("body"),
        index.FilterField("category"),
        index.FilterField("year"),
    ]

    class Meta:
        app_label = "search"

    def __str__(self):
        return self.title
