"""Shared code of guests' pages: headers for private URLs, the visit of a secret link, and refusals of the domain."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from knowledge_hub.core import rate_limits
from visits.domain import tokens
from visits.domain.errors import Refused
from visits.models import Visit


def unknown_link(request: HttpRequest) -> HttpResponse:
    """The page for an unknown or expired link (404)."""
    return render(request, "visits/public/link_unknown.html", status=404)


def _with_headers(referrer_policy: str) -> Callable:
    """Decorator that keeps responses out of caches and search engines, and their URLs out of the logs of other sites."""

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
"""For pages with a secret URL."""

private_page = _with_headers("same-origin")
"""For forms with personal data: Django's CSRF check needs the origin that ``no-referrer`` would hide."""


def secret_page(purpose: str) -> Callable:
    """Decorator that turns ``view(request, visit, …)`` into a view with a token for ``purpose``.

    Exempt from Django's CSRF check: with ``no-referrer`` browsers send ``Origin: null``, which the check refuses. The secret in the URL
    authorises the guest, not a cookie that another site could use.
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
    """Result of a posted form; the default is that of a page that was opened with GET.

    Attributes:
        is_done: whether the domain accepted it; the view redirects.
        result: return value of the domain function.
        error: the refusal of the domain.
        refusal: the sentence of the refusal.
        status: the HTTP status of the page that shows the form again.
    """

    is_done: bool = False
    result: Any = None
    error: Refused | None = None
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
    except Refused as error:
        return Outcome(error=error, refusal=str(error), status=409)
    return Outcome(is_done=True, result=result)


def perform_within(budget: rate_limits.Budget, request: HttpRequest, subject: object, move: Callable[[], Any], form: Form) -> Outcome:
    """As perform(), unless the budget of this subject or network is spent; what was typed stays in the form."""
    if form.is_valid() and not rate_limits.spend(budget, client=rate_limits.client_address(request), subject=subject):
        refusal = _("This was changed many times within an hour. Please try again later; nothing that you typed is lost.")
        return Outcome(refusal=refusal, status=429)
    return perform(move, form)
