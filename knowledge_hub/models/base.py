import datetime as dt

from django.conf import settings
from django.db import models
from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from knowledge_hub.models.taxonomy import topics_of


class BasePage(Page):
    """Common fields of all public pages: summary, picture, owner and last verification."""

    summary = models.TextField(_("summary"), max_length=1200, blank=True, help_text=_("At most 200 words. Shown in lists and in search."))
    listing_image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL, models.SET_NULL, verbose_name=_("picture"), related_name="+", null=True, blank=True
    )
    owner_unit = models.CharField(
        _("owner"), max_length=200, blank=True, help_text=_("The office that answers for this page, for example “Diskominfo Kota Binjai”.")
    )
    last_verified_at = models.DateField(_("last verified"), null=True, blank=True)

    search_fields = [
        *Page.search_fields,
        index.SearchField("summary", boost=2),
        index.AutocompleteField("summary"),
        index.FilterField("last_verified_at"),
        index.FilterField("subject_year"),
        index.FilterField("dimensions"),
    ]
    # Whether addresses with parameters are cached too. Their number is unlimited, so only few page types allow it.
    cacheable_with_parameters = False
    # What a page type declares about itself; tests/knowledge_hub/test_page_types.py goes over all types.
    has_pdf = False
    pdf_template = "knowledge_hub/paper/page.html"
    # Whether the home page lists the newest pages of this type automatically.
    is_news = False
    # The schema.org type of its structured data, a key of exports.structured_data.WRITERS.
    schema_type = "Article"
    content_panels = [*Page.content_panels, "summary", "listing_image"]
    promote_panels = Page.promote_panels
    # Wagtail's settings panels contain the schedule and the comments of reviewers.
    settings_panels = [
        *Page.settings_panels,
        MultiFieldPanel([FieldPanel("owner_unit"), FieldPanel("last_verified_at")], heading=_("Responsibility")),
    ]

    class Meta:
        abstract = True

    # Its catalogue entry while it is served as published (views.serving); None in a preview, which shows the values of the form.
    published = None

    def route(self, request, path_components):
        """Find the page of an address (see Wagtail's Page.route); ancestors are loaded without their texts."""
        if not path_components:
            return super().route(request, path_components)
        slug, *rest = path_components
        try:
            child = self.get_children().get(slug=slug)
        except Page.DoesNotExist as error:
            raise Http404 from error
        return (child.specific_deferred if rest else child.specific).route(request, rest)

    @property
    def subject_date(self) -> dt.date | None:
        """The date of the page's subject, which is not its publication; None if there is none."""
        return getattr(self, "date", None)

    @property
    def subject_year(self) -> int | None:
        """Year of the page's subject: start of the case or application, subject date, or else first publication."""
        year = getattr(self, "start_year", None) or getattr(self, "since_year", None)
        if year or self.subject_date:
            return year or self.subject_date.year
        return timezone.localtime(self.first_published_at).year if self.first_published_at else None

    @property
    def dimensions(self) -> list[str]:
        """Slugs of the dimensions of its topics, without duplicates."""
        return list(dict.fromkeys(topic.dimension for topic in self.topics))

    @cached_property
    def topics(self) -> list:
        """Its topics in the order of the taxonomy; no query while the page is served as published."""
        if self.published:
            return list(self.published.topics)
        return topics_of(self)
