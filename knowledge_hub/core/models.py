"""Rows that the core keeps for itself: content changes, request counts and granted permissions."""

from django.contrib.auth.models import Group
from django.db import models


class ContentChange(models.Model):
    """Something that readers may see was changed. Rows are only added; knowledge_hub/core/content_cache.py reads their sum.

    A row belongs to the transaction of the change itself, so it appears with it and vanishes with it; and since no row is
    ever updated, two editors who publish at once wait for nobody.
    """

    token = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self):
        return str(self.token)


class RequestCount(models.Model):
    """How often something was asked under a key within one hour. The key holds a hash, never an address or a name."""

    key = models.CharField(max_length=64)
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "hour"], name="request_count_unique")]

    def __str__(self):
        return f"{self.key[:8]} {self.count}"


class PermissionGrant(models.Model):
    """A right that a release gave to a group. It is given once: what administrators take away afterwards stays away."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="+")
    name = models.CharField(max_length=160)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "name"], name="permission_granted_once")]

    def __str__(self):
        return self.name
