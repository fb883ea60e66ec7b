"""Public pages about visits."""

import datetime as dt

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField

from knowledge_hub.models.base import BasePage
from visits.enums import VisitStatus
from visits.models.visit import Visit
from visits.permissions import ANY_OF_VISIT


class VisitNoteIndexPage(BasePage):
    """The list of public visit notes."""

    subpage_types = ["visits.VisitNotePage"]
    template = "visits/public/visit_note_index.html"

    class Meta:
        verbose_name = _("index of visit notes")
        verbose_name_plural = _("indexes of visit notes")


class VisitNoteForm(WagtailAdminPageForm):
    """Offers visits that took place, to users who may see visits; others keep the one that the note has."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "visit" in self.fields:
            may_see = self.for_user is not None and any(self.for_user.has_perm(f"visits.{name}_visit") for name in ANY_OF_VISIT)
            offered = models.Q(status=VisitStatus.COMPLETED) if may_see else models.Q(pk__in=[])
            self.fields["visit"].queryset = Visit.objects.filter(offered | models.Q(pk=self.instance.visit_id))


class VisitNotePage(BasePage):
    """A public note about a visit: who came, when and why, without names of delegates."""

    visit = models.ForeignKey(Visit, models.PROTECT, verbose_name=_("visit"), related_name="notes", null=True, blank=True)
    body = RichTextField(_("note"), blank=True, features=["bold", "italic", "link", "ol", "ul"])
    source = models.CharField(_("source"), max_length=255, blank=True)

    parent_page_types = ["visits.VisitNoteIndexPage"]
    base_form_class = VisitNoteForm
    subpage_types = []
    template = "visits/public/visit_note.html"
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    content_panels = [*BasePage.content_panels, FieldPanel("visit"), FieldPanel("body"), FieldPanel("source")]

    class Meta:
        verbose_name = _("visit note")
        verbose_name_plural = _("visit notes")

    @property
    def subject_date(self) -> dt.date | None:
        """The day of the visit, in the site's time zone; None if it is not known."""
        if self.visit is None or self.visit.recorded_date:
            return self.visit and self.visit.recorded_date
        slot = self.visit.slot
        return timezone.localdate(slot.starts_at, timezone.get_default_timezone()) if slot else None
