"""Tables of the core: content changes, request counts and granted permissions."""

from django.contrib.auth.models import Group
from django.db import models


class ContentChange(models.Model):
    """A change of public content. Rows are only added; knowledge_hub/core/content_cache.py reads their count and sum.

    A row belongs to the transaction of the change, so it is rolled back with it; and since no row is
    ever updated, two editors who publish at once do not block each other.
    """

    token = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return str(self.token)


class RequestCount(models.Model):
    """Number of requests under a key within one hour. The key is a hash, never an address or a name."""

    key = models.CharField(max_length=64)
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "hour"], name="request_count_unique")]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.count}"


class PermissionGrant(models.Model):
    """A permission that a release granted to a group. It is granted once: if administrators remove it, it stays removed."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="+")
    name = models.CharField(max_length=160)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "name"], name="permission_granted_once")]

    def __str__(self) -> str:
        return self.name
