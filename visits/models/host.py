"""The host on its papers: letterhead, and officials who sign."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from knowledge_hub.core.encrypted import EncryptedTextField, or_encrypted
from knowledge_hub.papers.fields import PrintedField
from visits.models.delegation import mask


class HostOfficial(models.Model):
    """An official of the host and what he or she may sign. Officials who signed papers are deactivated instead of deleted."""

    name = PrintedField(_("full name with titles"), max_length=120)
    position = PrintedField(_("position"), max_length=150)
    rank = PrintedField(_("rank and grade"), max_length=60, blank=True, help_text=_("For example: Pembina Tk. I (IV/b)."))
    nip = EncryptedTextField(_("NIP"), blank=True, help_text=_("18 digits. Printed under the signature, masked everywhere else."))
    signs_letters = models.BooleanField(_("signs reply letters"), default=False)
    signs_visum = models.BooleanField(_("signs travel orders (visum)"), default=False)
    signs_records = models.BooleanField(_("signs minutes, handover records and reports"), default=False)
    active = models.BooleanField(_("in office"), default=True)
    sort_order = models.PositiveSmallIntegerField(_("order of protocol"), default=0)

    class Meta:
        verbose_name = _("official of the host")
        verbose_name_plural = _("officials of the host")
        ordering = ["sort_order", "pk"]

    def __str__(self):
        return f"{self.position}: {self.name}"

    @property
    def masked_nip(self) -> str:
        """The NIP as pages show it."""
        return mask(or_encrypted(self, "nip"))


@register_setting(icon="doc-full")
class OfficeSettings(BaseGenericSetting):
    """Letterhead and settings of the host's papers; one row for the site."""

    class PaperSize(models.TextChoices):
        """Sizes that Indonesian offices use."""

        A4 = "a4", _("A4 (210 × 297 mm)")
        F4 = "f4", _("F4 (215 × 330 mm)")

    government = PrintedField(_("government"), max_length=120, default="Pemerintah Kota Binjai")
    unit = PrintedField(_("unit"), max_length=120, default="Sekretariat Daerah")
    address = PrintedField(_("address"), max_length=200, blank=True)
    contact = PrintedField(
        _("telephone, e-mail and web address"), max_length=200, blank=True, help_text=_("One line, as the letterhead shows it.")
    )
    place = PrintedField(_("place of issue"), max_length=60, default="Binjai", help_text=_("Stands before the date of letters."))
    crest = models.ForeignKey(
        "knowledge_hub.CustomImage", models.SET_NULL, verbose_name=_("crest"), related_name="+", null=True, blank=True
    )
    paper_size = models.CharField(_("paper size"), max_length=2, choices=PaperSize, default=PaperSize.A4)
    classification = PrintedField(
        _("classification code of reply letters"), max_length=30, default="000", help_text=_("From the archive's list of codes.")
    )
    unit_code = PrintedField(_("code of the unit in letter numbers"), max_length=30, default="SETDA")
    gift_review_threshold = models.PositiveIntegerField(
        _("souvenirs are to be reviewed from this value (rupiah)"),
        default=500_000,
        help_text=_("Souvenirs of this estimated value or more are marked for the gratuity unit. Ask it which value holds today."),
    )
    pack_days = models.PositiveSmallIntegerField(
        _("guests can download their pack for this many days"), default=30, validators=[MinValueValidator(1)]
    )

    pack_megabytes = models.PositiveSmallIntegerField(
        _("materials in the pack, in megabytes"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text=_("Materials that would make the pack larger are named in its list instead."),
    )

    panels = [
        MultiFieldPanel(
            ["government", "unit", "address", "contact", FieldRowPanel(["place", "paper_size"]), "crest"], heading=_("Letterhead")
        ),
        MultiFieldPanel([FieldRowPanel(["classification", "unit_code"])], heading=_("Letter numbers")),
        FieldPanel("gift_review_threshold"),
        MultiFieldPanel([FieldRowPanel(["pack_days", "pack_megabytes"])], heading=_("Pack for the guests")),
    ]

    class Meta:
        verbose_name = _("Office papers")
