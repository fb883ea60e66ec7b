"""Keys, sealed papers and a signing service for tests."""

import datetime as dt

import pytest
from django.conf import settings as django_settings

from bench.documents.content import people
from tests.visits.documents.bsre_server import BsreServer
from visits.documents import signing
from visits.documents.certificate import render_certificates
from visits.documents.signing.authority import make_authority
from visits.documents.signing.local import LocalSigner

PASSWORD = "kata-sandi-kunci"


@pytest.fixture(scope="session")
def key_file(tmp_path_factory):
    """A signing key of a fictitious authority; its password is PASSWORD."""
    path = tmp_path_factory.mktemp("keys") / "seal.p12"
    make_authority(path, PASSWORD, organisation="Pemerintah Kota Contoh", now=dt.datetime.now(dt.UTC))
    return path


@pytest.fixture(scope="session")
def local_signer(key_file):
    """The signer with that key."""
    return LocalSigner.open(key_file, PASSWORD)


@pytest.fixture(scope="session")
def drawn_papers():
    """Three certificates without a seal."""
    return list(render_certificates(people(3)))


@pytest.fixture(scope="session")
def sealed_paper(local_signer, drawn_papers):
    """The first of them with its seal."""
    [sealed] = local_signer.seal([signing.Drawn(1, drawn_papers[0], reason="N-1")], signing.Secrets())
    return sealed.pdf


@pytest.fixture
def seal_locally(settings, key_file):
    """The site seals with that key."""
    settings.SIGNING = {**django_settings.SIGNING, "signer": "local", "pkcs12_file": str(key_file), "pkcs12_password": PASSWORD}


@pytest.fixture
def bsre(local_signer):
    """A service that speaks as BSrE's Esign Client Service does."""
    with BsreServer(local_signer) as server:
        yield server


@pytest.fixture
def seal_by_bsre(settings, bsre):
    """The site seals there."""
    settings.SIGNING = {**django_settings.SIGNING, "signer": "bsre", "bsre": bsre.account}
    return bsre
