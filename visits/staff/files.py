"""Private files: request letters and certificates, each behind the permission to see it."""

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
    """A PDF that was drawn just now and is kept nowhere, shown by the browser."""
    response = HttpResponse(drawn, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, name)
    response["Cache-Control"] = "private, no-store"
    return response


class PrivateFileView(PermissionCheckedMixin, VisitObjectMixin, View):
    """A file that belongs to a visit. What is missing on disk is said in a sentence."""

    any_permission_required = ANY_OF_VISIT

    def missing(self):
        """Back to the desk with a sentence."""
        messages.error(self.request, _("This file is missing. Please tell the administrator."))
        return redirect(self.desk_url)


class LetterView(PrivateFileView):
    """A request letter, shown by the browser. Always announced as a PDF, whatever was uploaded."""

    def get(self, request, *args, letter_pk, **kwargs):
        """Send the file."""
        letter = get_object_or_404(self.object.letters.exclude(file=""), pk=letter_pk)
        if not letter.file.storage.exists(letter.file.name):
            return self.missing()
        response = FileResponse(
            letter.file.open("rb"), content_type="application/pdf", filename=file_name(f"{self.object.reference} {letter.number}", "pdf")
        )
        response["Cache-Control"] = "private, no-store"
        return response


class SignedReplyView(PrivateFileView):
    """The signed copy of a reply letter, shown by the browser."""

    def get(self, request, *args, reply_pk, **kwargs):
        """Send the file."""
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
    """A photo of the day or of a souvenir, as it is kept."""

    def get(self, request, *args, kind, item_pk, **kwargs):
        """Send the file."""
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
    """The slides of an agenda item, to be saved."""

    def get(self, request, *args, item_pk, **kwargs):
        """Send the file."""
        item = get_object_or_404(self.object.agenda_items.exclude(material=""), pk=item_pk)
        if not item.material.storage.exists(item.material.name):
            return self.missing()
        response = FileResponse(
            item.material.open("rb"), as_attachment=True, content_type="application/octet-stream", filename=item.material_name
        )
        response["Cache-Control"] = "private, no-store"
        return response


class CertificateFileView(PrivateFileView):
    """One certificate as it was issued."""

    any_permission_required = Design.opened_by

    def get(self, request, *args, certificate_pk, **kwargs):
        """Send the file."""
        certificate = get_object_or_404(self.object.certificates.exclude(file=""), pk=certificate_pk)
        if not certificate.file.storage.exists(certificate.file.name):
            return self.missing()
        response = FileResponse(
            certificate.file.open("rb"), as_attachment=True, content_type="application/pdf", filename=certificate_name(certificate)
        )
        response["Cache-Control"] = "private, no-store"
        return response


def certificate_name(certificate: Certificate, place: int = 0) -> str:
    """For the file: its place in the order of the list, number, name and organisation."""
    said = certificate.snapshot
    begin = f"{place:03d} " if place else ""
    return file_name(f"{begin}{certificate.number} {said['name']} ({said['organisation'][:40]})", "pdf")


class _AllCertificatesView(PrivateFileView):
    """All valid certificates of a visit in one file, in the order of the list of delegates."""

    any_permission_required = Design.opened_by

    def issued(self) -> list[Certificate]:
        """Those whose file is there."""
        rows = self.object.certificates.filter(status=CertificateStatus.ISSUED).exclude(file="")
        return [
            certificate
            for certificate in rows.order_by(F("delegate__protocol_order").asc(nulls_last=True), "delegate__pk", "number")
            if certificate.file.storage.exists(certificate.file.name)
        ]

    def get(self, request, *args, **kwargs):
        """Send the file."""
        issued = self.issued()
        if not issued:
            messages.warning(request, _("There are no certificates to download yet."))
            return redirect(self.desk_url)
        response = self.send(issued)
        response["Cache-Control"] = "private, no-store"
        return response


class CertificatesZipView(_AllCertificatesView):
    """A file each, with names that sort and tell for a report."""

    def send(self, issued):
        """Pack. PDFs are compressed already, so they are only stored."""
        # Closed by the response when it was sent.
        packed = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 -- FileResponse closes it
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            for place, certificate in enumerate(issued, start=1):
                with certificate.file.open("rb") as file:
                    archive.writestr(certificate_name(certificate, place), file.read())
        packed.seek(0)
        name = file_name(f"{self.object.reference} {_('certificates')}", "zip")
        return FileResponse(packed, as_attachment=True, filename=name, content_type="application/zip")


class CertificatesPrintView(_AllCertificatesView):
    """A page each in one PDF for the printer."""

    def send(self, issued):
        """Put the pages one after the other."""
        name = file_name(f"{self.object.reference} {_('certificates')}", "pdf")
        try:
            together = print_file(certificate.file for certificate in issued)
        except PaperRefused as refusal:
            messages.error(self.request, str(refusal))
            return redirect(self.desk_url)
        return FileResponse(together, filename=name, content_type="application/pdf")
