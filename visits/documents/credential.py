"""The machine-readable credential of a certificate: Open Badges 3.0, after the W3C Verifiable Credentials data model 2.0.

It contains the same data as the paper. It is attached to the PDF and served beside the verification page; a status list says
which credentials were revoked.
"""

import base64
import gzip
import json
from collections.abc import Mapping
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from visits.documents.certificate_designs import design_of, heading_of
from visits.documents.data_integrity import signed, site_did
from visits.models import Certificate
from visits.models.certificate import WITHDRAWN

CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
# The minimum of the standard (W3C Bitstring Status List 1.0), so that an index in the list reveals nothing.
LIST_LENGTH = 131_072
STATUS_VALID_FOR = 300


def site_address(name: str, *args) -> str:
    """The full URL of a view in the site's main language; it is printed on papers and must never change."""
    with override(settings.LANGUAGE_CODE):
        return f"{settings.SITE_URL}{reverse(name, args=args)}"


def verify_url(certificate: Certificate) -> str:
    """The address in the QR code."""
    return site_address("verify", certificate.token)


def achievement_id(snapshot: Mapping) -> str:
    """The identifier of what was achieved: the same for all papers of one kind about one programme (Open Badges 3.0, Achievement.id)."""
    achieved = f"{settings.SITE_URL}/{design_of(snapshot).key}/{heading_of(snapshot, 'en')}/{snapshot['programme_id']}"
    return uuid5(NAMESPACE_URL, achieved).urn


def credential_of(certificate: Certificate) -> str:
    """The signed credential of a certificate as JSON-LD; the same record gives the same text."""
    snapshot = certificate.snapshot
    # Midnight at the venue instead of the current time, so that a paper can be made again with the same bytes.
    issued_at = f"{snapshot['issued_on']}T00:00:00+07:00"
    number, place = divmod(certificate.pk, LIST_LENGTH)
    status_list = site_address("credential_status", number)
    heading, programme = heading_of(snapshot, "en"), snapshot["programme_en"] or snapshot["programme_id"]
    document = {
        "@context": CONTEXT,
        "id": site_address("credential", certificate.token),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": heading,
        "description": f"{snapshot['organisation']}: {programme}, {snapshot['visit_date']}",
        "issuer": {
            "id": site_did(),
            "type": ["Profile"],
            "name": snapshot.get("issuer") or "Pemerintah Kota Binjai",
            "url": settings.SITE_URL,
        },
        "validFrom": issued_at,
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [{"type": "IdentityObject", "hashed": False, "identityHash": snapshot["name"], "identityType": "name"}],
            "licenseNumber": snapshot["number"],
            "activityEndDate": f"{snapshot['visit_date']}T00:00:00+07:00",
            "achievement": {
                "id": achievement_id(snapshot),
                "type": ["Achievement"],
                "name": f"{heading}: {programme}",
                "description": f"{heading} of the programme “{programme}”.",
                "criteria": {"narrative": design_of(snapshot).criteria},
            },
        },
        "credentialStatus": {
            "id": f"{status_list}#{place}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(place),
            "statusListCredential": status_list,
        },
    }
    return json.dumps(signed(document, created=issued_at), ensure_ascii=False, indent=1)


def status_list(number: int) -> dict:
    """The signed list of revoked credentials; unused positions count as valid, as the standard requires."""
    bits = bytearray(LIST_LENGTH // 8)
    first = number * LIST_LENGTH
    withdrawn = Certificate.objects.filter(pk__gte=first, pk__lt=first + LIST_LENGTH, status__in=WITHDRAWN)
    for pk in withdrawn.values_list("pk", flat=True):
        place = pk - first
        # The first position is the highest bit of the first byte.
        bits[place // 8] |= 0x80 >> place % 8
    address = site_address("credential_status", number)
    now = timezone.now().isoformat(timespec="seconds")
    document = {
        "@context": CONTEXT[:1],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": site_did(),
        "validFrom": now,
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "ttl": STATUS_VALID_FOR * 1000,
            "encodedList": "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode().rstrip("="),
        },
    }
    return signed(document, created=now)
