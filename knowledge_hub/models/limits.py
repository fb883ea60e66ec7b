from django.db import models


class RequestCount(models.Model):
    """How often something was asked under a key within one hour. The key holds a hash, never an address or a name."""

    key = models.CharField(max_length=64)
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "hour"], name="request_count_unique")]

    def __str__(self):
        return f"{self.key[:8]} {self.count}"
