"""A stub of BSrE's Esign Client Service v2 over real HTTP, written after its technical guide and public clients."""

import base64
import json
import time

from tests.local_server import LocalServer, SilentHandler
from visits.documents import signing

SUBSCRIBER, PASSPHRASE, CODE = "SUB-CONTOH", "rahasia-contoh", "123456"
ACCOUNT = base64.b64encode(b"esign:sandi-layanan").decode()


class BsreServer(LocalServer):
    """The stub on a free port; ``trouble`` sets the next failure, ``requests`` records requests."""

    def __init__(self, signer):
        self.signer, self.requests, self.trouble, self.allowed = signer, [], "", 0
        super().__init__()

    @property
    def account(self) -> dict:
        """The settings of a client of this server."""
        return {"url": self.url, "user": "esign", "password": "sandi-layanan", "mode": "seal", "identity": SUBSCRIBER, "timeout": 30}

    def answer(self, path: str, body: dict) -> tuple[int, dict]:
        """The status and JSON that answer a request."""
        if path == "/api/v2/seal/get/activation":
            return 200, {"message": "OTP sent", "result": True}
        if path == "/api/v2/seal/get/totp":
            if body["totp"] != CODE:
                return 200, {"message": f"TOTP {body['totp']} tidak sesuai", "result": False}
            self.allowed = int(body["data"])
            return 200, {"message": "OK", "totp": "654321", "expires": "2026-11-24T10:05:00", "result": True}
        if path == "/api/v2/user/check/status":
            return 200, {"status": "EXPIRED" if self.trouble == "expired certificate" else "ISSUE", "message": "OK", "status_code": 1111}
        if path == "/api/v2/seal/pdf" and (body["idSubscriber"], body["totp"]) != (SUBSCRIBER, "654321"):
            return 400, {"error": "TOTP salah", "status_code": 2031}
        if path == "/api/v2/sign/pdf" and body["passphrase"] != PASSPHRASE:
            return 400, {"error": f"Passphrase {body['passphrase']} anda salah", "status_code": 2031}
        if self.trouble == "no files":
            return 200, {"time": 12, "message": "OK"}
        return 200, {"time": 12, "file": self.sealed(body)}

    def sealed(self, body: dict) -> list[str]:
        """The sealed files of a request, encoded, with the failure that is set."""
        assert [properties["tampilan"] for properties in body["signatureProperties"]] == ["INVISIBLE"] * len(body["file"])
        papers = [signing.Drawn(n, base64.b64decode(file)) for n, file in enumerate(body["file"])]
        files = [answer.pdf for answer in self.signer.seal(papers, signing.Secrets())]
        if self.trouble == "swapped":
            files.reverse()
        if self.trouble == "torn file":
            files[0] = files[0][:-500]
        if self.trouble == "one less":
            files.pop()
        encoded = [base64.b64encode(file).decode() for file in files]
        first = {"not base64": "%%%", "null file": None, "not a PDF": base64.b64encode(b"<html>").decode()}.get(self.trouble, encoded[0])
        return [first, *encoded[1:]]

    def handler(server):  # noqa: N805 -- "self" is the handler in the class below
        class Handler(SilentHandler):
            def post(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.requests.append((self.path, body))
                if server.trouble == "silence":
                    time.sleep(0.4)
                if self.headers["Authorization"] != f"Basic {ACCOUNT}":
                    return self.send(401, b"{}")
                if server.trouble == "failure" or (server.trouble == "failure later" and len(server.requests) > 2):
                    return self.send(500, b"<html>Internal Server Error</html>")
                if server.trouble == "elsewhere":
                    return self.send(302, b"", Location="http://127.0.0.1:9/")
                status, answer = server.answer(self.path, body)
                content = json.dumps(answer).encode()
                torn = content[: len(content) // 2]
                instead = {"torn answer": torn, "cut off": torn, "a list": b"[]", "a web page": b"<html>Login</html>"}
                return self.send(status, instead.get(server.trouble, content), missing=len(torn) * (server.trouble == "cut off"))

            def send(self, status, content, missing=0, **headers):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content) + missing))
                self.end_headers()
                self.wfile.write(content)

        return Handler
