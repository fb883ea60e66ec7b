from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class BrokenLink(models.Model):
    """A broken link on a published page, found by the last check."""

    class Reason(models.TextChoices):
        """Why the link is broken."""

        PAGE_GONE = "page_gone", _("The page was deleted")
        PAGE_HIDDEN = "page_hidden", _("The page is not published")
        FILE_GONE = "file_gone", _("The file was deleted")
        UNKNOWN = "unknown", _("There is nothing at this address")

    page = models.ForeignKey(Page, models.CASCADE, verbose_name=_("page"), related_name="broken_links")
    address = models.CharField(_("leads to"), max_length=500)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    found_at = models.DateTimeField(_("found"))

    class Meta:
        verbose_name = _("broken link")
        verbose_name_plural = _("broken links")
        ordering = ["found_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["page", "address"], name="broken_link_unique")]
        permissions = [("read_reports", _("Can read the reports of the knowledge base"))]

    def __str__(self):
        return f"{self.page_id}: {self.address}"
