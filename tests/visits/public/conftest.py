"""A fixed date, a free session and a guest for the tests of public pages."""

import pytest
import time_machine

from tests.factories import RegionFactory, SlotFactory
from tests.visits.public.pages import Guest


@pytest.fixture(autouse=True)
def _today():
    """Set the time to Tuesday, 24 November 2026, 10:00 in Binjai."""
    with time_machine.travel("2026-11-24T03:00:00Z", tick=True):
        yield


@pytest.fixture
def slot(db):
    """A free session, five weeks ahead: Tuesday, 29 December 2026."""
    return SlotFactory()


@pytest.fixture
def guest(client, slot):
    """A guest who fills in the booking form."""
    return Guest(client, slot, RegionFactory(name="Kabupaten Contoh Raya", aliases="Contohraya"))
