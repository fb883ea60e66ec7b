"""Members of staff as in the other tests of their screens."""

from tests.visits.staff.conftest import auditor, groups, officer, receptionist, superior

__all__ = ["auditor", "groups", "officer", "receptionist", "superior"]
