"""Time stamps: a third party confirms the time of the seal; without confirmation nothing is issued."""

import io

import pikepdf
import pytest
from asn1crypto import pem, x509
from django.urls import reverse
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from bench.documents.content import people
from tests.factories import VisitFactory
from tests.visits.conftest import KEY_PASSWORD
from tests.visits.tsa_server import NOW, TsaServer
from visits.documents import issue, signing
from visits.documents.certificate import render_certificates
from visits.documents.signing import choice
from visits.documents.signing.local import LocalSigner
from visits.domain import certificates
from visits.enums import CertificateStatus, SealLevel

NO_SECRETS = signing.Secrets()
TOKEN = "signature_time_stamp_token"


@pytest.fixture
def tsa():
    with TsaServer() as server:
        yield server


@pytest.fixture(scope="module")
def drawn_papers():
    """Two certificates without a seal."""
    return list(render_certificates(people(2)))


def sealed(key_file, tsa, papers):
    signer = LocalSigner.open(key_file, KEY_PASSWORD, tsa_url=tsa.url)
    return list(signer.seal([signing.Drawn(number, pdf) for number, pdf in enumerate(papers)], NO_SECRETS))


def test_pyhanko_validates_seal_and_time_stamp(key_file, tsa, drawn_papers):
    answers = sealed(key_file, tsa, drawn_papers)

    root = x509.Certificate.load(pem.unarmor(key_file.with_suffix(".root.pem").read_bytes())[2])
    for answer in answers:
        [signature] = PdfFileReader(io.BytesIO(answer.pdf)).embedded_regular_signatures
        trusted = ValidationContext(trust_roots=[root, tsa.certificate])
        status = validate_pdf_signature(signature, trusted, ts_validation_context=trusted)
        assert status.bottom_line
        assert status.timestamp_validity.timestamp == NOW
        assert status.timestamp_validity.trusted
        assert status.coverage.name == "ENTIRE_FILE"
        assert len(answer.pdf) <= 110 * 1024
        with pikepdf.open(io.BytesIO(answer.pdf)) as document:
            assert document.open_metadata().pdfa_status == "3A"
    # One request to learn the size of a stamp, then one for each paper.
    assert tsa.asked == 3


def test_a_stamp_of_another_seal_is_rejected(key_file, tsa, drawn_papers):
    first, second = (answer.pdf for answer in sealed(key_file, tsa, drawn_papers))

    assert signing.check_issued(first, drawn_papers[0], SealLevel.UNCERTIFIED) == NOW
    assert signing.inspect(first).stamped_at == NOW.isoformat()
    assert signing.inspect(swapped_stamp(first, second)).is_sealed is False


def swapped_stamp(into: bytes, other: bytes) -> bytes:
    """A file whose time stamp token is replaced by that of another file, padded or cut to the same size."""
    tokens = []
    for pdf in (into, other):
        [signature] = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures
        [token] = [one["values"][0] for one in signature.signer_info["unsigned_attrs"] if one["type"].native == TOKEN]
        tokens.append(token.dump().hex().upper().encode())
    changed = into.replace(tokens[0], tokens[1].ljust(len(tokens[0]), b"0")[: len(tokens[0])])
    assert changed != into
    return changed


@pytest.mark.parametrize("trouble", ["refusal", "torn answer", "a web page", "failure", "silence"])
def test_a_failing_time_stamp_authority_stops_the_batch(key_file, tsa, drawn_papers, trouble, monkeypatch):
    tsa.trouble = trouble
    monkeypatch.setattr("visits.documents.signing.local.SECONDS_FOR_A_STAMP", 0.2)

    with pytest.raises(signing.SigningStopped, match="SIGNER_TSA_URL"):
        sealed(key_file, tsa, drawn_papers)


@pytest.mark.django_db
class TestIssuing:
    @pytest.fixture
    def visit(self, settings, key_file, tsa):
        settings.SIGNING = {
            **settings.SIGNING,
            "signer": "local",
            "pkcs12_file": str(key_file),
            "pkcs12_password": KEY_PASSWORD,
            "tsa_url": tsa.url,
        }
        choice._local.cache_clear()
        visit = VisitFactory(completed=True, today=True, delegates=2, attended=True)
        certificates.plan(visit)
        yield visit
        choice._local.cache_clear()

    def test_the_verification_page_shows_the_time_stamp(self, visit, client):
        assert issue.issue_planned(visit.pk) == 2

        certificate = visit.certificates.first()
        assert certificate.stamped_at == NOW
        said = client.get(reverse("verify", args=[certificate.token])).content.decode()
        assert "Stempel waktu" in said
        assert "24 November 2026" in said
        assert "10.05" in said

    def test_a_retry_after_refused_stamps_keeps_numbers(self, visit, tsa):
        tsa.trouble = "refusal"
        numbers = list(visit.certificates.values_list("number", flat=True))
        with pytest.raises(signing.SigningStopped):
            issue.issue_planned(visit.pk)
        assert set(visit.certificates.values_list("status", flat=True)) == {CertificateStatus.PLANNED}
        assert "SIGNER_TSA_URL" in visit.certificates.first().failure

        tsa.trouble = ""
        assert issue.issue_planned(visit.pk) == 2
        assert list(visit.certificates.values_list("number", flat=True)) == numbers
        assert not visit.certificates.exclude(failure="").exists()
