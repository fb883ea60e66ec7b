"""A local time-stamp authority (RFC 3161) over real HTTP."""

import asyncio
import datetime as dt
import time
from contextlib import suppress

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

from tests.local_server import LocalServer, SilentHandler

NOW = dt.datetime(2026, 11, 24, 3, 5, tzinfo=dt.UTC)


class TsaServer(LocalServer):
    """The authority on a free port; ``trouble`` sets the next failure, ``asked`` counts requests."""

    def __init__(self):
        self.trouble, self.asked = "", 0
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Otoritas Stempel Waktu Contoh")])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - dt.timedelta(days=30))
            .not_valid_after(NOW + dt.timedelta(days=3000))
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
            .sign(key, hashes.SHA256())
        )
        self.certificate = asn1.Certificate.load(certificate.public_bytes(Encoding.DER))
        private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        self._stamper = DummyTimeStamper(self.certificate, keys.PrivateKeyInfo.load(private), fixed_dt=NOW)
        super().__init__()

    def answer(self, request: bytes) -> bytes:
        """The answer to a request, with the failure that is set."""
        self.asked += 1
        if self.trouble == "refusal":
            return tsp.TimeStampResp({"status": {"status": "rejection", "status_string": ["kuota habis"]}}).dump()
        granted = asyncio.run(self._stamper.async_request_tsa_response(tsp.TimeStampReq.load(request))).dump()
        return granted[: len(granted) // 2] if self.trouble == "torn answer" else granted

    def handler(server):  # noqa: N805 -- "self" is the handler in the class below
        class Handler(SilentHandler):
            def post(self):
                request = self.rfile.read(int(self.headers["Content-Length"]))
                if server.trouble == "silence":
                    time.sleep(0.5)
                content = b"<html>" if server.trouble == "a web page" else server.answer(request)
                self.send_response(503 if server.trouble == "failure" else 200)
                kind = "text/html" if server.trouble in ("a web page", "failure") else "application/timestamp-reply"
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                # The client may have closed the connection after its timeout.
                with suppress(BrokenPipeError, ConnectionResetError):
                    self.wfile.write(content)

        return Handler
