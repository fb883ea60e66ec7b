"""Constraints that exist on PostgreSQL only."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from tests.factories import ResourceFactory
from visits.models import Allocation

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.scale_out,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="an exclusion constraint"),
]


def test_overlapping_allocations_of_a_resource_are_refused():
    resource, now = ResourceFactory(), timezone.now()
    hour = timedelta(hours=1)
    Allocation.objects.create(resource=resource, starts_at=now, ends_at=now + hour, note="a")
    Allocation.objects.create(resource=resource, starts_at=now + hour, ends_at=now + 2 * hour, note="next to it")
    Allocation.objects.create(resource=resource, starts_at=now, ends_at=now + hour, note="not active", active=False)

    with pytest.raises(IntegrityError, match="allocation_no_overlap"):
        Allocation.objects.create(resource=resource, starts_at=now + hour / 2, ends_at=now + hour, note="overlaps")
