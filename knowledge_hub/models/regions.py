from django.db import models
from django.utils.translation import gettext_lazy as _
from modelsearch import index


class Region(index.Indexed, models.Model):
    """A province, regency or city under its official code (Kepmendagri 300.2.2-2138/2025), for example 12.75 Kota Binjai."""

    class Zone(models.TextChoices):
        """Indonesia's three time zones by the names that people use."""

        WIB = "WIB", _("WIB (UTC+7)")
        WITA = "WITA", _("WITA (UTC+8)")
        WIT = "WIT", _("WIT (UTC+9)")

    code = models.CharField(_("code"), max_length=8, primary_key=True)
    parent = models.ForeignKey("self", models.PROTECT, verbose_name=_("province"), related_name="regencies", null=True, blank=True)
    name = models.CharField(_("name"), max_length=100)
    aliases = models.CharField(
        _("aliases"), max_length=200, blank=True, help_text=_("Other spellings that people search for, separated by commas.")
    )
    capital = models.CharField(_("capital"), max_length=100, blank=True)
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))
    zone = models.CharField(_("time zone"), max_length=4, choices=Zone)

    search_fields = [
        index.SearchField("name", boost=2),
        index.SearchField("aliases"),
        index.AutocompleteField("name"),
        index.AutocompleteField("aliases"),
    ]

    TZ_NAMES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["parent", "name"], name="region_name_unique_in_province")]

    def __str__(self):
        return self.name

    @property
    def tz_name(self) -> str:
        """The region's IANA time zone, for example ``Asia/Makassar``."""
        return self.TZ_NAMES[self.zone]
