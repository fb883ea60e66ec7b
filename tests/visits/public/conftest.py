import pytest
import time_machine

from tests.factories import RegionFactory, SlotFactory
from tests.visits.public.pages import Guest


@pytest.fixture(autouse=True)
def _today():
    """Tuesday, 24 November 2026, ten in the morning in Binjai."""
    with time_machine.travel("2026-11-24T03:00:00Z", tick=True):
        yield


@pytest.fixture
def slot(db):
    """A free session, five weeks ahead: Tuesday, 29 December 2026."""
    return SlotFactory()


@pytest.fixture
def guest(client, slot):
    """Somebody with a browser who wants to come."""
    return Guest(client, slot, RegionFactory(name="Kabupaten Contoh Raya", aliases="Contohraya"))
