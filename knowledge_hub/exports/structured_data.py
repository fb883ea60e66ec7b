"""JSON-LD for search engines (schema.org), safe inside a script element."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from knowledge_hub.reading.audience import language_of

# As django.utils.html.json_script: these characters cannot end the element or open another.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def script(data: dict[str, Any]) -> SafeString:
    """A script element with the data; not executed, so the content security policy allows it."""
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


def article(page) -> SafeString:
    """A page as schema.org Article."""
    return script(
        {
            "@type": "Article",
            "headline": page.title,
            "description": page.summary,
            "inLanguage": language_of(page),
            "url": page.full_url,
            "datePublished": page.first_published_at.isoformat() if page.first_published_at else None,
            "dateModified": page.last_published_at.isoformat() if page.last_published_at else None,
            "publisher": {"@type": "GovernmentOrganization", "name": "Pemerintah Kota Binjai"},
        }
    )
