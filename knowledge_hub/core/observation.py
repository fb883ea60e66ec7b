"""Gives each request a number, which stands in all logs, and measures it."""

import re
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from knowledge_hub.core import metrics
from knowledge_hub.core.logs import request_id
from knowledge_hub.core.probes import PROBES
from knowledge_hub.core.rate_limits import is_our_proxy

HEADER = "X-Request-ID"
_NUMBER = re.compile(r"[A-Za-z0-9-]{8,64}")


class ObservationMiddleware:
    """Takes over the number that our proxy gave, or gives one; tells it in the response; counts status and duration."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begun = time.perf_counter()
        number = number_of(request)
        request_id.set(number)
        response = self.get_response(request)
        response.headers[HEADER] = number
        # Machines ask every few seconds and would hide what people wait for.
        if request.path_info not in PROBES:
            metrics.count(response.status_code, time.perf_counter() - begun)
        return response


def number_of(request: HttpRequest) -> str:
    """The number that one of our proxies gave a request; a new one if none did."""
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    if given and _NUMBER.fullmatch(given) and is_our_proxy(request.META.get("REMOTE_ADDR", "")):
        return given
    return secrets.token_hex(16)
