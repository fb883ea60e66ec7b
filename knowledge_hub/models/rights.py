"""What groups were given by the product itself."""

from django.contrib.auth.models import Group
from django.db import models


class GivenRight(models.Model):
    """A right that a release gave to a group. It is given once: what administrators take away afterwards stays away."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="+")
    name = models.CharField(max_length=160)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "name"], name="right_given_once")]

    def __str__(self):
        return self.name
