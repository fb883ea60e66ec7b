"""Reads the signatures of a file: whether they are intact and cover the whole file."""

import json
import resource
import sys
from dataclasses import asdict
from io import BytesIO

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis.policy_api import SuspiciousModification
from pyhanko.sign.general import CMSExtractionError, SigningError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from visits.documents.pdf_inspection import PdfInspection
from visits.documents.signing.stamps import stamped_at

MOST_MEMORY = 512 * 1024 * 1024
MOST_CPU_SECONDS = 10
UNREADABLE = (
    PdfError,
    SigningError,
    SignatureValidationError,
    CMSExtractionError,
    SuspiciousModification,
    # Exceptions that pyHanko and asn1crypto raise for malformed data.
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    RecursionError,
)


def inspect(pdf: bytes) -> PdfInspection:
    """Read the signatures of an untrusted file. Raises no exception for any content.

    Trust in the signer's certificate is not checked here. The register of certificates knows the hash of every issued file,
    whether it was sealed with our own key or by BSrE.
    """
    try:
        found = PdfFileReader(BytesIO(pdf), strict=False).embedded_regular_signatures
    except UNREADABLE:
        return PdfInspection(is_pdf=False)
    try:
        intact = bool(found) and all(_is_intact(one) for one in found)
        whole = bool(found) and found[-1].evaluate_signature_coverage() == SignatureCoverageLevel.ENTIRE_FILE
        stamp = stamped_at(found[-1].signer_info) if found else None
    except UNREADABLE:
        return PdfInspection(is_pdf=True, signatures=len(found))
    return PdfInspection(is_pdf=True, signatures=len(found), intact=intact, whole=whole, stamped_at=stamp.isoformat() if stamp else "")


def _is_intact(signature: EmbeddedPdfSignature) -> bool:
    intact, valid = validate_sig_integrity(
        signature.signer_info, signature.signer_cert, expected_content_type="data", actual_digest=signature.compute_digest()
    )
    return intact and valid


def main() -> None:
    """Inspect standard input with limits on memory and time, and write the result to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    sys.stdout.write(json.dumps(asdict(inspect(sys.stdin.buffer.read()))))


if __name__ == "__main__":
    main()
