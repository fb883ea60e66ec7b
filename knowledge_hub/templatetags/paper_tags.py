"""Template filters for PDFs of pages."""

import re

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import expand_db_html

register = template.Library()
_LOCAL = re.compile(r'(<a\b[^>]*?\bhref=")(?=/)')
_LEADING_NOWHERE = re.compile(r"<a>(.*?)</a>", re.DOTALL)


@register.filter
def paper_text(source: str) -> SafeString:
    """Rich text for a PDF: links get full addresses, links to deleted pages become plain text."""
    html = _LEADING_NOWHERE.sub(r"\1", expand_db_html(str(source)))
    return mark_safe(_LOCAL.sub(rf"\g<1>{settings.SITE_URL}", html))
