import pytest

from tests.factories import ProgrammeFactory, UserFactory


@pytest.fixture
def officer():
    return UserFactory(admin=True)


@pytest.fixture
def programme():
    return ProgrammeFactory(letter_required=False, max_per_day=9, max_per_week=40)
