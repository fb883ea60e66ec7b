"""What staff decide about a certificate: its look, its words, who signs."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from visits.enums import CertificateDesign


class CertificateTemplate(models.Model):
    """A filled design. Certificates keep a copy of what it said, so changing it never changes an issued one.

    ``signature``, ``logo_1`` and ``logo_2`` name pictures in the store of visits/documents/pictures.py. ``version`` grows
    with each change; certificates record it.
    """

    name = models.CharField(_("name"), max_length=100, unique=True, help_text=_("For staff; it is not printed."))
    design = models.CharField(_("design"), max_length=20, choices=CertificateDesign, default=CertificateDesign.PARTICIPANT)
    heading_id = models.CharField(_("heading (Indonesian)"), max_length=40, blank=True, help_text=_("Empty: the design's own."))
    heading_en = models.CharField(_("heading (English)"), max_length=40, blank=True)
    deed_id = models.CharField(_("what for (Indonesian)"), max_length=90, blank=True, help_text=_("For example: atas partisipasinya dalam"))
    deed_en = models.CharField(_("what for (English)"), max_length=90, blank=True)
    closing_id = models.CharField(_("closing (Indonesian)"), max_length=120, blank=True, help_text=_("On the letter of attendance only."))
    closing_en = models.CharField(_("closing (English)"), max_length=120, blank=True)
    issuer = models.CharField(_("issuer"), max_length=80, default="Pemerintah Kota Binjai")
    issuer_address = models.CharField(
        _("address of the issuer"), max_length=160, blank=True, help_text=_("In the letterhead of the letter of attendance.")
    )
    place = models.CharField(_("place of issue"), max_length=40, default="Binjai")
    signatory_name = models.CharField(
        _("signatory"), max_length=80, blank=True, help_text=_("Empty: the paper says that it is valid without a signature.")
    )
    signatory_position = models.CharField(_("position of the signatory"), max_length=80, blank=True)
    signatory_rank = models.CharField(_("rank of the signatory"), max_length=60, blank=True)
    signature = models.CharField(max_length=80, blank=True, editable=False)
    logo_1 = models.CharField(max_length=80, blank=True, editable=False)
    logo_2 = models.CharField(max_length=80, blank=True, editable=False)
    is_default = models.BooleanField(_("used unless another is chosen"), default=False)
    active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("certificate template")
        verbose_name_plural = _("certificate templates")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="certificate_template_one_default")
        ]

    def __str__(self):
        return self.name
