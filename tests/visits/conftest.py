"""Fixtures for tests of visits: an officer, a programme, signers. The signing libraries are imported only when needed."""

import datetime as dt

import pytest

from tests.factories import ProgrammeFactory, UserFactory

KEY_PASSWORD = "kata-sandi-kunci"


@pytest.fixture
def officer():
    return UserFactory(admin=True)


@pytest.fixture
def programme():
    return ProgrammeFactory(letter_required=False, max_per_day=9, max_per_week=40)


@pytest.fixture(scope="session")
def key_file(tmp_path_factory):
    """A signing key of a fictitious authority; its password is KEY_PASSWORD."""
    from visits.documents.signing.authority import make_authority

    path = tmp_path_factory.mktemp("keys") / "seal.p12"
    make_authority(path, KEY_PASSWORD, organisation="Pemerintah Kota Contoh", now=dt.datetime.now(dt.UTC))
    return path


@pytest.fixture(scope="session")
def local_signer(key_file):
    """A local signer with the key of ``key_file``."""
    from visits.documents.signing.local import LocalSigner

    return LocalSigner.open(key_file, KEY_PASSWORD)


@pytest.fixture
def seal_locally(settings, key_file):
    """Configure the site to seal with ``key_file``."""
    settings.SIGNING = {**settings.SIGNING, "signer": "local", "pkcs12_file": str(key_file), "pkcs12_password": KEY_PASSWORD}


@pytest.fixture
def bsre(local_signer):
    """A stub of BSrE's signing service."""
    from tests.visits.bsre_server import BsreServer

    with BsreServer(local_signer) as server:
        yield server


@pytest.fixture
def seal_by_bsre(settings, bsre):
    """Configure the site to seal with the BSrE stub."""
    settings.SIGNING = {**settings.SIGNING, "signer": "bsre", "bsre": bsre.account}
    return bsre
