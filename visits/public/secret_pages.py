"""Pages behind a secret link: nobody keeps, finds or passes on their address."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from visits.domain import tokens
from visits.models import Visit

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


def unknown(request: HttpRequest) -> HttpResponse:
    """The friendly page for a link that opens nothing (404): says the same whether it never existed or is spent."""
    return render(request, "visits/public/link_unknown.html", status=404)


def secret_headers(view: Callable) -> Callable:
    """Keep a view's answer out of caches, referrers and search engines."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return wrapped


def secret_page(purpose: str) -> Callable:
    """Turn ``view(request, visit, …)`` into a view of the token that opens the visit for ``purpose``.

    Free of Django's CSRF check: with ``no-referrer`` browsers send ``Origin: null``, which the check refuses, and what lets
    the guest act here is the secret in the address, which another site cannot know, not a cookie that it could use.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @secret_headers
        @wraps(view)
        def wrapped(request: HttpRequest, token: str, *args, **kwargs) -> HttpResponse:
            visit: Visit | None = tokens.visit_by_token(token, purpose)
            if visit is None:
                return unknown(request)
            request.visit_token = token
            return view(request, visit, *args, **kwargs)

        return wrapped

    return decorate
