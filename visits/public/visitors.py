"""Who asks, as far as limits need to know."""

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The asker's network address.

    Behind a proxy it is the last entry of X-Forwarded-For: the one that our own proxy added. Earlier ones are the asker's words.
    """
    forwarded = request.headers.get("X-Forwarded-For", "")
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        return forwarded.split(",")[-1].strip()
    return request.META.get("REMOTE_ADDR", "")
