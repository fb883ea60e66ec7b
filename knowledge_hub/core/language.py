"""The active language: taken from the address only, never from the browser."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


def active_language() -> str:
    """The active language as pages and addresses name it: two letters, ``id`` where none is active."""
    return (translation.get_language() or settings.LANGUAGE_CODE)[:2]


def in_active_language(row: object, field: str) -> str:
    """The text of a field that a row has in both languages, for example ``name`` of ``name_id`` and ``name_en``."""
    return getattr(row, f"{field}_{active_language()}")


class AddressLanguageMiddleware(LocaleMiddleware):
    """Takes the language from the address alone, so responses do not vary by browser and can be cached."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Name the language, without Django's ``Vary: Accept-Language``, which would be untrue."""
        response.headers.setdefault("Content-Language", translation.get_language())
        return response
