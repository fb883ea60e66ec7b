"""Finds broken links of published pages: to deleted pages and files, and to addresses of this site that do not exist.

Links to other sites are not checked: a short outage is no broken link, and the server makes no outgoing requests.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import get_language_from_path, override
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, Site
from wagtail.views import serve

from knowledge_hub.models import BrokenLink

PAGES_AT_ONCE = 50
Reason = BrokenLink.Reason
_HREF = re.compile(r"""<a\b[^>]*?\bhref="([^"]*)\"""")


@dataclass(frozen=True)
class Trouble:
    """A broken link: its address and a value of BrokenLink.Reason."""

    address: str
    reason: str


def check_next_pages(after: int = 0) -> int | None:
    """Check the next pages in the order of their keys, and save the broken links.

    Returns:
        The key of the last checked page, to continue from; None when all pages are checked.
    """
    pages = list(Page.objects.live().filter(pk__gt=after, depth__gt=1).order_by("pk").specific()[:PAGES_AT_ONCE])
    for page in pages:
        _keep(page, {trouble.address: trouble for trouble in troubles(page)})
    return pages[-1].pk if len(pages) == PAGES_AT_ONCE else None


def forget_unpublished() -> None:
    """Delete broken links of pages that are no longer published."""
    BrokenLink.objects.filter(page__live=False).delete()


@transaction.atomic
def _keep(page: Page, found: dict[str, Trouble]) -> None:
    BrokenLink.objects.filter(page_id=page.pk).exclude(address__in=found).delete()
    known = set(BrokenLink.objects.filter(page_id=page.pk).values_list("address", flat=True))
    now = timezone.now()
    BrokenLink.objects.bulk_create(
        BrokenLink(page_id=page.pk, address=trouble.address, reason=trouble.reason, found_at=now)
        for address, trouble in found.items()
        if address not in known
    )


def troubles(page: Page) -> Iterator[Trouble]:
    """The broken links of a page, in the order of its fields."""
    for kind, pk in _references(page):
        if kind is Page:
            yield from _page_trouble(pk)
        elif not kind.objects.filter(pk=pk).exists():
            yield Trouble(f"#{pk}", Reason.FILE_GONE)
    for address in _addresses(page):
        if not answers(address):
            yield Trouble(address[:500], Reason.UNKNOWN)


def _page_trouble(pk: str) -> Iterator[Trouble]:
    found = Page.objects.filter(pk=pk).only("live", "title").first()
    if found is None:
        yield Trouble(f"#{pk}", Reason.PAGE_GONE)
    elif not found.live:
        yield Trouble(found.title[:500], Reason.PAGE_HIDDEN)


def _references(page: Page) -> Iterator[tuple[type, str]]:
    """Pages and documents that rich text and stream fields refer to by primary key."""
    for field in page._meta.get_fields():
        if isinstance(field, RichTextField | StreamField):
            for model, pk, _model_path, _content_path in field.extract_references(getattr(page, field.name)):
                if model is get_document_model():
                    yield model, pk
                elif issubclass(model, Page):
                    yield Page, pk


def _addresses(page: Page) -> Iterator[str]:
    """Addresses of this site that were typed in, each once."""
    seen = set()
    for field in page._meta.get_fields():
        if not isinstance(field, RichTextField | StreamField):
            continue
        for text in _texts(
            field.value_from_object(page) if isinstance(field, RichTextField) else getattr(page, field.name).get_prep_value()
        ):
            found = [unescape(href) for href in _HREF.findall(text)] if "<a" in text else [text] if text.startswith(("/", "http")) else []
            for address in found:
                if address not in seen and is_ours(address):
                    seen.add(address)
                    yield address


def _texts(value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def is_ours(address: str) -> bool:
    """Whether an address belongs to this site."""
    parts = urlsplit(address)
    return parts.scheme in ("", "http", "https") and parts.netloc in ("", settings.SITE_HOST) and parts.path.startswith("/")


def answers(address: str) -> bool:
    """Whether this site has a page, view or file at an address; resolved locally, without a network request."""
    path = urlsplit(address).path
    if path.startswith((settings.MEDIA_URL, settings.STATIC_URL)):
        return True
    with override(get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            match = resolve(path)
        except Resolver404:
            return False
        if match.url_name == "wagtaildocs_serve":
            return get_document_model().objects.filter(pk=match.args[0]).exists()
        return match.func is not serve or _is_page(match.args[0]) or _is_redirected(path)


def _is_page(path: str) -> bool:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        return False
    try:
        return site.root_page.localized.specific.route(HttpRequest(), [part for part in path.split("/") if part]) is not None
    except Http404:
        return False


def _is_redirected(path: str) -> bool:
    return Redirect.objects.filter(old_path=Redirect.normalise_path(path)).exists()
