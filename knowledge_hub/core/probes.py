"""What machines ask the site: ``/healthz`` (the process is alive), ``/readyz`` (it can serve requests), ``/metrics``, ``/verifyz``."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from knowledge_hub.core import health, metrics, verification


def alive(request: HttpRequest) -> HttpResponse:
    """Answer 200 without using database or cache."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """Answer 503 with the names of vital parts that do not work; else 200, with the names of parts that need attention.

    What is wrong with them is not for everybody: ``manage.py doctor`` and the staff's page say it.
    """
    failed = [found.check for found in health.findings(health.Depth.PROBE) if not found.is_well]
    if vital := [check.key for check in failed if check.is_vital]:
        return HttpResponse(f"not ready: {', '.join(vital)}", content_type="text/plain", status=503)
    attention = f"\nneeds attention: {', '.join(check.key for check in failed)}" if failed else ""
    return HttpResponse(f"ready{attention}", content_type="text/plain")


PROBES = {"/healthz": alive, "/readyz": ready, verification.PATH: verification.answer, metrics.PATH: metrics.answer}


class ProbeMiddleware:
    """Answers probes before all other middleware: a load balancer asks by address and without TLS, which others refuse or redirect."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        probe = PROBES.get(request.path_info)
        return probe(request) if probe else self.get_response(request)
