"""Browsers of users in the groups of a fresh install."""

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache

from tests.factories import UserFactory
from visits.permissions import create_groups


@pytest.fixture(autouse=True)
def _empty_cache():
    """Clear the cache, which holds the provinces of the last test."""
    cache.clear()


@pytest.fixture
def groups(db):
    """The groups of a fresh install by name."""
    create_groups()
    return {group.name: group for group in Group.objects.all()}


def _member(groups, client_class, name):
    user = UserFactory()
    user.groups.add(groups[name])
    client = client_class()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def officer(groups, client):
    """A browser in which a visit officer is signed in."""
    return _member(groups, type(client), "Prokopim")


@pytest.fixture
def second_officer(groups, client):
    """A browser in which another visit officer is signed in."""
    return _member(groups, type(client), "Prokopim")


@pytest.fixture
def receptionist(groups, client):
    """A browser in which a receptionist is signed in."""
    return _member(groups, type(client), "Penerima tamu")


@pytest.fixture
def auditor(groups, client):
    """A browser in which an auditor is signed in."""
    return _member(groups, type(client), "Auditor")


@pytest.fixture
def superior(groups, client):
    """A browser in which a superior, who writes dispositions, is signed in."""
    return _member(groups, type(client), "Pimpinan")
