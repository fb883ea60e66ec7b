"""Certificates, their templates, and the public keys of their credentials."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from knowledge_hub.papers.fields import PrintedField
from visits.enums import CertificateDesign, CertificateStatus, SealLevel
from visits.models.delegation import Delegate
from visits.models.visit import Visit, private_storage


class CertificateTemplate(models.Model):
    """A design with its texts. Certificates store a copy of the texts, so a change never affects issued ones.

    ``signature``, ``logo_1`` and ``logo_2`` name pictures that visits/documents/pictures.py stores. ``version`` increases
    with each change; certificates record it.
    """

    name = models.CharField(_("name"), max_length=100, unique=True, help_text=_("For staff; it is not printed."))
    design = models.CharField(_("design"), max_length=20, choices=CertificateDesign, default=CertificateDesign.PARTICIPANT)
    heading_id = PrintedField(_("heading (Indonesian)"), max_length=40, blank=True, help_text=_("Empty: the design's own."))
    heading_en = PrintedField(_("heading (English)"), max_length=40, blank=True)
    deed_id = PrintedField(_("what for (Indonesian)"), max_length=90, blank=True, help_text=_("For example: atas partisipasinya dalam"))
    deed_en = PrintedField(_("what for (English)"), max_length=90, blank=True)
    closing_id = PrintedField(_("closing (Indonesian)"), max_length=120, blank=True, help_text=_("On the letter of attendance only."))
    closing_en = PrintedField(_("closing (English)"), max_length=120, blank=True)
    issuer = PrintedField(_("issuer"), max_length=80, default="Pemerintah Kota Binjai")
    issuer_address = PrintedField(
        _("address of the issuer"), max_length=160, blank=True, help_text=_("In the letterhead of the letter of attendance.")
    )
    place = PrintedField(_("place of issue"), max_length=40, default="Binjai")
    signatory_name = PrintedField(
        _("signatory"), max_length=80, blank=True, help_text=_("Empty: the paper says that it is valid without a signature.")
    )
    signatory_position = PrintedField(_("position of the signatory"), max_length=80, blank=True)
    signatory_rank = PrintedField(_("rank of the signatory"), max_length=60, blank=True)
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


WITHDRAWN = (CertificateStatus.REVOKED, CertificateStatus.REPLACED)


class Certificate(models.Model):
    """A numbered certificate of a delegate's attendance, with a snapshot of everything that is printed on it.

    Certificates of speakers have no delegate. ``made_with`` names the versions of the libraries; ``credential`` is the signed,
    machine-readable version; ``stamped_at`` is the time of a time-stamp authority; ``file`` is the PDF, sealed once it is issued.
    """

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="certificates")
    delegate = models.ForeignKey(Delegate, models.PROTECT, related_name="certificates", null=True)
    template = models.ForeignKey(CertificateTemplate, models.PROTECT, related_name="certificates", null=True, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=CertificateStatus, default=CertificateStatus.PLANNED)
    number = models.CharField(_("number"), max_length=60, unique=True)
    token = models.CharField(max_length=40, unique=True, editable=False)
    snapshot = models.JSONField(editable=False)
    template_version = models.CharField(max_length=40, blank=True, editable=False)
    made_with = models.JSONField(default=dict, editable=False)
    credential = models.TextField(blank=True, editable=False)
    file = models.FileField(storage=private_storage, upload_to="certificates/", blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    seal = models.CharField(_("seal"), max_length=11, choices=SealLevel, blank=True, editable=False)
    stamped_at = models.DateTimeField(_("time stamp"), null=True, editable=False)
    failure = models.CharField(_("why it failed"), max_length=500, blank=True, editable=False)
    planned_at = models.DateTimeField(auto_now_add=True)
    issued_at = models.DateTimeField(_("issued"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    withdrawal_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)

    replaced_by = models.OneToOneField("self", models.PROTECT, related_name="replaces", null=True, editable=False)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "delegate"], condition=~Q(status__in=WITHDRAWN), name="certificate_one_active"),
            models.CheckConstraint(
                condition=~Q(status=CertificateStatus.ISSUED) | (Q(issued_at__isnull=False) & ~Q(sha256="")),
                name="certificate_issued_has_a_file",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | Q(status=CertificateStatus.REPLACED),
                name="certificate_replacement_of_a_replaced_one",
            ),
        ]

    def __str__(self):
        return self.number


class CredentialKey(models.Model):
    """A public key of credentials. Keys are kept, so that credentials stay verifiable after the secret key of the site changed."""

    name = models.CharField(max_length=64, unique=True)
    public_key = models.CharField(max_length=64)
    first_used_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("credential key")
        verbose_name_plural = _("credential keys")

    def __str__(self):
        return self.name
