"""Public verification of certificates: by the QR code, by the file, or by machines."""

import hashlib

from django import forms
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from knowledge_hub.core import rate_limits
from knowledge_hub.core.language import active_language
from visits.documents import credential as credentials
from visits.documents.certificate_designs import heading_of
from visits.documents.data_integrity import did_document as site_document
from visits.documents.pdf_inspection import inspect_in_subprocess
from visits.domain import budgets
from visits.models import Certificate
from visits.public.secret_pages import private_page, secret_headers
from visits.queries import certificates

LARGEST_FILE = 1024 * 1024
TEMPLATE = "visits/public/verify.html"


class CheckFileForm(forms.Form):
    """A file, or its hash if the browser computed it."""

    file = forms.FileField(
        label=gettext_lazy("Certificate (PDF)"),
        error_messages={"required": gettext_lazy("Choose the PDF file of the certificate.")},
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    sha256 = forms.CharField(required=False, widget=forms.HiddenInput, validators=[RegexValidator("^[0-9a-f]{64}$")])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.data.get("sha256"):
            self.fields["file"].required = False

    def clean_file(self):
        """Refuse files that are larger than any certificate."""
        paper = self.cleaned_data["file"]
        if paper and paper.size > LARGEST_FILE:
            raise forms.ValidationError(
                _("This file is larger than 1 MB; our certificates are smaller. Choose the file as you received it.")
            )
        return paper


@require_safe
@secret_headers
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Show whether a certificate is valid, with only those facts that are printed on it."""
    if not _may_ask(request):
        return _too_many(request)
    certificate = certificates.by_token(token.upper())
    if certificate is None:
        return render(request, TEMPLATE, {}, status=404)
    return render(request, TEMPLATE, _answer(certificate))


@require_http_methods(["GET", "HEAD", "POST"])
@private_page
def check_file(request: HttpRequest) -> HttpResponse:
    """Show whether a file is an issued certificate without changes.

    With JavaScript only the hash of the file is sent. Without it, or to see what was changed, the file is sent; it is not stored.
    """
    if request.method != "POST":
        return render(request, "visits/public/check_file.html", {"form": CheckFileForm()})
    if not _may_ask(request):
        return _too_many(request)
    form = CheckFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "visits/public/check_file.html", {"form": form}, status=422)
    paper = form.cleaned_data["file"]
    content = paper.read() if paper else b""
    certificate = certificates.by_hash(hashlib.sha256(content).hexdigest() if paper else form.cleaned_data["sha256"])
    if certificate:
        return render(request, TEMPLATE, {**_answer(certificate), "is_file": True})
    if not paper:
        return render(request, "visits/public/check_file.html", {"form": CheckFileForm(), "unknown": True})
    if not rate_limits.spend(budgets.FILE_INSPECTION, client=rate_limits.client_address(request)):
        return _too_many(request)
    return render(request, "visits/public/check_file.html", {"form": CheckFileForm(), "found": inspect_in_subprocess(content)})


@require_safe
@secret_headers
def credential(request: HttpRequest, token: str) -> HttpResponse:
    """The machine-readable credential as it was issued; its status list says whether it is still valid."""
    if not _may_ask(request):
        return JsonResponse({"error": "too many requests"}, status=429)
    certificate = certificates.by_token(token.upper())
    if certificate is None or not certificate.credential:
        return JsonResponse({"error": "unknown"}, status=404)
    return HttpResponse(certificate.credential, content_type="application/vc")


@require_safe
def status_list(request: HttpRequest, number: int) -> HttpResponse:
    """The signed list of withdrawn credentials. It is one list for all, so that the site does not learn which one is verified."""
    if number > certificates.highest_key() // credentials.LIST_LENGTH:
        return JsonResponse({"error": "unknown"}, status=404)
    response = JsonResponse(credentials.status_list(number), content_type="application/vc")
    response["Cache-Control"] = f"public, max-age={credentials.STATUS_VALID_FOR}"
    return response


@require_safe
def did_document(request: HttpRequest) -> HttpResponse:
    """The DID document of the site with the public keys of its credentials (did:web)."""
    response = JsonResponse(site_document(), content_type="application/did+json")
    response["Cache-Control"] = "public, max-age=300"
    return response


def _may_ask(request: HttpRequest) -> bool:
    return rate_limits.spend(budgets.CERTIFICATE_CHECK, client=rate_limits.client_address(request))


def _too_many(request: HttpRequest) -> HttpResponse:
    refusal = _("Too many checks came from your network within an hour. Please try again later.")
    return render(request, TEMPLATE, {"refusal": refusal}, status=429)


def _answer(certificate: Certificate) -> dict:
    return {
        "certificate": certificate,
        "paper": certificates.printed_facts(certificate),
        "heading": heading_of(certificate.snapshot, active_language()),
        "replacement": certificates.replacement_of(certificate),
    }
