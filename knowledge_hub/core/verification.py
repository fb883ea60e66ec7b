"""What the running site tells ``manage.py verify_installation`` about a request: as what it arrived, and with which keys it is answered.

Only the operator gets an answer: the request carries a text that was signed with the site's SECRET_KEY a moment ago.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from knowledge_hub.core import keys
from knowledge_hub.core.rate_limits import client_address, declare, spend

PATH = "/verifyz"
HEADER = "X-Verification"
SECONDS = 120
BUDGET = declare("verification", per_subject=2)
"""Used up by the third request with the same text, if the limits of the site hold over all its processes."""


def signed_text() -> str:
    """A new text that the running site accepts for two minutes, if it has the same SECRET_KEY and clock."""
    return _signer().sign(secrets.token_urlsafe(16))


def fingerprints() -> dict[str, str]:
    """A short name of each key."""
    return {name: keys.fingerprint(getattr(settings, name)) for name in keys.NAMES}


def answer(request: HttpRequest) -> HttpResponse:
    """As what the request arrived; 404 without a signed text."""
    try:
        text = _signer().unsign(request.headers.get(HEADER, ""), max_age=SECONDS)
    except signing.BadSignature:
        return HttpResponse("Not found", content_type="text/plain", status=404)
    return JsonResponse(
        {
            "address": client_address(request),
            "is_secure": request.is_secure(),
            "host": request.headers.get("Host", ""),
            "site_url": settings.SITE_URL,
            "time": timezone.now().isoformat(),
            "keys": fingerprints(),
            "is_within_limit": spend(BUDGET, subject=text),
        },
        headers={"Cache-Control": "no-store"},
    )


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="knowledge_hub.verification")
