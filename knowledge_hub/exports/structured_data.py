"""JSON-LD for search engines (schema.org), safe inside a script element."""

import datetime as dt
import json
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from knowledge_hub.core.audience import language_of
from knowledge_hub.exports import forum_calendar

# Escaped as in django.utils.html.json_script, so that no text can end the script element.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}
PUBLISHER = {"@type": "GovernmentOrganization", "name": "Pemerintah Kota Binjai"}


def script(*things: dict[str, Any]) -> SafeString:
    """A script element with JSON-LD objects; it is not executed, so the content security policy allows it."""
    data = {"@context": "https://schema.org", **things[0]} if len(things) == 1 else {"@context": "https://schema.org", "@graph": things}
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


def _without_nothing(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value not in (None, "", [])}


def article(page) -> dict[str, Any]:
    """A page as schema.org Article."""
    return _without_nothing(
        {
            "@type": "Article",
            "headline": page.title,
            "description": page.summary,
            "inLanguage": language_of(page),
            "url": page.full_url,
            "datePublished": page.first_published_at.isoformat() if page.first_published_at else None,
            "dateModified": page.last_published_at.isoformat() if page.last_published_at else None,
            "author": {"@type": "Person", "name": page.author} if getattr(page, "author", "") else None,
            "about": [topic.name for topic in page.topics],
            "license": settings.CONTENT_LICENCE["url"],
            "publisher": PUBLISHER,
        }
    )


def event(page) -> dict[str, Any]:
    """A forum as schema.org Event; a date where the time of day is not known."""
    starts, ends = forum_calendar.begin_and_end(page)
    return _without_nothing(
        {
            "@type": "Event",
            "name": page.title,
            "description": page.summary,
            "inLanguage": language_of(page),
            "url": page.full_url,
            "startDate": starts.isoformat(),
            "endDate": ends.isoformat() if page.start_time else None,
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "location": {"@type": "Place", "name": page.venue, "address": page.venue},
            "performer": [_speaker(row.value) for row in page.speakers if row.value["name"]],
        }
    )


def _speaker(row) -> dict[str, Any]:
    organisation = {"@type": "Organization", "name": row["organisation"]} if row["organisation"] else None
    return _without_nothing({"@type": "Person", "name": row["name"], "jobTitle": row["position"], "affiliation": organisation})


def breadcrumbs(links: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """A schema.org BreadcrumbList of names and full addresses from the home page to the page itself."""
    items = [{"@type": "ListItem", "position": n, "name": name, "item": url} for n, (name, url) in enumerate(links, start=1)]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def dataset(*, name: str, description: str, url: str, files: Sequence[tuple[str, str]], changed: dt.datetime | None) -> dict[str, Any]:
    """Open data as schema.org Dataset; ``files`` are media types and full addresses."""
    return _without_nothing(
        {
            "@type": "Dataset",
            "name": name,
            "description": description,
            "url": url,
            "license": settings.CONTENT_LICENCE["url"],
            "creator": PUBLISHER,
            "isAccessibleForFree": True,
            "dateModified": changed.isoformat() if changed else None,
            "distribution": [{"@type": "DataDownload", "encodingFormat": kind, "contentUrl": address} for kind, address in files],
        }
    )


WRITERS: dict[str, Callable[[Any], dict[str, Any]]] = {"Article": article, "Event": event}
"""Functions that describe a page, by the ``schema_type`` that its page type declares."""


def of_page(page) -> dict[str, Any]:
    """A page as the schema.org type that its page type declares."""
    return WRITERS[page.schema_type](page)
