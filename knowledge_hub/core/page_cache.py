"""A cache of whole pages for anonymous readers, valid for one generation of the content (content_cache)."""

import gzip
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

from knowledge_hub.core.content_cache import generation, pinned_generation

CACHEABLE = "is_cacheable"
"""Attribute of a response that is the same for every anonymous reader."""

MAX_QUERY_LENGTH = 200
DELIMITER = re.compile(r"\s*,\s*")


def mark_cacheable(response: HttpResponse) -> HttpResponse:
    """Mark a response that is the same for every anonymous reader until the content changes."""
    setattr(response, CACHEABLE, True)
    return response


def cacheable(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator of views whose response is the same for every anonymous reader until the content changes."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return mark_cacheable(view(request, *args, **kwargs))

    return wrapper


@dataclass(frozen=True)
class CachedPage:
    """A finished response: its headers, its body and the same body compressed."""

    headers: dict[str, str]
    body: bytes
    compressed: bytes

    @classmethod
    def of(cls, response: HttpResponse) -> "CachedPage":
        """Make it from a response; adds a validator of the content."""
        patch_cache_control(response, public=True, no_cache=True)
        patch_vary_headers(response, ["Accept-Encoding"])
        body = response.content
        # A weak validator, because the compressed body has the same one.
        response["ETag"] = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
        return cls(dict(response.items()), body, gzip.compress(body, compresslevel=6, mtime=0))

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The response to a request: 304 if the browser has this version, compressed if the browser accepts gzip."""
        wants_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
        response = HttpResponse(self.compressed if wants_gzip else self.body, headers=self.headers)
        if wants_gzip:
            response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(response.content))
        return get_conditional_response(request, etag=response["ETag"], response=response) or response


class PageCacheMiddleware:
    """Caches responses that are marked as cacheable, for readers without a session, under the content's generation.

    Browsers revalidate each time (``no-cache`` with an ETag), so that everybody sees a change at once.
    Requests with a session are never answered from the cache: staff see the user bar and drafts.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from the cache, or make the response and cache it if it is cacheable."""
        with pinned_generation():
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        key = self._key(request)
        if key is None:
            return self._not_shared(self.get_response(request))
        page = cache.get(key)
        if page is None:
            response = self.get_response(request)
            if not self._is_cacheable(response):
                return self._not_shared(response)
            page = CachedPage.of(response)
            cache.set(key, page, settings.PAGE_CACHE_SECONDS)
        return page.answer(request)

    def _key(self, request: HttpRequest) -> str | None:
        if (
            not settings.PAGE_CACHE_SECONDS
            or request.method not in ("GET", "HEAD")
            or settings.SESSION_COOKIE_NAME in request.COOKIES
            or "Authorization" in request.headers
            or len(request.META.get("QUERY_STRING", "")) > MAX_QUERY_LENGTH
        ):
            return None
        address = hashlib.sha256(f"{request.scheme}://{request.get_host()}{request.get_full_path()}".encode()).hexdigest()
        # Read before the page is rendered, so that a change during rendering is not hidden by the older page.
        return f"page:{generation()}:{address}"

    def _is_cacheable(self, response: HttpResponse) -> bool:
        directives = {part.split("=")[0].lower() for part in DELIMITER.split(response.get("Cache-Control", ""))}
        varies = {part.lower() for part in DELIMITER.split(response.get("Vary", ""))}
        return (
            getattr(response, CACHEABLE, False)
            and response.status_code == 200
            and not response.streaming
            and not response.cookies
            and not directives & {"private", "no-store"}
            and not varies & {"cookie", "*"}
        )

    def _not_shared(self, response: HttpResponse) -> HttpResponse:
        if getattr(response, CACHEABLE, False) and "Cache-Control" not in response:
            patch_cache_control(response, private=True, no_cache=True)
        return response
