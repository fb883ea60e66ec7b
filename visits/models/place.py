"""Where guests are received: the fields that a programme and a room share."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge_hub.core.language import in_active_language
from knowledge_hub.papers.fields import PrintedField


class PlaceFields(models.Model):
    """Address and way of a place. Whoever has none of its own takes those of the next larger place: see domain.place."""

    address = PrintedField(_("address"), max_length=250, blank=True)
    directions_id = models.TextField(_("directions in Indonesian"), max_length=600, blank=True, help_text=_("Entrance, floor, parking."))
    directions_en = models.TextField(_("directions in English"), max_length=600, blank=True)
    map_url = models.URLField(_("link to a map"), max_length=500, blank=True)
    wifi_note = models.CharField(
        _("note on the Wi-Fi"),
        max_length=200,
        blank=True,
        help_text=_("Shown to delegates on the day, for example name and password for guests."),
    )

    class Meta:
        abstract = True

    @property
    def directions(self) -> str:
        """Directions in the active language."""
        return in_active_language(self, "directions")
