"""Seals with the site's own key in a PKCS#12 file: an uncertified electronic signature."""

import asyncio
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from asn1crypto import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko_certvalidator.registry import SimpleCertificateStore

from visits.documents.signing.interface import Drawn, Refused, Sealed, Secrets, SigningStopped
from visits.documents.signing.stamps import TimeStamper
from visits.enums import SealLevel

FIELD = "Segel"
FIELD_NAME = "Segel elektronik"
"""What screen readers say of the field (PDF/UA-1, 7.18.1)."""
# The maximum size of a signature without its certificates: two digests, the time and names.
ROOM_BESIDE_CERTIFICATES = 2048
ROOM_BESIDE_A_STAMP = 512
SECONDS_FOR_A_STAMP = 15


class PdfA3Signer(signers.PdfSigner):
    """A signer whose files stay PDF 1.7, as PDF/A-3 demands (ISO 19005-3, 6.1.2)."""

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:
        """Declare the extension of PAdES (ETSI EN 319 142-1) and no other.

        For keys on the curves of ISO/TS 32002, such as P-256, pyHanko would declare PDF 2.0. Readers know these keys without it.
        """
        pdf_out.ensure_output_version(version=(1, 7))
        pdf_out.register_extension(ESIC_EXTENSION_1)


class _KeptKey(signers.Signer):
    """Signs with a key that is opened once, while pyHanko's own signer opens and checks it for each paper."""

    def __init__(self, key, certificate: x509.Certificate, chain: Sequence[x509.Certificate]):
        registry = SimpleCertificateStore.from_certs([certificate, *chain])
        super().__init__(signing_cert=certificate, cert_registry=registry)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The bare signature over ``data``."""
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return self._key.sign(data, ec.ECDSA(hashes.SHA256()))
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())


class LocalSigner:
    """PAdES baseline B-B, or B-T with a time stamp. The signature is invisible and certifies that no changes are allowed."""

    level = SealLevel.UNCERTIFIED
    asks_for = ()

    def __init__(self, key, certificate: x509.Certificate, chain: Sequence[x509.Certificate], stamper: TimeStamper | None = None):
        self._signer, self._stamper = _KeptKey(key, certificate, chain), stamper
        self._certificates = sum(len(one.dump()) for one in (certificate, *chain))

    @classmethod
    def open(cls, path: Path, password: str, *, tsa_url: str = "") -> "LocalSigner":
        """The signer for the key in a PKCS#12 file. With ``tsa_url`` a time-stamp authority stamps each seal.

        Raises:
            SigningStopped: the file cannot be read, or the password does not open it.
        """
        try:
            key, certificate, chain = pkcs12.load_key_and_certificates(path.read_bytes(), password.encode())
        except OSError as error:
            raise SigningStopped(
                _("The file with the signing key cannot be read: %(file)s. Make one with: manage.py make_signing_authority")
                % {"file": path}
            ) from error
        except ValueError as error:
            raise SigningStopped(_("The password does not open the signing key, or the file is damaged.")) from error
        if certificate is None or not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
            raise SigningStopped(_("The file with the signing key must hold an RSA or elliptic-curve key and its certificate."))
        certificates = [x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in (certificate, *chain)]
        stamper = TimeStamper(tsa_url, timeout=SECONDS_FOR_A_STAMP) if tsa_url else None
        return cls(key, certificates[0], certificates[1:], stamper)

    def seal(self, papers: Sequence[Drawn], secrets: Secrets) -> Iterator[Sealed | Refused]:
        """Seal each paper; a damaged PDF is refused and the others continue.

        Raises:
            SigningStopped: the time-stamp authority fails; papers yielded before are kept.
        """
        for paper in papers:
            try:
                yield Sealed(paper.key, asyncio.run(self._sign(paper)))
            except (PdfError, SigningError) as error:
                yield Refused(paper.key, _("The paper could not be sealed: %(reason)s") % {"reason": error})

    async def _sign(self, paper: Drawn) -> bytes:
        claim = signers.PdfSignatureMetadata(
            field_name=FIELD,
            # A larger key would choose a larger digest, which needs a later PDF version than PDF/A-3 allows.
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            reason=paper.reason or None,
        )
        written = BytesIO()
        field = SigFieldSpec(FIELD, readable_field_name=FIELD_NAME)
        await PdfA3Signer(claim, self._signer, timestamper=self._stamper, new_field_spec=field).async_sign_pdf(
            IncrementalPdfFileWriter(BytesIO(paper.pdf)), bytes_reserved=await self._room(), output=written
        )
        return written.getvalue()

    async def _room(self) -> int:
        """The space for the signature in the file, in hexadecimal digits (two for each byte)."""
        size = ROOM_BESIDE_CERTIFICATES + self._certificates
        if self._stamper:
            # Requested once; the size of later stamps differs only by a few bytes of their serial numbers.
            size += ROOM_BESIDE_A_STAMP + len((await self._stamper.async_dummy_response("sha256")).dump())
        return 2 * size
