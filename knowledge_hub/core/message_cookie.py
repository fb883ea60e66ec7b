"""Where Django's messages to staff are kept between two pages, in production."""

from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    """A cookie whose name browsers accept from this host alone, over HTTPS alone (RFC 6265bis, section 4.1.3.2)."""

    cookie_name = "__Host-messages"


class HostFallbackStorage(FallbackStorage):
    """Django's default: the cookie, and the session for what does not fit into it."""

    storage_classes = (HostCookieStorage, SessionStorage)
