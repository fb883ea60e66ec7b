"""What belongs to an account beside its password: the second factor, and the sessions in which it is signed in."""

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.functional import cached_property
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from knowledge_hub.core.encrypted import EncryptedTextField


class SecondFactor(models.Model):
    """An authenticator app (TOTP, RFC 6238) of an account, and codes on paper for the day on which the phone is missing."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="second_factor")
    secret = EncryptedTextField()
    recovery_codes = models.JSONField(default=list)
    """Keyed hashes of the codes that were not used yet."""
    keys = models.JSONField(default=list)
    """Name and public part of each security key."""
    created_at = models.DateTimeField(_("set up"), auto_now_add=True)

    def __str__(self):
        return str(self.user)

    @cached_property
    def codes_left(self) -> int:
        """How many recovery codes were not used yet."""
        return len(self.recovery_codes)


class Session(AbstractBaseSession):
    """A session of the browser, of Django's database backend, with what a member of staff needs to recognise it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    device = models.CharField(_("device"), max_length=60, blank=True)
    network = models.CharField(_("network"), max_length=50, blank=True)
    started_at = models.DateTimeField(_("signed in"), null=True)
    seen_at = models.DateTimeField(_("last seen"), null=True)

    @classmethod
    def get_session_store_class(cls):
        """The store of SESSION_ENGINE."""
        return import_string(f"{settings.SESSION_ENGINE}.SessionStore")
