"""Secret addresses of private calendars: made, replaced, and looked up."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from knowledge_hub.models import User
from visits.domain import tokens
from visits.models import CalendarFeed, Resource, Visit

PURPOSE = "feed"
"""Purpose of the secret link, see tokens.link_token()."""


@transaction.atomic
def renew(owner: Resource | User | Visit) -> CalendarFeed:
    """Give the calendar of a room, speaker, officer or visit a new address; an earlier one opens nothing any more."""
    found: dict[str, Any] = {{Resource: "resource", Visit: "visit"}.get(type(owner), "officer"): owner}
    feed, _made = CalendarFeed.objects.select_for_update(of=("self",)).get_or_create(**found)
    tokens.give_link(feed, PURPOSE)
    feed.save()
    return feed


def link_of(feed: CalendarFeed) -> str:
    """The full address of a private calendar."""
    return f"{settings.SITE_URL}{reverse('private_feed', args=[tokens.link_token(feed, PURPOSE)])}"


def by_token(token: str) -> CalendarFeed | None:
    """The calendar that a token opens: not that of an officer who left, or of a visit whose guests were forgotten. One query."""
    rows = CalendarFeed.objects.select_related("resource__kind", "visit__programme", "visit__slot")
    return tokens.row_by_token(rows.exclude(officer__is_active=False).exclude(visit__anonymised_at__isnull=False), token)
