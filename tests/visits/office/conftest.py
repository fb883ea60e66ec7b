"""Members of staff as in the other tests of their screens, and a process that draws previews."""

import pytest

from tests.visits.staff.conftest import auditor, groups, officer, receptionist, superior
from visits.documents.preview import WarmProcess

__all__ = ["auditor", "groups", "officer", "receptionist", "superior"]


@pytest.fixture(scope="module")
def warm_process():
    """Ends with the tests of a file."""
    process = WarmProcess()
    yield process
    process.close()


@pytest.fixture
def warm(warm_process, monkeypatch):
    """Papers are previewed by it."""
    monkeypatch.setattr("visits.staff.papers.warm", warm_process)
    monkeypatch.setattr("visits.staff.gift_register.warm", warm_process)
