"""Is this certificate genuine? Answers with what the paper says, and nothing else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from visits.domain import limits
from visits.enums import CertificateStatus
from visits.public.secret_pages import secret_headers
from visits.public.visitors import address_of
from visits.queries import certificates

CHECKS_PER_HOUR = 300


@secret_headers
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Valid, revoked or unknown. A certificate that is still being made is unknown to the public."""
    if not limits.allow("verify", address_of(request), per_hour=CHECKS_PER_HOUR):
        return render(request, "visits/public/verify.html", {"result": "busy"}, status=429)
    certificate = certificates.by_token(token)
    if certificate is None:
        return render(request, "visits/public/verify.html", {"result": "unknown"}, status=404)
    result = "valid" if certificate.status == CertificateStatus.ISSUED else "revoked"
    context = {"result": result, "certificate": certificate, "paper": certificates.paper_of(certificate)}
    return render(request, "visits/public/verify.html", context)
