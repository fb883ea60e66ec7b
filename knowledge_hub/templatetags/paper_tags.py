"""What papers need of pages: texts whose links lead to the site, wherever the paper is read."""

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
    """Rich text for a paper: full addresses in its links, and no link whose page is gone."""
    html = _LEADING_NOWHERE.sub(r"\1", expand_db_html(str(source)))
    return mark_safe(_LOCAL.sub(rf"\g<1>{settings.SITE_URL}", html))
