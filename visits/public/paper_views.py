"""Papers that the guest takes along, behind the secret link."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from visits.documents.office import pack
from visits.domain import replies, tokens
from visits.models import Visit
from visits.public.secret_pages import secret_page, unknown


@require_safe
@secret_page(tokens.STATUS)
def signed_reply(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The host's signed letter."""
    reply = replies.signed_reply(visit)
    if reply is None or not reply.signed_file.storage.exists(reply.signed_file.name):
        return unknown(request)
    name = f"{reply.number}.pdf".replace("/", "-")
    response = FileResponse(reply.signed_file.open("rb"), as_attachment=True, filename=name, content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@secret_page(tokens.STATUS)
def take_home(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The pack of a completed visit, for as long as the host keeps it open."""
    found = pack.open_pack(visit, timezone.now())
    if found is None or not found[0].file.storage.exists(found[0].file.name):
        return unknown(request)
    title = _("visit papers")
    response = FileResponse(
        found[0].file.open("rb"), as_attachment=True, filename=f"{visit.reference} {title}.zip", content_type="application/zip"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
