"""Error pages for visitors (``handler500`` in urls.py)."""

import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import server_error

from knowledge_hub.core.keys import WrongKey

NOT_REPEATED = ("password", "csrfmiddlewaretoken")
"""Fields whose name contains one of these are not repeated in a page."""


def server_error_page(request: HttpRequest) -> HttpResponse:
    """The page for an unexpected error; if the database was too busy, a page that can send the same form again; if a stored value was
    made with another key, a page that says so."""
    error = sys.exc_info()[1]
    if isinstance(error, WrongKey):
        return render(request, "wrong_key.html", {"reason": error, "is_staff": request.user.is_authenticated}, status=503)
    if isinstance(error, OperationalError) and "locked" in str(error):
        return too_busy(request)
    return server_error(request)


def too_busy(request: HttpRequest) -> HttpResponse:
    """Answer 503 with a form that repeats the request with everything that was typed; files must be attached again."""
    typed = [(name, value) for name, values in request.POST.lists() if not any(word in name for word in NOT_REPEATED) for value in values]
    context = {"typed": typed, "is_form": request.method == "POST", "has_files": bool(request.FILES)}
    response = render(request, "busy.html", context, status=503)
    response["Retry-After"] = "10"
    return response
