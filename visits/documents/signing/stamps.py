"""Time stamps (RFC 3161): a third party attests when a seal was there, so that it holds beyond its certificate (PAdES B-T)."""

import datetime as dt

from asn1crypto import cms
from cryptography.hazmat.primitives import hashes
from django.utils.translation import gettext as _
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper
from pyhanko.sign.validation.generic_cms import (
    extract_certs_for_validation,
    extract_tst_data_iter,
    message_imprint_checker,
    validate_sig_integrity,
)
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

from visits.documents.signing.interface import SigningStopped

# What an answer is made of; anything else in its place raises one of these while it is read.
UNREADABLE = (TimestampRequestError, ValueError, TypeError, KeyError, AttributeError, IndexError)


class TimeStamper(RequestsHTTPTimeStamper):
    """Asks the authority of the settings; what it does not grant stops the batch with a sentence."""

    async def async_timestamp(self, message_digest, md_algorithm) -> cms.ContentInfo:
        """The token for a digest.

        Raises:
            SigningStopped: the authority cannot be reached, refuses, or answers something else.
        """
        try:
            return await super().async_timestamp(message_digest, md_algorithm)
        except UNREADABLE as error:
            raise SigningStopped(
                _("The time-stamp authority did not answer as it should. Check SIGNER_TSA_URL, then issue again; what is done stays done.")
            ) from error


def stamped_at(signer_info: cms.SignerInfo) -> dt.datetime | None:
    """When an authority saw this signature; None where none did.

    Whose authority it was is not judged, as with the signature itself.

    Raises:
        ValueError: there is a token, but it is not of this signature, or it was changed.
    """
    token = next(extract_tst_data_iter(signer_info, signed=False), None)
    if token is None:
        return None
    content = token["encap_content_info"]["content"]
    said = content.parsed
    imprint, [stamper] = said["message_imprint"], token["signer_infos"]
    digest = hashes.Hash(get_pyca_cryptography_hash(stamper["digest_algorithm"]["algorithm"].native))
    digest.update(bytes(content))
    intact, valid = validate_sig_integrity(
        stamper, extract_certs_for_validation(token).signer_cert, expected_content_type="tst_info", actual_digest=digest.finalize()
    )
    expected = message_imprint_checker(signer_info)(imprint["hash_algorithm"]["algorithm"].native)
    if not (intact and valid and imprint["hashed_message"].native == expected):
        raise ValueError("a time stamp that does not belong to the signature")
    return said["gen_time"].native
