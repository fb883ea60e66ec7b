"""Certificates: the guest downloads them."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from visits.domain import tokens
from visits.enums import CertificateStatus
from visits.models import Visit
from visits.public.secret_pages import secret_page, unknown


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
