"""Reports of the knowledge base in Wagtail's reports menu, with export as CSV and XLSX."""

from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import permission_denied
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.views.reports import ReportView

from knowledge_hub.content_health import worklists
from knowledge_hub.exports.open_data import formula_safe
from knowledge_hub.staff.groups import REPORTS


def _edit(page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def _language(page) -> str:
    return page.locale.get_display_name()


TITLE = TitleColumn("title", label=_("title"), get_url=_edit, sort_key="title")
LANGUAGE = Column("language", label=_("language"), accessor=_language)
HEADINGS = {
    "title": _("title"),
    "locale.language_code": _("language"),
    "owner_unit": _("owner"),
    "get_status_display": _("status"),
    "last_verified_at": _("last verified"),
    "full_url": _("address"),
    "number": _("number"),
    "valid_until": _("valid until"),
    "query_string": _("search"),
    "times": _("times"),
    "last_day": _("last searched"),
    "in_vain": _("nothing found"),
    "hits": _("times"),
    "last_searched_at": _("last searched"),
    "page.title": _("page"),
    "page.locale.language_code": _("language"),
    "address": _("leads to"),
    "get_reason_display": _("reason"),
    "found_at": _("found"),
    "has_draft": _("translation begun"),
    "last_published_at": _("published"),
    "helpful": _("helpful"),
    "not_helpful": _("not helpful"),
    "share": _("helpful, percent"),
}
"""Headings of exported columns, by attribute of a row."""


class CareReport(ReportView):
    """Base of the reports, for users who may read reports. Exported texts never become spreadsheet formulas."""

    slug = ""
    icon_name = "clipboard-list"
    default_ordering = None
    export_headings = HEADINGS
    custom_value_preprocess = {
        **ReportView.custom_value_preprocess,
        str: {ReportView.FORMAT_CSV: formula_safe, ReportView.FORMAT_XLSX: formula_safe},
    }

    def dispatch(self, request, *args, **kwargs):
        """Whether the user may read reports."""
        if not request.user.has_perm(REPORTS):
            return permission_denied(request)
        return super().dispatch(request, *args, **kwargs)

    @property
    def header_icon(self):
        """The icon of report and menu item."""
        return self.icon_name

    @property
    def index_url_name(self):
        """URL name of the report."""
        return f"knowledge_reports:{self.slug}"

    @property
    def index_results_url_name(self):
        """URL name of its table alone."""
        return f"knowledge_reports:{self.slug}_results"

    def get_filename(self):
        """Name of the exported file."""
        return self.slug


class UnverifiedReport(CareReport):
    """Cases not verified for twelve months."""

    slug = "unverified"
    page_title = _("Cases to verify")
    icon_name = "history"
    columns = [
        TITLE,
        LANGUAGE,
        Column("owner_unit", label=_("owner"), sort_key="owner_unit"),
        Column("status", label=_("status"), accessor="get_status_display", sort_key="status"),
        DateColumn("last_verified_at", label=_("last verified"), sort_key="last_verified_at"),
    ]
    list_export = ["title", "locale.language_code", "owner_unit", "get_status_display", "last_verified_at", "full_url"]

    def get_base_queryset(self):
        """Published cases to verify, oldest verification first."""
        return worklists.unverified_cases()


class EndingReport(CareReport):
    """Agreements that are about to end."""

    slug = "ending"
    page_title = _("Agreements about to end")
    icon_name = "time"
    columns = [
        TITLE,
        LANGUAGE,
        Column("number", label=_("number"), sort_key="number"),
        Column("owner_unit", label=_("owner"), sort_key="owner_unit"),
        DateColumn("valid_until", label=_("valid until"), sort_key="valid_until"),
    ]
    list_export = ["title", "locale.language_code", "number", "owner_unit", "valid_until", "full_url"]

    def get_base_queryset(self):
        """Agreements within their reminder period that the user may see."""
        return worklists.ending_agreements(self.request.user)


class RecentSearchReport(CareReport):
    """Searches of the last thirty days."""

    slug = "recent-searches"
    page_title = _("Searches of the last 30 days")
    icon_name = "search"
    is_searchable = True
    search_fields = ["query_string"]
    columns = [
        Column("query_string", label=_("search"), sort_key="query_string"),
        NumberColumn("times", label=_("times"), sort_key="times"),
        # DateColumn would show a date as the number of hours since its start.
        Column("last_day", label=_("last searched"), accessor=lambda query: date_format(query.last_day), sort_key="last_day"),
        Column("in_vain", label=_("result"), accessor=lambda query: _("nothing found") if query.in_vain else _("found")),
    ]
    list_export = ["query_string", "times", "last_day", "in_vain"]

    def get_base_queryset(self):
        """Searches of the last thirty days, most frequent first."""
        return worklists.recent_searches()


class FailedSearchReport(CareReport):
    """Searches that found nothing when they were last made."""

    slug = "searches"
    page_title = _("Searches without results")
    icon_name = "search"
    is_searchable = True
    search_fields = ["query_string"]
    columns = [
        Column("query_string", label=_("search"), sort_key="query_string"),
        NumberColumn("hits", label=_("times"), sort_key="hits"),
        DateColumn("last_searched_at", label=_("last searched"), sort_key="last_searched_at"),
    ]
    list_export = ["query_string", "hits", "last_searched_at"]

    def get_base_queryset(self):
        """Searches without results, most frequent first."""
        return worklists.failed_searches()


class BrokenLinkReport(CareReport):
    """Links that were broken at the last check."""

    slug = "links"
    page_title = _("Broken links")
    icon_name = "link"
    columns = [
        TitleColumn("page", label=_("page"), get_url=lambda link: _edit(link.page)),
        Column("language", label=_("language"), accessor=lambda link: _language(link.page)),
        Column("address", label=_("leads to"), sort_key="address"),
        Column("reason", label=_("reason"), accessor="get_reason_display", sort_key="reason"),
        DateColumn("found_at", label=_("found"), sort_key="found_at"),
    ]
    list_export = ["page.title", "page.locale.language_code", "address", "get_reason_display", "found_at"]

    def get_base_queryset(self):
        """Broken links, oldest first."""
        return worklists.broken_links()


class UntranslatedReport(CareReport):
    """Pages without a translation."""

    slug = "translations"
    page_title = _("Missing translations")
    icon_name = "globe"
    columns = [
        TITLE,
        LANGUAGE,
        Column("kind", label=_("kind"), accessor=lambda page: page.specific_class.get_verbose_name()),
        Column("draft", label=_("translation"), accessor=lambda page: _("begun as a draft") if page.has_draft else _("not begun")),
        DateColumn("last_published_at", label=_("published"), sort_key="last_published_at"),
    ]
    list_export = ["title", "locale.language_code", "has_draft", "last_published_at", "full_url"]

    def get_base_queryset(self):
        """Pages without a published translation that the user may see."""
        return worklists.untranslated_pages(self.request.user)


class RatedReport(CareReport):
    """Pages by helpfulness, as rated by readers."""

    slug = "helpful"
    page_title = _("Most and least helpful pages")
    icon_name = "pick"
    columns = [
        TITLE,
        LANGUAGE,
        NumberColumn("helpful", label=_("helpful"), sort_key="helpful"),
        NumberColumn("not_helpful", label=_("not helpful"), sort_key="not_helpful"),
        NumberColumn("share", label=_("helpful, percent"), sort_key="share"),
    ]
    list_export = ["title", "locale.language_code", "helpful", "not_helpful", "share"]

    def get_base_queryset(self):
        """Pages with ratings, least helpful first."""
        return worklists.rated_pages()


ALL = (UnverifiedReport, EndingReport, RecentSearchReport, FailedSearchReport, BrokenLinkReport, UntranslatedReport, RatedReport)


class ReportMenuItem(MenuItem):
    """Menu item of a report."""

    def is_shown(self, request):
        """Only for those who may read reports."""
        return request.user.has_perm(REPORTS)


def menu_items() -> list[ReportMenuItem]:
    """One menu item for each report."""
    return [
        ReportMenuItem(
            report.page_title, reverse(f"knowledge_reports:{report.slug}"), name=report.slug, icon_name=report.icon_name, order=100 + order
        )
        for order, report in enumerate(ALL)
    ]


def urlpatterns() -> list:
    """URL patterns of the reports and of their tables alone."""
    return [
        pattern
        for report in ALL
        for pattern in (
            path(f"{report.slug}/", report.as_view(), name=report.slug),
            path(f"{report.slug}/results/", report.as_view(results_only=True), name=f"{report.slug}_results"),
        )
    ]
