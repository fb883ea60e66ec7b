"""Filters of the inbox that a member of staff keeps under a name."""

from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.utils.translation import gettext as _

from knowledge_hub.models import User
from visits.domain.errors import Refused
from visits.models import SavedFilter

MOST_FILTERS = 20
"""Of one user."""


def cleaned(query: str, known: Collection[str]) -> str:
    """A query string with only the known parameters that have a value."""
    return urlencode([(name, value) for name, value in parse_qsl(query, errors="replace") if name in known])


@transaction.atomic
def save(user: User, *, name: str, query: str) -> SavedFilter:
    """Keep a filter; one with the same name is replaced.

    Raises:
        Refused: the name or the filter is empty or too long, or the user has too many filters.
    """
    name = name.strip()
    if not name or len(name) > (SavedFilter._meta.get_field("name").max_length or 0):
        raise Refused(_("Give the filter a short name."))
    if not query or len(query) > (SavedFilter._meta.get_field("query").max_length or 0):
        raise Refused(_("Choose a filter first: nothing is filtered, or too much at once."))
    own = SavedFilter.objects.filter(user=user)
    if own.exclude(name=name).count() >= MOST_FILTERS:
        raise Refused(_("You have %(count)d filters. Remove one first.") % {"count": MOST_FILTERS})
    saved, _created = SavedFilter.objects.update_or_create(user=user, name=name, defaults={"query": query})
    return saved


def remove(user: User, key: int) -> None:
    """Remove a filter of a user; one that is gone, or belongs to somebody else, stays as it is."""
    SavedFilter.objects.filter(user=user, pk=key).delete()
