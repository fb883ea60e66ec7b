"""Rows that a person without an account opens by a secret link."""

from django.db import models


class SecretLink(models.Model):
    """The nonce from which domain.tokens makes the link, and the hash by which the link finds the row."""

    token_nonce = models.CharField(max_length=40, editable=False, blank=True)
    token_hash = models.CharField(max_length=64, editable=False, unique=True, null=True)

    class Meta:
        abstract = True
