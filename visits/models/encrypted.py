"""Texts that the database holds only encrypted."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models


def _cipher() -> MultiFernet:
    """Encrypts with the site's key; reads what earlier keys (SECRET_KEY_FALLBACKS) wrote."""

    def fernet(secret: str) -> Fernet:
        key = HKDF(SHA256(), length=32, salt=None, info=b"visits.encrypted-text").derive(secret.encode())
        return Fernet(base64.urlsafe_b64encode(key))

    return MultiFernet([fernet(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


class EncryptedTextField(models.TextField):
    """A short text, encrypted at rest (Fernet: AES-128-CBC with HMAC). It cannot be filtered or sorted by.

    What no key opens any more reads as an empty text: the row stays usable, the number must be asked for again.
    """

    def get_prep_value(self, value):
        """The text as the database holds it; an empty text stays empty."""
        value = super().get_prep_value(value)
        return _cipher().encrypt(value.encode()).decode() if value else value

    def from_db_value(self, value, expression, connection):
        """The text as it was given."""
        if not value:
            return value
        try:
            return _cipher().decrypt(value.encode()).decode()
        except InvalidToken:
            return ""
