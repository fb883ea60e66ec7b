"""A real IMAP server over TLS for tests: Dovecot, as an ordinary user in a folder of its own."""

import datetime as dt
import getpass
import grp
import imaplib
import ipaddress
import os
import pwd
import shutil
import ssl
import subprocess
import tempfile
import time
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.mail import free_port

DOVECOT = "/usr/sbin/dovecot"

CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/dovecot.log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 0
ssl = required
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
auth_failure_delay = 0
auth_mechanisms = plain login
mail_location = maildir:{home}/mail
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}
}}
namespace inbox {{
  inbox = yes
}}
"""


class ImapServer:
    """A context manager; started once for all tests of a class.

    Attributes:
        url: for the setting INBOX_URL.
        certificate: file of the authority to trust, for SSL_CERT_FILE.
    """

    user, password = "kunjungan", "rahasia-contoh"

    def __enter__(self):
        self.home = Path(tempfile.mkdtemp(prefix="imap-"))
        self.port = free_port()
        self.certificate = self.home / "cert.pem"
        self.url = f"imaps://{self.user}:{self.password}@127.0.0.1:{self.port}/INBOX?read=Dibaca"
        account = pwd.getpwnam("nobody" if os.geteuid() == 0 else getpass.getuser())
        self._write_certificate()
        names = {
            "user": account.pw_name,
            "group": grp.getgrgid(account.pw_gid).gr_name,
            "home": self.home,
            "port": self.port,
            "password": self.password,
        }
        (self.home / "dovecot.conf").write_text(CONFIGURATION.format(**names))
        if os.geteuid() == 0:
            shutil.chown(self.home, account.pw_uid, account.pw_gid)
            for path in self.home.iterdir():
                shutil.chown(path, account.pw_uid, account.pw_gid)
        as_user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        self._process = subprocess.Popen([DOVECOT, "-F", "-c", str(self.home / "dovecot.conf")], cwd=self.home, **as_user)
        self._wait()
        return self

    def __exit__(self, *error):
        self._process.terminate()
        self._process.wait(10)
        shutil.rmtree(self.home, ignore_errors=True)

    def _write_certificate(self) -> None:
        key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
        address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        builder = builder.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        certificate = builder.add_extension(address, critical=False).sign(key, hashes.SHA256())
        self.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        private = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (self.home / "key.pem").write_bytes(key.private_bytes(*private))

    def _wait(self) -> None:
        deadline = time.monotonic() + 10
        while True:
            try:
                return self.signed_in().__exit__()
            except (OSError, imaplib.IMAP4.error):
                if self._process.poll() is not None or time.monotonic() > deadline:
                    log = self.home / "dovecot.log"
                    raise RuntimeError(f"Dovecot does not start: {log.read_text() if log.exists() else ''}") from None
                time.sleep(0.05)

    def signed_in(self) -> imaplib.IMAP4_SSL:
        """A connection of the mailbox's owner."""
        server = imaplib.IMAP4_SSL("127.0.0.1", self.port, ssl_context=ssl.create_default_context(cafile=str(self.certificate)), timeout=10)
        server.login(self.user, self.password)
        return server

    def put(self, content: bytes, folder: str = "INBOX", flags: str = "") -> None:
        """Add a message."""
        with self.signed_in() as server:
            status, answer = server.append(folder, flags, None, content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
            assert status == "OK", answer

    def count(self, folder: str) -> int:
        """How many messages a folder holds; 0 if there is none."""
        with self.signed_in() as server:
            status, answer = server.select(folder, readonly=True)
            return int(answer[0]) if status == "OK" else 0

    def empty(self) -> None:
        """Delete all messages."""
        with self.signed_in() as server:
            for folder in ("INBOX", "Dibaca"):
                status, count = server.select(folder)
                if status == "OK" and count != [b"0"]:
                    server.store("1:*", "+FLAGS", r"(\Deleted)")
                    server.expunge()
