"""How often something was tried, for limits that hold across processes."""

from django.db import models


class Attempt(models.Model):
    """Tries under a key within one hour. The key holds a hash, never an address or a name."""

    key = models.CharField(max_length=64)
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "hour"], name="attempt_unique")]

    def __str__(self):
        return f"{self.key[:8]} {self.count}"
