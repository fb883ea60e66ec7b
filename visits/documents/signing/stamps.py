"""Time stamps (RFC 3161): a third party confirms the time of a seal, so that it stays valid after its certificate expires (PAdES B-T)."""

import asyncio
import datetime as dt

import requests
from asn1crypto import cms, tsp
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
from urllib3.exceptions import HTTPError

from visits.documents.signing.interface import SigningStopped

LARGEST_ANSWER = 1024 * 1024

# Exceptions raised while reading a malformed answer.
UNREADABLE = (TimestampRequestError, ValueError, TypeError, KeyError, AttributeError, IndexError)


class TimeStamper(RequestsHTTPTimeStamper):
    """Requests time stamps of the authority in the settings; if one is not granted, the batch stops with an explanation."""

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The answer of the authority. Redirects are not followed, because they could lead into our own network.

        Raises:
            TimestampRequestError: it cannot be reached, or its answer is no time stamp.
        """
        return await asyncio.to_thread(self._ask, req)

    def _ask(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        try:
            with requests.post(
                self.url, req.dump(), headers=self.request_headers(), timeout=self.timeout, allow_redirects=False, stream=True
            ) as answer:
                content = answer.raw.read(LARGEST_ANSWER + 1, decode_content=True)
        except (OSError, HTTPError) as error:
            raise TimestampRequestError("the authority cannot be reached") from error
        if (
            answer.status_code != 200
            or answer.headers.get("Content-Type") != "application/timestamp-reply"
            or len(content) > LARGEST_ANSWER
        ):
            raise TimestampRequestError("the answer is no time stamp")
        return tsp.TimeStampResp.load(content)

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
    """The time of a signature's time stamp; None without one.

    Trust in the authority is not checked, as for the signature itself.

    Raises:
        ValueError: the token was changed or belongs to another signature.
    """
    token = next(extract_tst_data_iter(signer_info, signed=False), None)
    if token is None:
        return None
    content = token["encap_content_info"]["content"]
    stamp = content.parsed
    imprint, [stamper] = stamp["message_imprint"], token["signer_infos"]
    digest = hashes.Hash(get_pyca_cryptography_hash(stamper["digest_algorithm"]["algorithm"].native))
    digest.update(bytes(content))
    intact, valid = validate_sig_integrity(
        stamper, extract_certs_for_validation(token).signer_cert, expected_content_type="tst_info", actual_digest=digest.finalize()
    )
    expected = message_imprint_checker(signer_info)(imprint["hash_algorithm"]["algorithm"].native)
    if not (intact and valid and imprint["hashed_message"].native == expected):
        raise ValueError("a time stamp that does not belong to the signature")
    return stamp["gen_time"].native
