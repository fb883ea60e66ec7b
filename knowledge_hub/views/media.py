"""Pictures of public pages. A web server in front may serve them from MEDIA_ROOT instead, if its user may read that folder."""

import mimetypes

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.static import serve

SECONDS = 86_400
"""How long browsers keep a picture. A changed picture has another name."""


def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file of the default storage; 404 for a missing one, a folder, or a name that no file can have."""
    try:
        if isinstance(storages["default"], FileSystemStorage):
            response = serve(request, path, document_root=settings.MEDIA_ROOT)
        else:
            content_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
            response = FileResponse(default_storage.open(path), content_type=content_type)
    except (OSError, SuspiciousOperation) as error:
        raise Http404 from error
    response["Cache-Control"] = f"public, max-age={SECONDS}"
    return response
