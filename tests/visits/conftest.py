"""What tests of visits share: an officer, a programme, and the ways to seal. Libraries are imported by those who use them."""

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
    """The signer with that key."""
    from visits.documents.signing.local import LocalSigner

    return LocalSigner.open(key_file, KEY_PASSWORD)


@pytest.fixture
def seal_locally(settings, key_file):
    """The site seals with that key."""
    settings.SIGNING = {**settings.SIGNING, "signer": "local", "pkcs12_file": str(key_file), "pkcs12_password": KEY_PASSWORD}


@pytest.fixture
def bsre(local_signer):
    """A service that speaks as BSrE's Esign Client Service does."""
    from tests.visits.bsre_server import BsreServer

    with BsreServer(local_signer) as server:
        yield server


@pytest.fixture
def seal_by_bsre(settings, bsre):
    """The site seals there."""
    settings.SIGNING = {**settings.SIGNING, "signer": "bsre", "bsre": bsre.account}
    return bsre
