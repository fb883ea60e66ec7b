"""Seals: they cover the entire file, keep PDF/A and accessibility, and disclose no secret."""

import io
import subprocess

import pikepdf
import pytest
from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from bench.documents.content import people
from tests.papers import reading
from tests.visits.bsre_server import CODE, PASSPHRASE
from tests.visits.conftest import KEY_PASSWORD
from visits.documents import signing
from visits.documents.certificate import render_certificates
from visits.documents.pdf_inspection import PdfInspection, inspect_in_subprocess
from visits.documents.signing.bsre import Account, BsreSigner
from visits.documents.signing.local import LocalSigner
from visits.enums import SealLevel

NO_SECRETS = signing.Secrets()


@pytest.fixture(scope="module")
def drawn_papers():
    """Three certificates without a seal."""
    return list(render_certificates(people(3)))


@pytest.fixture(scope="module")
def sealed_paper(local_signer, drawn_papers):
    """The first of the drawn papers with its seal."""
    [sealed] = local_signer.seal([signing.Drawn(1, drawn_papers[0], reason="N-1")], signing.Secrets())
    return sealed.pdf


def batch(papers):
    return [signing.Drawn(number, pdf, reason=f"N-{number}") for number, pdf in enumerate(papers)]


def test_poppler_and_pyhanko_validate_the_seal(sealed_paper, key_file, tmp_path):
    (tmp_path / "sealed.pdf").write_bytes(sealed_paper)
    said = subprocess.run(["pdfsig", "-nocert", tmp_path / "sealed.pdf"], capture_output=True, text=True, check=True).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said

    root = x509.Certificate.load(pem.unarmor(key_file.with_suffix(".root.pem").read_bytes())[2])
    [signature] = PdfFileReader(io.BytesIO(sealed_paper)).embedded_regular_signatures
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[root]))
    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.docmdp_ok


def test_a_seal_does_not_change_the_paper(sealed_paper, drawn_papers):
    assert sealed_paper.startswith(drawn_papers[0])
    assert reading.text_of(sealed_paper) == reading.text_of(drawn_papers[0])
    assert reading.structure_of(sealed_paper) == reading.structure_of(drawn_papers[0])
    assert len(sealed_paper) <= 110 * 1024
    with pikepdf.open(io.BytesIO(sealed_paper)) as document:
        assert document.open_metadata().pdfa_status == "3A"
        assert document.pdf_version <= "1.7"
        # pikepdf tells the header; a later version, or an extension of a later one, stands in the catalogue.
        assert str(document.Root.get("/Version", "/1.7")) <= "/1.7"
        assert list(document.Root.Extensions.keys()) == ["/ESIC"]
        assert document.Root.AcroForm.Fields[0].TU == "Segel elektronik"
        # A visible field would have to be tagged as a form.
        assert [float(side) for side in document.Root.AcroForm.Fields[0].Rect] == [0, 0, 0, 0]


def test_changed_and_appended_bytes_are_detected(sealed_paper):
    place = len(sealed_paper) // 2
    changed = sealed_paper[:place] + bytes([sealed_paper[place] ^ 1]) + sealed_paper[place + 1 :]

    assert signing.inspect(sealed_paper).is_sealed
    assert not signing.inspect(changed).intact
    appended = signing.inspect(sealed_paper + b"\n")
    assert (appended.intact, appended.whole, appended.is_sealed) == (True, False, False)


def test_an_update_after_sealing_is_detected(sealed_paper):
    with pikepdf.open(io.BytesIO(sealed_paper)) as document:
        document.Root.Lang = pikepdf.String("en")
        saved = io.BytesIO()
        document.save(saved)

    assert not signing.inspect(saved.getvalue()).is_sealed


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"%PDF-1.7\n", b"\xff\xd8\xff\xe0 picture", b"%PDF-1.7\n1 0 obj\n<<>>\ntrailer<</Root 1 0 R>>"]
)
def test_files_that_are_no_pdf_are_not_sealed(content):
    assert not signing.inspect(content).is_sealed


def test_uploaded_files_are_inspected_in_another_process(sealed_paper, drawn_papers):
    assert inspect_in_subprocess(sealed_paper) == signing.inspect(sealed_paper)
    assert signing.inspect(drawn_papers[0]) == PdfInspection(is_pdf=True)


def test_only_the_expected_sealed_paper_is_accepted(sealed_paper, drawn_papers):
    own, other, _third = drawn_papers
    signing.check_issued(sealed_paper, own, SealLevel.UNCERTIFIED)
    signing.check_issued(own, own, SealLevel.NONE)

    for issued, drawn, level in [
        (sealed_paper, other, SealLevel.UNCERTIFIED),
        (own, own, SealLevel.UNCERTIFIED),
        (own + b"\n", own, SealLevel.NONE),
        (sealed_paper + b"\n", own, SealLevel.UNCERTIFIED),
        (sealed_paper[:-500], own, SealLevel.UNCERTIFIED),
        (sealed_paper + b" " * 300_000, own, SealLevel.UNCERTIFIED),
    ]:
        with pytest.raises(signing.NotAsOrdered):
            signing.check_issued(issued, drawn, level)


def test_the_key_file_needs_its_password(key_file, tmp_path):
    with pytest.raises(signing.SigningStopped, match="password|sandi"):
        LocalSigner.open(key_file, "salah")
    with pytest.raises(signing.SigningStopped, match="make_signing_authority"):
        LocalSigner.open(tmp_path / "none.p12", KEY_PASSWORD)
    assert key_file.stat().st_mode & 0o077 == 0


