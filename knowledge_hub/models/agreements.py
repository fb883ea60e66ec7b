"""Collaboration documents of the partners."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelsearch import index
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.fields import StreamField
from wagtail.models import Orderable

from knowledge_hub.agreements import access, approval
from knowledge_hub.blocks.evidence import PartnerRoleBlock, rows
from knowledge_hub.blocks.material import AttachmentBlock, SignatoryBlock
from knowledge_hub.enums import DocumentAudience
from knowledge_hub.models.pages import StoryPage


@dataclass(frozen=True)
class Validity:
    """Whether a document is in force: code and label."""

    code: str
    label: str

    @property
    def style(self) -> str:
        """CSS class of its badge."""
        return {"valid": "badge--ok", "ending": "badge--warn", "ended": "badge--danger"}.get(self.code, "badge--muted")


class CollaborationDocumentPage(StoryPage):
    """A memorandum, cooperation agreement, decree or report of the collaboration."""

    class Kind(models.TextChoices):
        """Kinds of collaboration documents."""

        MEMORANDUM = "memorandum", _("Memorandum of understanding")
        AGREEMENT = "agreement", _("Cooperation agreement")
        DECREE = "decree", _("Decree")
        REPORT = "report", _("Implementation report")

    Audience = DocumentAudience

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    number = models.CharField(_("number"), max_length=120, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    audience = models.CharField(
        _("who may read it"),
        max_length=8,
        choices=Audience,
        default=Audience.PUBLIC,
        help_text=_("Counts when the page is published; files of its versions and annexes follow."),
    )
    remind_days = models.PositiveSmallIntegerField(
        _("remind so many days before the end"), default=90, validators=[MaxValueValidator(730)], help_text=_("0 reminds of nothing.")
    )
    remind_mailbox = models.EmailField(_("who is reminded"), blank=True, help_text=_("A shared mailbox of the owner."))
    reminded_of = models.DateField(editable=False, null=True)
    parties = StreamField(rows("party", PartnerRoleBlock()), verbose_name=_("parties and what each carries"), blank=True)
    signatories = StreamField(rows("signatory", SignatoryBlock()), verbose_name=_("signatories"), blank=True)
    annexes = StreamField(rows("attachment", AttachmentBlock()), verbose_name=_("annexes"), blank=True)

    base_form_class = approval.AgreementForm
    parent_page_types = ["knowledge_hub.KnowledgeIndexPage"]
    subpage_types = []
    content_panels = [
        *StoryPage.content_panels[:3],
        FieldRowPanel(["kind", "number"]),
        FieldRowPanel(["signed_on", "valid_from", "valid_until"]),
        FieldRowPanel(["remind_days", "remind_mailbox"]),
        FieldPanel("audience"),
        FieldPanel("parties"),
        FieldPanel("signatories"),
        InlinePanel("versions", heading=_("Versions"), label=_("version")),
        FieldPanel("annexes"),
        "body",
        "sources",
        InlinePanel("page_links", heading=_("Linked pages"), label=_("link")),
        InlinePanel("page_topics", heading=_("Topics"), label=_("topic")),
    ]
    search_fields = [*StoryPage.search_fields, index.SearchField("number"), index.SearchField("parties"), index.FilterField("kind")]

    has_pdf = True

    class Meta:
        verbose_name = _("collaboration document")
        verbose_name_plural = _("collaboration documents")
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_on__isnull=True) | Q(valid_until__isnull=True) | Q(signed_on__lte=F("valid_until")),
                name="agreement_ends_after_signing",
                violation_error_message=_("The end of validity must not lie before the signing."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_until__isnull=True) | Q(valid_from__lte=F("valid_until")),
                name="agreement_ends_after_it_begins",
                violation_error_message=_("The end of validity must not lie before its beginning."),
            ),
        ]

    @property
    def subject_date(self) -> dt.date | None:
        """The date of signing."""
        return self.signed_on

    @property
    def validity(self) -> Validity | None:
        """Whether the document is in force today; None if no dates are recorded."""
        today = timezone.localdate()
        if self.valid_until and self.valid_until < today:
            return Validity("ended", _("Ended"))
        if self.valid_from and self.valid_from > today:
            return Validity("coming", _("Not yet in force"))
        if self.valid_until and (self.valid_until - today).days <= self.remind_days:
            return Validity("ending", _("Ends soon"))
        if self.valid_until or self.valid_from:
            return Validity("valid", _("In force"))
        return None

    @property
    def wordings(self) -> list["AgreementVersion"]:
        """Its versions, newest first; one query."""
        return list(self.versions.all())[::-1]

    @transaction.atomic
    def save(self, *args, **kwargs):
        """Save the page and, if it is live, apply its audience. Raises NotApproved if a live page was not approved."""
        whole = kwargs.get("update_fields") is None
        if whole:
            approval.check(self)
        super().save(*args, **kwargs)
        if self.live and whole:
            access.apply(self)

    def save_revision(self, *args, **kwargs):
        """Save a draft, and restrict its files at once if it is not public."""
        revision = super().save_revision(*args, **kwargs)
        access.close_files(self)
        return revision

    @property
    def has_workflow(self):
        """Whether the approval workflow of the three partners exists."""
        return self.get_workflow() is not None

    def get_workflow(self):
        """The approval workflow of the three partners, whatever the page's position in the tree."""
        return approval.workflow()

    def permissions_for_user(self, user):
        """Permissions that allow publishing only by approval."""
        return approval.AgreementPermissions(user, self)


class AgreementVersion(Orderable):
    """One version of a document: its text, for reading and comparing, and its file."""

    page = ParentalKey(CollaborationDocumentPage, on_delete=models.CASCADE, related_name="versions")
    label = models.CharField(_("version"), max_length=80, help_text=_("For example: draft of March, signed, first amendment."))
    date = models.DateField(_("date"))
    text = models.TextField(
        _("text"), blank=True, help_text=_("The clauses, one paragraph a line; two versions are compared word by word.")
    )
    document = models.ForeignKey(
        settings.WAGTAILDOCS_DOCUMENT_MODEL, models.PROTECT, verbose_name=_("file"), related_name="+", null=True, blank=True
    )

    panels = [FieldRowPanel(["label", "date"]), "text", "document"]

    class Meta(Orderable.Meta):
        ordering = ["date", "sort_order", "pk"]

    def __str__(self):
        return self.label
