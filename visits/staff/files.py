"""Private files of a visit, for users who may see the visit."""

import tempfile
import zipfile

from django.db.models import F
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from knowledge_hub.papers import PaperRefused
from visits.documents.certificate_designs import Design
from visits.documents.print_file import print_file
from visits.domain.file_names import file_name
from visits.enums import CertificateStatus
from visits.models import Certificate
from visits.permissions import ANY_OF_VISIT
from visits.staff.views import VisitObjectMixin

_IN_MEMORY = 8 * 1024 * 1024


def shown_pdf(drawn: bytes, name: str) -> HttpResponse:
    """A response with a PDF that is not stored, shown inline."""
    response = HttpResponse(drawn, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, name)
    response["Cache-Control"] = "private, no-store"
    return response


class PrivateFileView(PermissionCheckedMixin, VisitObjectMixin, View):
    """A file of a visit. A missing file gives a message."""

    any_permission_required = ANY_OF_VISIT

    def missing(self):
        """Redirect to the desk page with a message."""
        messages.error(self.request, _("This file is missing. Please tell the administrator."))
        return redirect(self.desk_url)


class LetterView(PrivateFileView):
    """A request letter, shown inline, always with the content type of PDF."""

    def get(self, request, *args, letter_pk, **kwargs):
        letter = get_object_or_404(self.object.letters.exclude(file=""), pk=letter_pk)
        if not letter.file.storage.exists(letter.file.name):
            return self.missing()
        response = FileResponse(
            letter.file.open("rb"), content_type="application/pdf", filename=file_name(f"{self.object.reference} {letter.number}", "pdf")
        )
        response["Cache-Control"] = "private, no-store"
        return response


class SignedReplyView(PrivateFileView):
    """The signed copy of a reply letter, shown inline."""

    def get(self, request, *args, reply_pk, **kwargs):
        reply = get_object_or_404(self.object.replies.exclude(signed_file=""), pk=reply_pk)
        if not reply.signed_file.storage.exists(reply.signed_file.name):
            return self.missing()
        response = FileResponse(
            reply.signed_file.open("rb"),
            content_type="application/pdf",
            filename=file_name(f"{self.object.reference} {reply.number}", "pdf"),
        )
        response["Cache-Control"] = "private, no-store"
        return response


class PhotoView(PrivateFileView):
    """A photo of the visit or of a souvenir."""

    def get(self, request, *args, kind, item_pk, **kwargs):
        if kind == "gift":
            photo = get_object_or_404(self.object.gifts.exclude(photo=""), pk=item_pk).photo
        else:
            photo = get_object_or_404(self.object.photos, pk=item_pk).picture
        if not photo.storage.exists(photo.name):
            raise Http404
        response = FileResponse(photo.open("rb"), content_type="image/jpeg")
        response["Cache-Control"] = "private, no-store"
        return response


class MaterialView(PrivateFileView):
    """The material of an agenda item, as a download."""

    def get(self, request, *args, item_pk, **kwargs):
        item = get_object_or_404(self.object.agenda_items.exclude(material=""), pk=item_pk)
        if not item.material.storage.exists(item.material.name):
            return self.missing()
        response = FileResponse(
            item.material.open("rb"), as_attachment=True, content_type="application/octet-stream", filename=item.material_name
        )
        response["Cache-Control"] = "private, no-store"
        return response


class CertificateFileView(PrivateFileView):
    """An issued certificate, as a download."""

    any_permission_required = Design.opened_by

    def get(self, request, *args, certificate_pk, **kwargs):
        certificate = get_object_or_404(self.object.certificates.exclude(file=""), pk=certificate_pk)
        if not certificate.file.storage.exists(certificate.file.name):
            return self.missing()
        response = FileResponse(
            certificate.file.open("rb"), as_attachment=True, content_type="application/pdf", filename=certificate_name(certificate)
        )
        response["Cache-Control"] = "private, no-store"
        return response


def certificate_name(certificate: Certificate, place: int = 0) -> str:
    """File name of a certificate: position in the list, number, name and organisation."""
    snapshot = certificate.snapshot
    begin = f"{place:03d} " if place else ""
    return file_name(f"{begin}{certificate.number} {snapshot['name']} ({snapshot['organisation'][:40]})", "pdf")


class _AllCertificatesView(PrivateFileView):
    """All valid certificates of a visit in one file, in the order of the list of delegates."""

    any_permission_required = Design.opened_by

    def issued(self) -> list[Certificate]:
        """Issued certificates whose files exist."""
        rows = self.object.certificates.filter(status=CertificateStatus.ISSUED).exclude(file="")
        return [
            certificate
            for certificate in rows.order_by(F("delegate__protocol_order").asc(nulls_last=True), "delegate__pk", "number")
            if certificate.file.storage.exists(certificate.file.name)
        ]

    def get(self, request, *args, **kwargs):
        issued = self.issued()
        if not issued:
            messages.warning(request, _("There are no certificates to download yet."))
            return redirect(self.desk_url)
        response = self.send(issued)
        response["Cache-Control"] = "private, no-store"
        return response


class CertificatesZipView(_AllCertificatesView):
    """All certificates as a ZIP of PDFs."""

    def send(self, issued):
        """Write the ZIP, uncompressed because PDFs are compressed already."""
        # The response closes it after sending.
        packed = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 -- FileResponse closes it
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            for place, certificate in enumerate(issued, start=1):
                with certificate.file.open("rb") as file:
                    archive.writestr(certificate_name(certificate, place), file.read())
        packed.seek(0)
        name = file_name(f"{self.object.reference} {_('certificates')}", "zip")
        return FileResponse(packed, as_attachment=True, filename=name, content_type="application/zip")


class CertificatesPrintView(_AllCertificatesView):
    """All certificates in one PDF for printing."""

    def send(self, issued):
        """Join the pages."""
        name = file_name(f"{self.object.reference} {_('certificates')}", "pdf")
        try:
            together = print_file(certificate.file for certificate in issued)
        except PaperRefused as refusal:
            messages.error(self.request, str(refusal))
            return redirect(self.desk_url)
        return FileResponse(together, filename=name, content_type="application/pdf")
