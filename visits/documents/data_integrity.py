"""Signs JSON documents with Ed25519 after W3C Data Integrity, cryptosuite ``eddsa-jcs-2022``, and publishes the keys (did:web).

The key is derived from SIGNING_KEY. The public key of every key ever used stays in the database, so that earlier documents can be
verified after a change of the key. https://www.w3.org/TR/vc-di-eddsa/#eddsa-jcs-2022
"""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from visits.models import CredentialKey

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
# Multicodec "ed25519-pub".
ED25519 = b"\xed\x01"
SUITE = "eddsa-jcs-2022"


def site_did() -> str:
    """The site's identifier: did:web with the host; a port is percent-encoded as the method requires."""
    return f"did:web:{quote(settings.SITE_HOST, safe='.-')}"


def did_document() -> dict:
    """The DID document with every public key ever used, served at /.well-known/did.json."""
    did = site_did()
    names = [(f"{did}#{key.name}", key.public_key) for key in CredentialKey.objects.order_by("pk")]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": [
            {"id": name, "type": "Multikey", "controller": did, "publicKeyMultibase": public_key} for name, public_key in names
        ],
        "assertionMethod": [name for name, _public_key in names],
    }


def signed(document: Mapping, *, created: str) -> dict:
    """The document with its proof; the same document gives the same proof.

    Args:
        document: JSON object with ``@context``; may contain strings, integers, lists and objects.
        created: XML Schema dateTime.
    """
    secret, name = _site_key(settings.SIGNING_KEY)
    public = _multibase(ED25519 + secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
    CredentialKey.objects.get_or_create(name=name, defaults={"public_key": public})
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": created,
        "verificationMethod": f"{site_did()}#{name}",
        "proofPurpose": "assertionMethod",
        "@context": document["@context"],
    }
    return {**document, "proof": {**proof, "proofValue": _multibase(secret.sign(_to_sign(document, proof)))}}


def is_signed(document: Mapping) -> bool:
    """Whether a document has a valid proof made with one of our keys."""
    unsigned = {key: value for key, value in document.items() if key != "proof"}
    proof = {key: value for key, value in document.get("proof", {}).items() if key != "proofValue"}
    did, _hash, name = str(proof.get("verificationMethod", "")).partition("#")
    key = CredentialKey.objects.filter(name=name).first()
    if key is None or did != site_did() or proof.get("cryptosuite") != SUITE:
        return False
    public = Ed25519PublicKey.from_public_bytes(_from_multibase(key.public_key).removeprefix(ED25519))
    try:
        public.verify(_from_multibase(document["proof"]["proofValue"]), _to_sign(unsigned, proof))
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=2)
def _site_key(secret: str) -> tuple[Ed25519PrivateKey, str]:
    seed = HKDF(SHA256(), length=32, salt=None, info=b"visits.credential-key").derive(secret.encode())
    key = Ed25519PrivateKey.from_private_bytes(seed)
    name = hashlib.sha256(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]
    return key, name


def _to_sign(document: Mapping, proof: Mapping) -> bytes:
    return hashlib.sha256(_canonical(proof)).digest() + hashlib.sha256(_canonical(document)).digest()


def _canonical(document: Mapping) -> bytes:
    # RFC 8785, as far as our documents need it: ASCII keys, no fractions.
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _multibase(content: bytes) -> str:
    number, digits = int.from_bytes(content), ""
    while number:
        number, rest = divmod(number, 58)
        digits = ALPHABET[rest] + digits
    return "z" + ALPHABET[0] * (len(content) - len(content.lstrip(b"\0"))) + digits


def _from_multibase(text: str) -> bytes:
    digits = text[1:]
    if not text.startswith("z") or set(digits) - set(ALPHABET):
        raise ValueError("not base58")
    number = 0
    for digit in digits:
        number = number * 58 + ALPHABET.index(digit)
    zeros = len(digits) - len(digits.lstrip(ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)
