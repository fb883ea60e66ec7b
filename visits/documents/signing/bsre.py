"""Seals by BSrE, the certification service of the state: Esign Client Service v2, on a server of the agency.

After "Petunjuk Teknis API Esign Client Service" 2.2.1 (BSrE, 2024). The service takes whole PDFs, several in a request, and
returns them sealed. A person types the passphrase (signature of an official) or a one-time code (seal of the
organisation) for each batch.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urlsplit

import requests
from django.utils.translation import gettext as _
from urllib3.exceptions import HTTPError

from visits.documents.signing.interface import Drawn, Refused, Sealed, Secrets, SigningStopped
from visits.enums import SealLevel

SEAL, SIGN = "seal", "sign"
IN_ONE_REQUEST = 10
LONGEST_REASON = 200
# A sealed paper is little larger than the drawn one; larger responses are not read into memory.
LARGEST_ANSWER = 64 * 1024 * 1024


@dataclass(frozen=True)
class Account:
    """Access to the service.

    Attributes:
        url: base address, with https.
        user, password: credentials of the site at the service (HTTP Basic), not of a person.
        mode: ``seal`` for the organisation's seal, ``sign`` for an official's signature.
        identity: subscriber of the seal, or NIK or e-mail of the official.
        timeout: seconds for one request.
    """

    url: str
    user: str
    password: str = field(repr=False)
    mode: str = SEAL
    identity: str = field(default="", repr=False)
    location: str = "Binjai"
    timeout: float = 60


class BsreSigner:
    """Sends papers in groups; papers sealed before a failure are kept."""

    level = SealLevel.CERTIFIED

    def __init__(self, account: Account):
        """Check and store the account.

        Raises:
            SigningStopped: the settings are incomplete.
        """
        missing = [name for name in ("url", "user", "password", "identity") if not getattr(account, name)]
        if missing or account.mode not in (SEAL, SIGN):
            raise SigningStopped(
                _("The settings of BSrE are incomplete: %(names)s")
                % {"names": ", ".join(f"BSRE_{name.upper()}" for name in missing or ["mode"])}
            )
        address = urlsplit(account.url)
        if address.scheme != "https" and address.hostname not in ("127.0.0.1", "localhost"):
            raise SigningStopped(_("BSRE_URL must begin with https: a passphrase travels there."))
        self._account = account
        self.asks_for = ("totp",) if account.mode == SEAL else ("passphrase",)

    def seal(self, papers: Sequence[Drawn], secrets: Secrets) -> Iterator[Sealed | Refused]:
        """Request a code for exactly these papers (seal) or check that the official may sign, then send the papers in groups.

        Raises:
            SigningStopped: see :class:`SigningStopped`; the text never contains a secret.
        """
        if not papers:
            return
        typed = getattr(secrets, self.asks_for[0])
        if not typed:
            raise SigningStopped(_("Enter the passphrase or the one-time code first."))
        with requests.Session() as session:
            session.auth = (self._account.user, self._account.password)
            session.headers["Accept"] = "application/json"
            service = _Service(session, self._account, typed)
            if self._account.mode == SEAL:
                service.take_code(len(papers))
            else:
                service.check_official()
            waiting = iter(papers)
            while group := list(islice(waiting, IN_ONE_REQUEST)):
                yield from service.send(group)

    def request_code(self) -> None:
        """Make the service send a one-time code to the person who keeps the seal, before a batch.

        Raises:
            SigningStopped: it cannot be reached or refuses.
        """
        with requests.Session() as session:
            session.auth = (self._account.user, self._account.password)
            _Service(session, self._account, "").ask_activation()


class _Service:
    """The requests of one batch to the service."""

    def __init__(self, session: requests.Session, account: Account, typed: str):
        self._session, self._account, self._typed = session, account, typed

    def ask_activation(self) -> None:
        self._post("/api/v2/seal/get/activation", {"idSubscriber": self._account.identity})

    def take_code(self, count: int) -> None:
        """Exchange the typed code for one that seals exactly ``count`` papers."""
        answer = self._post("/api/v2/seal/get/totp", {"idSubscriber": self._account.identity, "totp": self._typed, "data": str(count)})
        if answer.get("result") is False or not isinstance(answer.get("totp", self._typed), str):
            raise SigningStopped(_("BSrE did not accept the one-time code: %(reason)s") % {"reason": self._said(answer)})
        self._typed = answer.get("totp", self._typed)

    def check_official(self) -> None:
        """Stop if the official's certificate cannot sign, before the passphrase is sent."""
        status = self._post("/api/v2/user/check/status", self._official()).get("status")
        if status != "ISSUE":
            raise SigningStopped(
                _("The official's certificate cannot sign now: BSrE reports “%(status)s”. Have it renewed, then seal again.")
                % {"status": str(status)[:LONGEST_REASON]}
            )

    def send(self, group: Sequence[Drawn]) -> Iterator[Sealed | Refused]:
        """Send a group of papers; the service returns them in the same order."""
        answer = self._post(
            f"/api/v2/{self._account.mode}/pdf",
            {
                **self._who(),
                "signatureProperties": [
                    # Invisible, because signature block and QR code are printed, and a visible field would violate PDF/UA.
                    {"tampilan": "INVISIBLE", "location": self._account.location, "reason": paper.reason}
                    for paper in group
                ],
                "file": [base64.b64encode(paper.pdf).decode() for paper in group],
            },
        )
        files = answer.get("file")
        if not isinstance(files, list) or len(files) != len(group):
            raise SigningStopped(_("BSrE returned another number of files than it was sent."))
        for paper, file in zip(group, files, strict=True):
            try:
                yield Sealed(paper.key, base64.b64decode(file, validate=True))
            except (binascii.Error, TypeError, ValueError):
                yield Refused(paper.key, _("BSrE returned an unreadable file."))

    def _who(self) -> dict[str, str]:
        if self._account.mode == SEAL:
            return {"idSubscriber": self._account.identity, "totp": self._typed}
        return {**self._official(), "passphrase": self._typed}

    def _official(self) -> dict[str, str]:
        return {"email" if "@" in self._account.identity else "nik": self._account.identity}

    def _post(self, path: str, body: dict) -> dict:
        try:
            # Without redirects, which would send the passphrase to another address.
            with self._session.post(
                self._account.url.rstrip("/") + path, json=body, timeout=self._account.timeout, allow_redirects=False, stream=True
            ) as answer:
                content = answer.raw.read(LARGEST_ANSWER + 1, decode_content=True)
                status = answer.status_code
        except requests.Timeout as error:
            raise SigningStopped(_("BSrE did not answer in time. Try again later; what was sealed already stands.")) from error
        except (requests.RequestException, OSError, HTTPError) as error:
            raise SigningStopped(_("BSrE cannot be reached. Check the network and BSRE_URL, then try again.")) from error
        return self._understood(status, content)

    def _understood(self, status: int, content: bytes) -> dict:
        try:
            answer = json.loads(content) if len(content) <= LARGEST_ANSWER else None
        except ValueError:
            answer = None
        if status in (401, 403):
            raise SigningStopped(_("BSrE refused the user name or password of the service (BSRE_USER, BSRE_PASSWORD)."))
        if status >= 500:
            raise SigningStopped(_("BSrE reports a failure of its own (%(status)s). Try again later.") % {"status": status})
        if status >= 300:
            raise SigningStopped(_("BSrE did not accept the request: %(reason)s") % {"reason": self._said(answer) or status})
        if not isinstance(answer, dict):
            raise SigningStopped(_("BSrE's answer was cut off or unreadable. Try again; what was sealed already stands."))
        return answer

    def _said(self, answer) -> str:
        """The message of the service, without secrets."""
        words = str((answer.get("error") or answer.get("message") or "") if isinstance(answer, dict) else "")[:LONGEST_REASON]
        return words.replace(self._typed, "…") if self._typed else words
