"""Choices that several packages of the knowledge base share; imports nothing of the project."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Partner(models.TextChoices):
    """The three parties that run the smart city together."""

    PEMKO = "pemko", _("City government (Pemko)")
    POLMED = "polmed", _("Polytechnic (Polmed)")
    TELKOM = "telkom", _("Telkom")


class ServiceDirection(models.TextChoices):
    """Whom a service connects: government with government, with citizens, with business."""

    G2G = "g2g", _("Government to government (G2G)")
    G2C = "g2c", _("Government to citizens (G2C)")
    G2B = "g2b", _("Government to business (G2B)")


class DocumentAudience(models.TextChoices):
    """Who may read a collaboration document."""

    PUBLIC = "public", _("Everybody")
    PARTNERS = "partners", _("The three partners (everyone with an account)")
    STAFF = "staff", _("The city's staff only")
