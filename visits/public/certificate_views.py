"""Certificates: the guest downloads them, and anybody who holds one can check it."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from visits.domain import limits, tokens
from visits.enums import CertificateStatus
from visits.models import Visit
from visits.public.secret_pages import secret_headers, secret_page, unknown
from visits.public.visitors import address_of
from visits.queries import certificates

CHECKS_PER_HOUR = 120


@require_safe
@secret_page(tokens.STATUS)
def download(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """One issued certificate of the visit as a PDF."""
    certificate = visit.certificates.filter(pk=pk, status=CertificateStatus.ISSUED).exclude(file="").first()
    if certificate is None or not certificate.file.storage.exists(certificate.file.name):
        return unknown(request)
    name = f"{certificate.number} {certificate.snapshot['name']}".replace("/", "-")
    response = FileResponse(certificate.file.open(), as_attachment=True, filename=f"{name}.pdf", content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@secret_headers
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Say whether a certificate is valid, and what stands on it: nothing that is not printed there."""
    if not limits.allow("verify", address_of(request), per_hour=CHECKS_PER_HOUR):
        refusal = _("Too many checks came from your network within an hour. Please try again later.")
        return render(request, "visits/public/verify.html", {"refusal": refusal}, status=429)
    certificate = certificates.by_token(token.upper())
    if certificate is None:
        return render(request, "visits/public/verify.html", {}, status=404)
    is_valid = certificate.status == CertificateStatus.ISSUED
    context = {"certificate": certificate, "is_valid": is_valid, "paper": certificates.paper_of(certificate)}
    return render(request, "visits/public/verify.html", context)