def test_a_damaged_paper_does_not_stop_the_batch(local_signer, drawn_papers):
    answers = list(local_signer.seal(batch([b"%PDF- torn", drawn_papers[0]]), NO_SECRETS))

    assert [type(answer) for answer in answers] == [signing.Refused, signing.Sealed]


# BSrE


@pytest.fixture(autouse=True)
def _two_papers_per_request(monkeypatch):
    monkeypatch.setattr("visits.documents.signing.bsre.IN_ONE_REQUEST", 2)


def bsre_signer(server, **changes):
    return BsreSigner(Account(**{**server.account, **changes}))


def test_one_code_seals_exactly_one_batch(bsre, drawn_papers):
    signer = bsre_signer(bsre)
    assert signer.asks_for == ("totp",)

    answers = list(signer.seal(batch(drawn_papers), signing.Secrets(totp=CODE)))

    for answer, drawn in zip(answers, drawn_papers, strict=True):
        signing.check_issued(answer.pdf, drawn, signer.level)
    assert bsre.allowed == 3
    assert [path for path, _body in bsre.requests] == ["/api/v2/seal/get/totp", "/api/v2/seal/pdf", "/api/v2/seal/pdf"]
    assert [len(body["file"]) for _path, body in bsre.requests[1:]] == [2, 1]


def test_an_official_signs_with_a_passphrase(bsre, drawn_papers):
    signer = bsre_signer(bsre, mode="sign", identity="pejabat@contoh.invalid")
    assert signer.asks_for == ("passphrase",)

    [answer] = signer.seal(batch(drawn_papers[:1]), signing.Secrets(passphrase=PASSPHRASE))

    signing.check_issued(answer.pdf, drawn_papers[0], signer.level)
    assert [path for path, _body in bsre.requests] == ["/api/v2/user/check/status", "/api/v2/sign/pdf"]
    for _path, body in bsre.requests:
        assert body["email"] == "pejabat@contoh.invalid"
        assert "nik" not in body


@pytest.mark.parametrize(
    ("mode", "secrets"),
    [("seal", signing.Secrets(totp="999999")), ("sign", signing.Secrets(passphrase="salah-sekali")), ("seal", NO_SECRETS)],
)
def test_a_wrong_secret_is_not_disclosed(bsre, drawn_papers, mode, secrets, caplog):
    with caplog.at_level("DEBUG"), pytest.raises(signing.SigningStopped) as stopped:
        list(bsre_signer(bsre, mode=mode).seal(batch(drawn_papers), secrets))

    for typed in ("999999", "salah-sekali", "sandi-layanan"):
        assert typed not in str(stopped.value)
        assert typed not in caplog.text
        assert typed not in repr(secrets)


@pytest.mark.parametrize(
    "trouble", ["failure", "torn answer", "cut off", "silence", "one less", "no files", "elsewhere", "a list", "a web page", "too much"]
)
def test_a_failing_signing_service_stops_the_batch(bsre, drawn_papers, trouble, monkeypatch):
    bsre.trouble = trouble
    timeout = 0.2 if trouble == "silence" else 30
    if trouble == "too much":
        monkeypatch.setattr("visits.documents.signing.bsre.LARGEST_ANSWER", 1000)

    with pytest.raises(signing.SigningStopped, match="BSrE"):
        list(bsre_signer(bsre, mode="sign", timeout=timeout).seal(batch(drawn_papers[:1]), signing.Secrets(passphrase=PASSPHRASE)))


def test_papers_sealed_before_a_failure_are_kept(bsre, drawn_papers):
    bsre.trouble = "failure later"
    answers = bsre_signer(bsre).seal(batch(drawn_papers), signing.Secrets(totp=CODE))

    assert [next(answers).key, next(answers).key] == [0, 1]
    with pytest.raises(signing.SigningStopped):
        next(answers)


def test_configuration_errors_name_the_setting(bsre, drawn_papers):
    with pytest.raises(signing.SigningStopped, match="BSRE_URL"):
        list(bsre_signer(bsre, url="http://127.0.0.1:9/").seal(batch(drawn_papers), signing.Secrets(totp=CODE)))
    with pytest.raises(signing.SigningStopped, match="BSRE_USER"):
        list(bsre_signer(bsre, password="lain").seal(batch(drawn_papers), signing.Secrets(totp=CODE)))
    with pytest.raises(signing.SigningStopped, match="https"):
        bsre_signer(bsre, url="http://esign.contoh.invalid")
    with pytest.raises(signing.SigningStopped, match="BSRE_IDENTITY"):
        bsre_signer(bsre, identity="")


def test_an_unreadable_file_is_refused_alone(bsre, drawn_papers):
    for trouble in ("not base64", "null file"):
        bsre.trouble = trouble

        answers = list(bsre_signer(bsre).seal(batch(drawn_papers), signing.Secrets(totp=CODE)))

        assert [type(answer) for answer in answers] == [signing.Refused, signing.Sealed, signing.Refused]


def test_an_expired_certificate_is_reported_before_signing(bsre, drawn_papers):
    bsre.trouble = "expired certificate"

    with pytest.raises(signing.SigningStopped, match="EXPIRED"):
        list(bsre_signer(bsre, mode="sign").seal(batch(drawn_papers), signing.Secrets(passphrase=PASSPHRASE)))

    assert [path for path, _body in bsre.requests] == ["/api/v2/user/check/status"]
    assert PASSPHRASE not in str(bsre.requests)


def test_requesting_a_code_sends_no_secret(bsre):
    bsre_signer(bsre).request_code()

    assert bsre.requests == [("/api/v2/seal/get/activation", {"idSubscriber": bsre.account["identity"]})]
