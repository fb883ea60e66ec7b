"""`make audit` finds weak packages and secrets, and never takes silence for a pass."""

import importlib.util
import json

import pytest
from django.conf import settings

from tests.local_server import LocalServer, SilentHandler


@pytest.fixture
def audit():
    """The script, loaded as a module."""
    spec = importlib.util.spec_from_file_location("audit", settings.BASE_DIR / "requirements" / "audit.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Osv(LocalServer):
    """A database of weaknesses that knows one of Django 1.0; ``cut`` leaves out the last answer."""

    cut = False

    def handler(self):
        server = self

        class Handler(SilentHandler):
            def post(self):
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
                weak = [{"vulns": [{"id": "PYSEC-0"}]} if query["version"] == "1.0" else {} for query in asked]
                answer = json.dumps({"results": weak[: len(weak) - server.cut]}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

        return Handler


def test_weak_packages_are_named(audit, monkeypatch):
    with Osv() as server:
        monkeypatch.setattr(audit, "OSV", server.url.rstrip("/"))
        assert list(audit.weaknesses([("django", "1.0"), ("wagtail", "8.0.1")])) == ["django 1.0: PYSEC-0"]
        assert {"django", "wagtail", "pikepdf", "psycopg", "ruff"} <= {name for name, _version in audit.pins()}
        server.cut = True
        with pytest.raises(ValueError, match="1 answers to 2"):
            list(audit.weaknesses([("django", "1.0"), ("wagtail", "8.0.1")]))


def test_an_audit_without_its_database_fails(audit, monkeypatch, capsys):
    monkeypatch.setattr(audit, "OSV", "http://127.0.0.1:9")
    monkeypatch.setattr(audit, "lines_of_repository", list)
    monkeypatch.setattr("sys.argv", ["audit.py"])

    assert audit.main() == 2
    assert "packages: NOT audited" in capsys.readouterr().out


@pytest.mark.parametrize(
    "line",
    [
        "-----BEGIN " + "RSA PRIVATE KEY-----",
        "AWS = '" + "AKIA" + "IOSFODNN7ABCDEFG'",
        'SECRET_KEY = "' + 'x7Qp2Lm9Zt4Vb8Rn3Wc6Yk1Hd5"',
        "DATABASE_URL=postgres://kota:" + "S4ngatR4hs1a@db.example/kota",
    ],
)
def test_secrets_are_found_and_not_shown(audit, line):
    [sentence] = audit.secrets([("a1b2c3 berkas.py", line)])

    assert sentence.startswith("a1b2c3 berkas.py: ")
    assert line[-12:] not in sentence


def test_names_and_examples_are_no_secrets(audit):
    lines = (
        'TOKEN_SECRET_CLASS = "knowledge_hub.accounts.sign_in.ResetForm"',
        "#DATABASE_URL=postgres://user:password@127.0.0.1:5432/knowledge_hub",
        'password = form.cleaned_data["password"]',
    )
    assert list(audit.secrets(("x", line) for line in lines)) == []
