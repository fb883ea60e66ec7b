"""Private files: request letters and certificates, each behind the permission to see it."""

import re
import tempfile
import zipfile

from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from visits.enums import CertificateStatus
from visits.models import Certificate, Visit
from visits.permissions import ANY_OF_VISIT
from visits.staff.actions import VisitObjectMixin

_IN_MEMORY = 8 * 1024 * 1024


def file_name(text: str, extension: str) -> str:
    """A file name that every system takes, still readable."""
    readable = re.sub(r"[^\w.,() -]+", "-", text).strip("-. ")
    return f"{readable[:120]}.{extension}"


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


class CertificateFileView(PrivateFileView):
    """One certificate as it was issued."""

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


def certificate_name(certificate: Certificate) -> str:
    """Number and name, for the file."""
    return file_name(f"{certificate.number} {certificate.snapshot['name']}", "pdf")


class CertificatesZipView(PrivateFileView):
    """All valid certificates of a visit in one file."""

    def get(self, request, *args, **kwargs):
        """Pack and send. PDFs are compressed already, so they are only stored."""
        visit: Visit = self.object
        issued = [
            certificate
            for certificate in visit.certificates.filter(status=CertificateStatus.ISSUED).exclude(file="")
            if certificate.file.storage.exists(certificate.file.name)
        ]
        if not issued:
            messages.warning(request, _("There are no certificates to download yet."))
            return redirect(self.desk_url)
        # Closed by the response when it was sent.
        packed = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 -- FileResponse closes it
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            for certificate in issued:
                with certificate.file.open("rb") as file:
                    archive.writestr(certificate_name(certificate), file.read())
        packed.seek(0)
        name = file_name(f"{visit.reference} {_('certificates')}", "zip")
        response = FileResponse(packed, as_attachment=True, filename=name, content_type="application/zip")
        response["Cache-Control"] = "private, no-store"
        return response
