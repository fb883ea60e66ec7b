"""The real nginx with the configuration of deploy/, in front of the running site."""

import datetime as dt
import os
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings as project

from knowledge_hub.core import health, verification
from knowledge_hub.core.outside import FORGED, LARGEST_BODY, SECRET, Outside
from tests.mail import free_port

MAIN = """
daemon off; {user} pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
events {{}}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {configuration}
}}
"""


def make_certificate(folder: Path) -> None:
    """A certificate for localhost that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


@contextmanager
def nginx(folder: Path, *ports: int):
    """Run it; returns the ports of plain HTTP and HTTPS."""
    make_certificate(folder)
    plain, secure = free_port(), free_port()
    script = [project.BASE_DIR / "deploy" / "nginx.sh", "localhost", folder / "certificate.pem", folder / "key.pem", *map(str, ports)]
    written = subprocess.run(script, capture_output=True, text=True, check=True).stdout
    for text, other in {
        "listen [::]:80;": "",
        "listen [::]:443 ssl http2;": "",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl": f"listen 127.0.0.1:{secure} ssl",
        "/var/log/nginx": str(folder),
        "/srv/knowledge-hub": str(project.BASE_DIR),
    }.items():
        assert text in written
        written = written.replace(text, other)
    # Without rights of its own, it can't change its account.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, configuration=written, user=user))
    with subprocess.Popen(["nginx", "-c", folder / "nginx.conf", "-e", folder / "error.log"], stderr=subprocess.PIPE, text=True) as process:
        try:
            while not (folder / "pid").exists():
                assert process.poll() is None, process.stderr.read()
            yield plain, secure
        finally:
            process.terminate()


@pytest.mark.django_db(transaction=True)
def test_the_proxy_passes_what_the_site_needs_and_keeps_secrets(live_server, tmp_path, monkeypatch, settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1/32"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    log = tmp_path / "knowledge-hub.log"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "certificate.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))

    # One of the web servers is down.
    with nginx(tmp_path, free_port(), int(live_server.url.rsplit(":", 1)[1])) as (plain, secure):
        outside = Outside(f"https://localhost:{secure}", mail_to="", proxy_log=log)
        keys = ("TLS", "client address", "media", "private files", "large bodies", "proxy log")
        found = {check.key: health.finding(check) for check in outside.checks() if check.key in keys}
        assert {key: one.text for key, one in found.items() if not one.is_well} == {}
        assert len(found) == len(keys)

        told = outside.told(**{"X-Forwarded-For": FORGED})
        assert (told["address"], told["is_secure"]) == ("127.0.0.1", True)
        assert "text/css" in outside.get("/static/css/base.css").headers["Content-Type"]
        moved = requests.get(f"http://localhost:{plain}/kunjungan/?a=b", allow_redirects=False, timeout=5)
        assert (moved.status_code, moved.headers["Location"]) == (301, "https://localhost/kunjungan/?a=b")
        too_large = outside.session.post(outside.url, data=b"0" * LARGEST_BODY, timeout=20)
        assert too_large.status_code == 413
        assert "lebih besar dari 32 MB" in too_large.content.decode()
        outside.get(f"/cari/?q=Budi+Contoh&token={SECRET}")

    lines = log.read_text()
    assert '"path":"/verification/***/"' in lines
    assert SECRET not in lines
    assert "Budi" not in lines
    assert verification.PATH in lines
