"""Error pages for visitors (``handler400`` and ``handler500`` in urls.py)."""

import sys
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.defaults import bad_request, server_error

from knowledge_hub.core.faults import fault_behind
from knowledge_hub.core.input_limits import UPLOAD_FAULT
from knowledge_hub.core.keys import WrongKey

NOT_REPEATED = ("password", "csrfmiddlewaretoken")
"""Fields whose name contains one of these are not repeated in a page."""


def server_error_page(request: HttpRequest) -> HttpResponse:
    """The page for an unexpected error; if disk or database are at fault, a page that can send the same form again; if a stored value
    was made with another key, a page that says so."""
    error = sys.exc_info()[1]
    if isinstance(error, WrongKey):
        return render(request, "wrong_key.html", {"reason": error, "is_staff": request.user.is_authenticated}, status=503)
    return _page_of(request, fault_behind(error)) or server_error(request)


def bad_request_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for a bad request. A session that cannot be saved counts as one for Django, which takes it for deleted."""
    return _page_of(request, fault_behind(exception)) or bad_request(request, exception)


def _page_of(request: HttpRequest, fault: BaseException | None) -> HttpResponse | None:
    if fault is None:
        return None
    return too_busy(request) if "locked" in str(fault) else cannot_save(request)


def too_busy(request: HttpRequest) -> HttpResponse:
    """Answer 503 with a form that repeats the request with everything that was typed; files must be attached again."""
    return _try_again(request, is_busy=True, seconds=10)


def cannot_save(request: HttpRequest, *, has_files: bool = False) -> HttpResponse:
    """The same for a disk or a database that cannot be written or read.

    Args:
        has_files: whether files were attached that could not be stored.
    """
    return _try_again(request, is_busy=False, seconds=60, has_files=has_files)


def _try_again(request: HttpRequest, *, is_busy: bool, seconds: int, has_files: bool = False) -> HttpResponse:
    typed = [(name, value) for name, values in request.POST.lists() if not any(word in name for word in NOT_REPEATED) for value in values]
    context = {"typed": typed, "is_form": request.method == "POST", "has_files": has_files or bool(request.FILES), "is_busy": is_busy}
    response = render(request, "busy.html", context, status=503)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response


class UploadFaultMiddleware:
    """Answers a request whose files could not be written to the disk (input_limits.CappedUploadHandler) with what else was typed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponseBase | None:
        """Read the form before its view does; None if all files could be written."""
        if request.content_type == "multipart/form-data":
            request.POST  # noqa: B018 -- reading it writes the files
        return cannot_save(request, has_files=True) if getattr(request, UPLOAD_FAULT, None) else None
