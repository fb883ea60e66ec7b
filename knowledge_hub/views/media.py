"""Pictures of public pages. A web server in front may serve them from MEDIA_ROOT instead, if its user may read that folder."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.static import serve

SECONDS = 86_400
"""How long browsers keep a picture. A changed picture has another name."""


def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file below MEDIA_ROOT; 404 for a missing one, a folder, or a name that no file can have."""
    try:
        response = serve(request, path, document_root=settings.MEDIA_ROOT)
    except OSError as error:
        raise Http404 from error
    response["Cache-Control"] = f"public, max-age={SECONDS}"
    return response
