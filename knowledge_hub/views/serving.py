"""Wagtail's ``on_serve_page`` hook of the knowledge base."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from wagtail.models import Page

from knowledge_hub.catalogue.entries import entries_by_pk
from knowledge_hub.core.page_cache import mark_cacheable
from knowledge_hub.models.base import BasePage

Serve = Callable[[Page, HttpRequest, list, dict], HttpResponse]


def serve_published(serve_next: Serve) -> Serve:
    """Give a page its catalogue entry, so that its template needs no further query, and mark the response as cacheable.

    With parameters in the address it is cacheable only if the page type says so.
    """

    def serve(page: Page, request: HttpRequest, args: list, kwargs: dict) -> HttpResponse:
        if not isinstance(page, BasePage):
            return serve_next(page, request, args, kwargs)
        entry = entries_by_pk().get(page.pk)
        page.published = entry if entry and entry.pk == page.pk else None
        response = serve_next(page, request, args, kwargs)
        is_plain = not request.META.get("QUERY_STRING")
        return mark_cacheable(response) if is_plain or page.cacheable_with_parameters else response

    return serve
