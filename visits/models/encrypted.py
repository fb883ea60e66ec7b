"""A text field that is encrypted in the database."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models


def _cipher() -> MultiFernet:
    """Encrypts with SECRET_KEY; decrypts also with SECRET_KEY_FALLBACKS."""

    def fernet(secret: str) -> Fernet:
        key = HKDF(SHA256(), length=32, salt=None, info=b"visits.encrypted-text").derive(secret.encode())
        return Fernet(base64.urlsafe_b64encode(key))

    return MultiFernet([fernet(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


class EncryptedTextField(models.TextField):
    """A short text, encrypted at rest (Fernet: AES-128-CBC with HMAC). Queries cannot filter or sort by it.

    A value that no key decrypts is read as an empty text, so that the row stays usable.
    """

    def get_prep_value(self, value):
        """Encrypt the text; an empty text stays empty."""
        value = super().get_prep_value(value)
        return _cipher().encrypt(value.encode()).decode() if value else value

    def from_db_value(self, value, expression, connection):
        """Decrypt the text."""
        if not value:
            return value
        try:
            return _cipher().decrypt(value.encode()).decode()
        except InvalidToken:
            return ""
