"""The staff users of tests/visits/staff, and a process that draws previews."""

import pytest

from tests.visits.staff.conftest import auditor, groups, officer, receptionist, superior
from visits.documents.preview import WarmProcess

__all__ = ["auditor", "groups", "officer", "receptionist", "superior"]


@pytest.fixture(scope="module")
def warm_process():
    """A process that draws previews; one for each test module."""
    process = WarmProcess()
    yield process
    process.close()


@pytest.fixture
def warm(warm_process, monkeypatch):
    """Let the views draw previews with ``warm_process``."""
    monkeypatch.setattr("visits.staff.papers.warm", warm_process)
    monkeypatch.setattr("visits.staff.gift_register.warm", warm_process)
