"""Downloads of guests behind the secret link."""

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from visits.documents.office import pack
from visits.documents.office.badges import KIND as BADGES
from visits.domain import replies, tokens
from visits.enums import CertificateStatus, VisitStatus
from visits.models import OfficePaper, Visit
from visits.public.secret_pages import secret_page, unknown_link


@require_safe
@secret_page(tokens.STATUS)
def certificate(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """One issued certificate of the visit as a PDF."""
    found = visit.certificates.filter(pk=pk, status=CertificateStatus.ISSUED).exclude(file="").first()
    return _download(request, found and found.file, f"{found.number} {found.snapshot['name']}.pdf" if found else "")


@require_safe
@secret_page(tokens.STATUS)
def signed_reply(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The host's signed letter."""
    reply = replies.signed_reply(visit)
    return _download(request, reply and reply.signed_file, f"{reply.number}.pdf" if reply else "")


@require_safe
@secret_page(tokens.STATUS)
def request_letter(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """One request letter of the visit, as the guest sent it."""
    letter = visit.letters.filter(pk=pk).exclude(file="").first()
    return _download(request, letter and letter.file, f"{letter.number}.pdf" if letter else "")


@require_safe
@secret_page(tokens.STATUS)
def take_home(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The pack of a completed visit, until it expires."""
    found, title = pack.open_pack(visit, timezone.now()), _("visit papers")
    return _download(request, found and found[0].file, f"{visit.reference} {title}.zip", content_type="application/zip")


@require_safe
@secret_page(tokens.STATUS)
def badges(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The name badges of a scheduled visit, which hold the delegates' links, as staff made them."""
    found = badges_of(visit)
    return _download(request, found and found.file, f"{visit.reference} {_('name badges')}.pdf")


def badges_of(visit: Visit) -> OfficePaper | None:
    """The badges that the contact person may download: those of a scheduled visit, if staff made them."""
    if visit.status != VisitStatus.APPROVED:
        return None
    return visit.papers.filter(kind=BADGES.key, state=OfficePaper.State.READY).exclude(file="").first()


def _download(request: HttpRequest, file: FieldFile | None, name: str, *, content_type: str = "application/pdf") -> HttpResponse:
    """A private file as a download, or the page for unknown links if it is missing."""
    if not file or not file.storage.exists(file.name):
        return unknown_link(request)
    response = FileResponse(file.open("rb"), as_attachment=True, filename=name.replace("/", "-"), content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    return response
