"""What a delegate takes home."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from visits.enums import CertificateStatus, SealLevel
from visits.models.certificate_template import CertificateTemplate
from visits.models.delegation import Delegate
from visits.models.visit import Visit, private_storage

WITHDRAWN = (CertificateStatus.REVOKED, CertificateStatus.SUPERSEDED)


class Certificate(models.Model):
    """A numbered certificate of one delegate's attendance, with a snapshot of all that it says.

    A speaker who is on no list has one without a delegate. ``made_with`` names the libraries that drew it; ``credential`` is
    its machine-readable twin, signed; ``stamped_at`` is when a time-stamp authority
    saw the seal; ``file`` is the drawn paper until the seal is on it, then the sealed one.
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
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    revoke_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)

    superseded_by = models.OneToOneField("self", models.PROTECT, related_name="supersedes", null=True, editable=False)

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
                condition=Q(superseded_by__isnull=True) | Q(status=CertificateStatus.SUPERSEDED),
                name="certificate_successor_of_a_replaced_one",
            ),
        ]

    def __str__(self):
        return self.number


class CredentialKey(models.Model):
    """A public key that ever signed credentials, kept so that they stay verifiable when the site's secret changes."""

    name = models.CharField(max_length=64, unique=True)
    public_key = models.CharField(max_length=64)
    first_used_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("credential key")
        verbose_name_plural = _("credential keys")

    def __str__(self):
        return self.name
