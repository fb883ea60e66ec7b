"""The server fetches no address that somebody typed (SSRF), and waits for no service for ever."""

import ast
import socket
from http.server import BaseHTTPRequestHandler
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pyhanko.sign.timestamps import TimestampRequestError
from wagtail.models import Site

from knowledge_hub.content_health import links
from knowledge_hub.core.uploads import virus_scanner
from knowledge_hub.core.uploads.safe import make_safe
from knowledge_hub.models import ArticlePage, KnowledgeIndexPage
from knowledge_hub.papers.fetcher import AssetFetcher
from tests import uploads
from tests.factories import UserFactory, VisitFactory
from tests.local_server import LocalServer
from visits.documents.signing.bsre import Account, BsreSigner
from visits.documents.signing.interface import SigningStopped
from visits.documents.signing.stamps import TimeStamper
from visits.domain import outbox
from visits.enums import MessageKind, MessageStatus
from visits.mail import sending
from visits.models import OutboundMessage

ADDRESSES = (
    "http://127.0.0.1/",
    "http://[::1]/",
    "http://10.0.0.1/",
    "http://192.168.1.1/admin",
    "http://169.254.169.254/latest/meta-data/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://localhost/",
    # A name whose address is private, and one that redirects there.
    "https://127.0.0.1.nip.example/",
    "https://redirect.example/?to=http://127.0.0.1/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:11211/",
    "//127.0.0.1/",
)

NETWORK_MODULES = {"requests", "socket", "urllib.request", "http.client", "smtplib", "ftplib", "asyncio.streams", "urllib3", "httpx"}

MAY_CONNECT = {
    "knowledge_hub/core/supervisor.py": "looks whether its own port is free",
    "knowledge_hub/core/uploads/virus_scanner.py": "clamd, at the address of the settings",
    "knowledge_hub/core/outside.py": "verify_installation, which an operator runs with the address of the site",
    "knowledge_hub/core/mail_backend.py": "the mail server of the settings",
    "visits/mail/digest.py": "names errors of mail servers",
    "visits/mail/sending.py": "names errors of mail servers",
    "visits/documents/signing/bsre.py": "BSrE, at the address of the settings",
    "visits/documents/signing/stamps.py": "the time-stamp authority, at the address of the settings",
}


def test_only_known_modules_can_connect():
    """A new one must be listed with the reason, and must not take addresses from a request or the database."""
    found = set()
    for app in ("home", "knowledge_hub", "visits"):
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                if any(name in NETWORK_MODULES or name.split(".")[0] in NETWORK_MODULES - {"urllib3"} for name in names):
                    found.add(str(path.relative_to(settings.BASE_DIR)))
    assert found == set(MAY_CONNECT)


@pytest.fixture
def no_network(monkeypatch):
    """Record every look-up of a name and every connection, and refuse them."""
    tried = []

    def refuse(*args, **kwargs):
        tried.append(args)
        raise OSError("no network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    yield tried
    assert tried == []


@pytest.mark.django_db
def test_typed_addresses_are_never_fetched(client, no_network):
    root = Site.objects.get().root_page
    parent = root.add_child(instance=KnowledgeIndexPage(title="Pengetahuan", locale=root.locale))
    body = "".join(f'<p><a href="{address}">x</a></p>' for address in ADDRESSES)
    page = parent.add_child(instance=ArticlePage(title="Tautan", date="2026-11-24", body=[("text", body)], locale=parent.locale))
    client.force_login(UserFactory(admin=True))

    links.troubles(page)
    assert client.get(page.url).status_code == 200
    assert client.get(reverse("feed")).status_code == 200
    for address in ADDRESSES:
        fetcher = AssetFetcher()
        with pytest.raises(ValueError):  # noqa: PT011 -- which of its reasons does not matter here
            fetcher.fetch(address)
        shown = client.post(reverse("wagtailembeds:chooser_upload"), {"embed-chooser-url": address})
        assert shown.json()["step"] == "chooser", "Wagtail's dialog finds nothing to embed"
    drawing = uploads.package(**{"word/_rels/document.xml.rels": uploads.relationship("hyperlink", ADDRESSES[0])})
    make_safe(SimpleUploadedFile("a.docx", drawing))


class Redirecting(LocalServer):
    """Answers every request with a redirect to itself; counts them."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def handler(self):
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                server.asked.append(self.path)
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(302)
                self.send_header("Location", f"{server.url}private")
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST  # noqa: N815 -- a name of the standard library

            def log_message(self, *args):
                """Say nothing."""

        return Handler


def test_redirects_of_configured_services_are_not_followed():
    with Redirecting() as server:
        signer = BsreSigner(Account(url=server.url, user="situs", password="rahasia", identity="1234"))
        with pytest.raises(SigningStopped):
            signer.request_code()
        with pytest.raises(TimestampRequestError):
            TimeStamper(server.url)._ask(SimpleNamespace(dump=bytes))
    assert not [path for path in server.asked if path.endswith("private")]
    assert len(server.asked) == 2


@pytest.mark.django_db
def test_silent_services_are_given_up(settings, monkeypatch):
    """They accept the connection and say nothing. Nobody waits for ever, and a mail is tried again later."""
    outbox.queue(VisitFactory(submitted=True), MessageKind.RECEIPT)
    message = OutboundMessage.objects.get()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 0.1
        settings.VIRUS_SCANNER = f"tcp://127.0.0.1:{port}"
        monkeypatch.setattr(virus_scanner, "TIMEOUT", 0.1)
        account = Account(url=f"http://127.0.0.1:{port}", user="situs", password="rahasia", identity="1234", timeout=0.1)

        assert not sending.send(message.pk)
        with pytest.raises(SigningStopped):
            BsreSigner(account).request_code()
        with pytest.raises(TimestampRequestError):
            TimeStamper(account.url, timeout=0.1)._ask(SimpleNamespace(dump=bytes))
        with pytest.raises(ValidationError):
            make_safe(SimpleUploadedFile("a.txt", b"teks"))

    message.refresh_from_db()
    assert (message.status, message.tries) == (MessageStatus.QUEUED, 1)
    assert message.next_try_at > timezone.now()
