"""What guests' pages share: headers that keep their address private, the visit of a secret link, and refusals of the domain."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from visits.domain import tokens
from visits.domain.errors import MoveRefused
from visits.models import Visit


def unknown_link(request: HttpRequest) -> HttpResponse:
    """The friendly page for a link that opens nothing (404): says the same whether it never existed or is spent."""
    return render(request, "visits/public/link_unknown.html", status=404)


def _with_headers(referrer_policy: str) -> Callable:
    """Keep a view's answer out of caches and search engines, and its address out of other sites' logs."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapped(request, *args, **kwargs):
            response = view(request, *args, **kwargs)
            response["Cache-Control"] = "no-store"
            response["X-Robots-Tag"] = "noindex"
            response["Referrer-Policy"] = referrer_policy
            return response

        return wrapped

    return decorate


secret_headers = _with_headers("no-referrer")
"""For pages whose address is the secret."""

private_page = _with_headers("same-origin")
"""For forms with personal data: Django's CSRF check needs the origin that ``no-referrer`` would hide."""


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
                return unknown_link(request)
            request.visit_token = token
            return view(request, visit, *args, **kwargs)

        return wrapped

    return decorate


@dataclass(frozen=True)
class Outcome:
    """What became of a posted form; for a page that was only opened, nothing.

    Attributes:
        is_done: the domain did what was asked for; the view redirects.
        result: what the domain returned.
        error: the refusal of the domain.
        refusal: its sentence.
        status: the HTTP status of the page that shows the form again.
    """

    is_done: bool = False
    result: Any = None
    error: MoveRefused | None = None
    refusal: str = ""
    status: int = 200


def perform(move: Callable[[], Any], form: Form | None = None) -> Outcome:
    """Call the domain for a guest if the form is valid; a refusal is part of the outcome.

    Args:
        move: calls the domain.
        form: the posted form, if the page has one.
    """
    if form is not None and not form.is_valid():
        return Outcome(status=422)
    try:
        result = move()
    except MoveRefused as error:
        return Outcome(error=error, refusal=str(error), status=409)
    return Outcome(is_done=True, result=result)
