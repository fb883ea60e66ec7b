"""Looks at the running site from outside, through its proxy, for ``manage.py verify_installation``. Sentences are for the operator."""

import datetime as dt
import http.client
import ipaddress
import os
import re
import secrets
import socket
import ssl
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from cryptography import x509
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage
from django.utils import timezone

from knowledge_hub.core import verification
from knowledge_hub.core.health import Check, Unwell

TIMEOUT = 20
SKEW = dt.timedelta(seconds=30)
CERTIFICATE_LEFT = dt.timedelta(days=14)
LARGEST_BODY = 33 * 1024 * 1024
FORGED = "198.51.100.77"
"""An address of documentation, which no client has."""

SECRET = "f" * 64
"""Looks like the token of a secret link, and opens nothing."""

EXPECTED_HEADERS = {
    "Content-Security-Policy": "default-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Permissions-Policy": "camera=()",
}
PAGES = 8
"""How many addresses of the sitemap are opened."""


class Outside:
    """One look at a site.

    Args:
        url: where guests reach it.
        mail_to: the operator's mailbox; "" sends nothing.
        proxy_log: the access log of the proxy, if it is on this machine.
    """

    def __init__(self, url: str, *, mail_to: str, proxy_log: Path | None):
        self.url, self.mail_to, self.proxy_log = url.rstrip("/"), mail_to, proxy_log
        self.parts = urlsplit(self.url)
        self.session = requests.Session()
        # A proxy for outgoing requests would hide what is looked at.
        self.session.trust_env = False
        self.session.verify = os.environ.get("REQUESTS_CA_BUNDLE", True)

    def checks(self) -> list[Check]:
        """All of them, in the order in which one explains the next."""
        named = {
            "reach": self.reach,
            "TLS": self.tls,
            "plain HTTP": self.plain_http,
            "probes": self.probes,
            "keys": self.keys,
            "proxy headers": self.proxy_headers,
            "client address": self.client_address,
            "limits": self.limits,
            "clocks": self.clocks,
            "addresses": self.addresses,
            "pages": self.pages,
            "styles and scripts": self.static_files,
            "media": self.media,
            "private files": self.private_files,
            "security headers": self.security_headers,
            "cookies": self.cookies,
            "large bodies": self.large_bodies,
            "proxy log": self.hidden_links,
            "test mail": self.mail,
        }
        return [Check(key, key, look) for key, look in named.items()]

    def get(self, path: str, **options: Any) -> requests.Response:
        """Ask for a path, or a full address. Raises Unwell, which says why, if nobody answers."""
        try:
            return self.session.get(urljoin(self.url, path), timeout=TIMEOUT, **options)
        except requests.exceptions.SSLError as error:
            raise Unwell(f"The certificate is not accepted: {_reason(error)}. Renew it, or add the missing intermediate ones.") from error
        except requests.exceptions.Timeout as error:
            raise Unwell(f"No answer within {TIMEOUT} seconds. Is the site running, and does the proxy reach it?") from error
        except requests.exceptions.RequestException as error:
            raise Unwell(f"Nobody answers: {_reason(error)}. Check DNS, firewall, and that the proxy runs.") from error

    @cached_property
    def home(self) -> requests.Response:
        """The home page."""
        return self.get("/")

    def told(self, **headers: str) -> dict[str, Any]:
        """What the running site tells of a request. Raises Unwell."""
        return self._told(verification.signed_text(), **headers)

    def _told(self, text: str, **headers: str) -> dict[str, Any]:
        response = self.get(verification.PATH, headers={verification.HEADER: text, **headers}, allow_redirects=False)
        if response.status_code != 200:
            raise Unwell(
                f"The site does not accept the signature of this command ({response.status_code}). It runs with another SECRET_KEY, "
                "its clock differs by minutes, or another site answers. Restart it with the settings of this command."
            )
        return response.json()

    def reach(self) -> str:
        """The home page answers."""
        if self.home.status_code == 400:
            raise Unwell(f"The site refuses the host name. Put {self.parts.hostname} into ALLOWED_HOSTS, and have the proxy pass Host.")
        if self.home.status_code in (502, 503, 504):
            raise Unwell(f"The proxy answers {self.home.status_code}: the site behind it does not run. Start manage.py serve.")
        if self.home.status_code != 200:
            raise Unwell(f"The home page answers {self.home.status_code}. The log of the site says why.")
        return f"{self.home.elapsed.total_seconds():.2f} s"

    def tls(self) -> str:
        """The address is https, with a certificate that is valid for some time."""
        if self.parts.scheme != "https":
            raise Unwell("The address is not https. Get a certificate, and let the proxy use it (deploy/).")
        address = (str(self.parts.hostname), self.parts.port or 443)
        context = ssl.create_default_context()
        with (
            socket.create_connection(address, TIMEOUT) as plain,
            context.wrap_socket(plain, server_hostname=self.parts.hostname) as secure,
        ):
            certificate = x509.load_der_x509_certificate(secure.getpeercert(binary_form=True) or b"")
        left = certificate.not_valid_after_utc - timezone.now()
        if left < CERTIFICATE_LEFT:
            raise Unwell(f"The certificate ends in {left.days} days. Its renewal does not work; run it by hand and read its error.")
        return f"{left.days} days left"

    def plain_http(self) -> str:
        """Plain HTTP leads to https."""
        if self.parts.scheme != "https" or self.parts.port:
            return "not applicable"
        response = self.get(f"http://{self.parts.hostname}/", allow_redirects=False)
        if response.status_code not in (301, 308) or not response.headers.get("Location", "").startswith("https://"):
            raise Unwell("http:// does not lead to https://. Let the proxy redirect port 80.")
        return ""

    def probes(self) -> str:
        """Both probes answer."""
        if self.get("/healthz").text != "ok":
            raise Unwell("/healthz does not answer “ok”. The proxy must pass it to the site.")
        ready = self.get("/readyz")
        if ready.status_code != 200 or "attention" in ready.text:
            raise Unwell(f"/readyz answers: {' '.join(ready.text.split())[:200]}. Run manage.py doctor on the server.")
        return ""

    def keys(self) -> str:
        """The running site has the keys of this command."""
        other = [name for name, known in verification.fingerprints().items() if self.told()["keys"][name] != known]
        if other:
            raise Unwell(f"The running site has another {', '.join(other)} than this command. Restart it with the same .env.")
        return ""

    def proxy_headers(self) -> str:
        """The proxy passes host name and scheme."""
        told = self.told()
        if told["host"] != self.parts.netloc:
            raise Unwell(f"The site sees the host “{told['host']}”. The proxy must pass Host: proxy_set_header Host $host;")
        if told["is_secure"] != (self.parts.scheme == "https"):
            raise Unwell("The site does not see that guests use https. The proxy must set X-Forwarded-Proto; see also BEHIND_PROXY.")
        return ""

    def client_address(self) -> str:
        """The site sees the address of the client, and clients cannot choose it."""
        seen, with_forged = self.told()["address"], self.told(**{"X-Forwarded-For": FORGED})["address"]
        if with_forged == FORGED:
            raise Unwell("A client chooses its own address by X-Forwarded-For. The proxy must replace that header: … $remote_addr;")
        with socket.create_connection((str(self.parts.hostname), self.parts.port or (443 if self.parts.scheme == "https" else 80))) as own:
            address = own.getsockname()[0]
        if _is_of_machine(seen) and not _is_of_machine(address):
            raise Unwell(
                f"All guests are {seen}, so they share every limit. The proxy must set X-Forwarded-For, and TRUSTED_PROXIES must name it."
            )
        return str(seen)

    def limits(self) -> str:
        """The third request of a kind is counted as the third, whichever process answers it."""
        text = verification.signed_text()
        if [self._told(text)["is_within_limit"] for _ in range(3)] != [True, True, False]:
            raise Unwell("Limits are not counted. The log of the site says why.")
        return ""

    def clocks(self) -> str:
        """The clocks of this machine, the site and the proxy agree."""
        told = self.told()
        skews = [dt.datetime.fromisoformat(told["time"]) - timezone.now()]
        if date := self.get("/healthz").headers.get("Date"):
            skews.append(dt.datetime.strptime(date, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=dt.UTC) - timezone.now())
        worst = max(skews, key=abs)
        if abs(worst) > SKEW:
            raise Unwell(
                f"Clocks differ by {abs(worst).total_seconds():.0f} seconds. Have them set over the network: timedatectl set-ntp true"
            )
        return ""

    def addresses(self) -> str:
        """Links in mails, QR codes and pages lead here."""
        for what, address in (("SITE_URL of this command", settings.SITE_URL), ("SITE_URL of the site", self.told()["site_url"])):
            if address != self.url:
                raise Unwell(f"{what} is {address}: links in mails and QR codes lead there. Set SITE_URL={self.url}")
        canonical = re.search(r'<link rel="canonical" href="([^"]+)"', self.home.text)
        if canonical and not canonical[1].startswith(self.url + "/"):
            raise Unwell(f"Pages say that their address is {canonical[1]}. Correct host and port in the admin: Settings › Sites.")
        return ""

    def pages(self) -> str:
        """Pages of the sitemap open."""
        found = re.findall(r"<loc>([^<]+)</loc>", self.get("/sitemap.xml").text)
        if not found:
            raise Unwell("The sitemap is empty. Run manage.py prepare.")
        for address in found[:: max(1, len(found) // PAGES)][:PAGES]:
            if urlsplit(address).netloc != self.parts.netloc:
                raise Unwell(f"The sitemap names {address}. Correct host and port in the admin: Settings › Sites.")
            if (status := self.get(urlsplit(address).path).status_code) != 200:
                raise Unwell(f"{address} answers {status}. The log of the site says why.")
        return f"{len(found)} in the sitemap"

    def static_files(self) -> str:
        """Style sheets and scripts of the home page arrive."""
        paths = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', self.home.text)
        for path in paths:
            response = self.get(path)
            kind = "css" if path.endswith("css") else "javascript"
            if response.status_code != 200 or kind not in response.headers.get("Content-Type", ""):
                raise Unwell(f"{path} answers {response.status_code}. Run manage.py prepare, and let the proxy pass /static/ to the site.")
        if not paths:
            raise Unwell("The home page has no style sheets.")
        return f"{len(paths)} files"

    def media(self) -> str:
        """A picture that was just stored arrives."""
        content = secrets.token_bytes(64)
        name = default_storage.save(f"images/verification-{secrets.token_hex(8)}.bin", ContentFile(content))
        try:
            response = self.get(default_storage.url(name))
        finally:
            default_storage.delete(name)
        if response.status_code != 200 or response.content != content:
            raise Unwell(
                f"Pictures do not arrive ({response.status_code}). Let the proxy pass /media/ to the site, "
                "or let its user read MEDIA_ROOT; several machines need a shared storage."
            )
        return ""

    def private_files(self) -> str:
        """Letters, database and settings have no address."""
        for path in (
            "/private/",
            "/media/../private/",
            "/media/../db.sqlite3",
            "/media/%2e%2e/db.sqlite3",
            "/db.sqlite3",
            "/.env",
            "/var/",
        ):
            request = requests.Request("GET", self.url + "/").prepare()
            request.url = self.url + path
            if (status := self.session.send(request, timeout=TIMEOUT, allow_redirects=False).status_code) < 400 and status not in (
                301,
                302,
            ):
                raise Unwell(f"{path} answers {status}. The proxy serves a folder that it must not serve.")
        return ""

    def security_headers(self) -> str:
        """Headers that browsers need to protect guests."""
        lacking = [name for name, value in EXPECTED_HEADERS.items() if value not in self.home.headers.get(name, "")]
        if self.parts.scheme == "https" and "max-age=" not in self.home.headers.get("Strict-Transport-Security", ""):
            lacking.append("Strict-Transport-Security")
        if lacking:
            raise Unwell(f"Headers are missing or changed: {', '.join(lacking)}. The proxy must pass them as the site sends them.")
        return ""

    def cookies(self) -> str:
        """Guests get no cookie to read; forms get one that only https carries, and are not kept by anybody."""
        if "Set-Cookie" in self.home.headers:
            raise Unwell("The home page sets a cookie, so no cache may keep it.")
        form = self.get("/admin/login/")
        if form.status_code != 200 or "no-store" not in form.headers.get("Cache-Control", ""):
            raise Unwell(f"/admin/login/ answers {form.status_code}, or may be kept by caches.")
        cookie = form.headers.get("Set-Cookie", "")
        if self.parts.scheme == "https" and not ("Secure" in cookie and "__Host-" in cookie):
            raise Unwell("Cookies are not bound to https. Use the settings of production.")
        return ""

    def large_bodies(self) -> str:
        """A body that is larger than the site stores is refused before it is sent."""
        connect = http.client.HTTPSConnection if self.parts.scheme == "https" else http.client.HTTPConnection
        connection = connect(self.parts.netloc, timeout=5)
        try:
            connection.putrequest("POST", "/")
            connection.putheader("Content-Length", str(LARGEST_BODY))
            connection.endheaders()
            status = connection.getresponse().status
        except (TimeoutError, http.client.HTTPException, ConnectionError):
            status = None
        finally:
            connection.close()
        if status != 413:
            raise Unwell("A body above 32 MB is not refused. Set client_max_body_size 32m; in the proxy.")
        return ""

    def hidden_links(self) -> str:
        """The proxy's log does not keep secret links."""
        if self.proxy_log is None or not self.proxy_log.exists():
            return "not on this machine; name it by --proxy-log"
        before = self.proxy_log.stat().st_size
        self.get(f"/verification/{SECRET}/")
        with self.proxy_log.open(errors="replace") as log:
            log.seek(before)
            if SECRET in log.read():
                raise Unwell(f"Secret links stand in {self.proxy_log}. Use the log format of deploy/nginx.conf.")
        return ""

    def mail(self) -> str:
        """The mail server takes a mail to the operator."""
        if not self.mail_to:
            raise Unwell("No mail was sent. Name the operator's mailbox: --mail-to or OPERATOR_EMAIL.")
        code = secrets.token_hex(3)
        try:
            EmailMessage(f"Installation check {code}", f"This mail was sent to verify {self.url}.\n", to=[self.mail_to]).send()
        except OSError as error:
            raise Unwell(f"The mail server refuses ({type(error).__name__}: {error}). Check EMAIL_URL and DEFAULT_FROM_EMAIL.") from error
        return f"sent to {self.mail_to}; look whether “Installation check {code}” arrives, and not as spam"


def _reason(error: Exception) -> str:
    """The innermost reason of an error of requests."""
    while error.__context__ is not None and not isinstance(error, OSError | ssl.SSLError):
        error = error.__context__  # type: ignore[assignment]  # exceptions in practice
    return str(error)[:200]


def _is_of_machine(address: str) -> bool:
    return bool(address) and ipaddress.ip_address(address).is_loopback
