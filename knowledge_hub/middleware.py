"""Language by address only, and whole pages kept for anonymous readers."""

import gzip
import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import cc_delim_re, get_conditional_response, patch_cache_control, patch_vary_headers

from knowledge_hub.cache import MARK, generation, one_generation

LONGEST_QUERY = 200
WATCHED = ("/healthz", "/readyz")
"""Addresses that say how the site is: they must answer although content or its table is missing."""


class AddressLanguageMiddleware(LocaleMiddleware):
    """The language stands in the address and nowhere else; so no answer varies by the reader's browser."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Name the language, without Django's ``Vary: Accept-Language``, which would be untrue."""
        response.headers.setdefault("Content-Language", translation.get_language())
        return response


@dataclass(frozen=True)
class KeptPage:
    """A finished answer: its headers, its body and the same body compressed."""

    headers: dict[str, str]
    body: bytes
    compressed: bytes

    @classmethod
    def of(cls, response: HttpResponse) -> "KeptPage":
        """Keep a response, with a validator of its content."""
        patch_cache_control(response, public=True, no_cache=True)
        patch_vary_headers(response, ["Accept-Encoding"])
        body = response.content
        # Weak: the compressed body has the same.
        response["ETag"] = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
        return cls(dict(response.items()), body, gzip.compress(body, compresslevel=6, mtime=0))

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The answer to a request: nothing if the reader has it already, compressed if the reader can take it."""
        wants_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
        response = HttpResponse(self.compressed if wants_gzip else self.body, headers=self.headers)
        if wants_gzip:
            response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(response.content))
        return get_conditional_response(request, etag=response["ETag"], response=response)


class PageCacheMiddleware:
    """Keeps what knowledge_hub/cache.py marks, for readers without a session, under the content's generation.

    Readers are told to ask again each time (``no-cache`` with an ETag), so that a change is seen at once by everybody.
    Anything with a session is made anew: staff see the user bar and drafts.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from the cache, or make the answer and keep it if it may be kept."""
        with one_generation():
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        key = self._key(request)
        if key is None:
            return self._not_shared(self.get_response(request))
        page = cache.get(key)
        if page is None:
            response = self.get_response(request)
            if not self._may_be_kept(response):
                return self._not_shared(response)
            page = KeptPage.of(response)
            cache.set(key, page, settings.PAGE_CACHE_SECONDS)
        return page.answer(request)

    def _key(self, request: HttpRequest) -> str | None:
        if (
            not settings.PAGE_CACHE_SECONDS
            or request.method not in ("GET", "HEAD")
            or settings.SESSION_COOKIE_NAME in request.COOKIES
            or "Authorization" in request.headers
            or request.path in WATCHED
            or len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY
        ):
            return None
        address = hashlib.sha256(f"{request.scheme}://{request.get_host()}{request.get_full_path()}".encode()).hexdigest()
        # Named before the page is made: what is published meanwhile must not be hidden by a page from before.
        return f"page:{generation()}:{address}"

    def _may_be_kept(self, response: HttpResponse) -> bool:
        directives = {part.split("=")[0].lower() for part in cc_delim_re.split(response.get("Cache-Control", ""))}
        varies = {part.lower() for part in cc_delim_re.split(response.get("Vary", ""))}
        return (
            getattr(response, MARK, False)
            and response.status_code == 200
            and not response.streaming
            and not response.cookies
            and not directives & {"private", "no-store"}
            and not varies & {"cookie", "*"}
        )

    def _not_shared(self, response: HttpResponse) -> HttpResponse:
        if getattr(response, MARK, False) and "Cache-Control" not in response:
            patch_cache_control(response, private=True, no_cache=True)
        return response
