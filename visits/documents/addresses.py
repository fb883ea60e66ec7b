"""The lasting addresses that stand on and in certificates; in the site's language, whatever the reader's is."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from visits.models import Certificate


def site_address(name: str, *args) -> str:
    """The full address of a named page."""
    with override(settings.LANGUAGE_CODE):
        return f"{settings.SITE_URL}{reverse(name, args=args)}"


def verify_url(certificate: Certificate) -> str:
    """The address in the QR code."""
    return site_address("verify", certificate.token)
