"""The register of souvenirs of all visits, as a list and as a PDF for each year."""

import django_filters
from django.contrib.humanize.templatetags.humanize import intcomma
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton

from knowledge_hub.papers import PaperRefused
from visits.documents.office.gift_register import REGISTER, register_of
from visits.documents.preview import warm
from visits.domain.file_names import file_name
from visits.models import Gift
from visits.permissions import ANY_OF_VISIT
from visits.queries import gifts
from visits.staff.files import shown_pdf
from visits.staff.tables import ReadOnlyViewSet, SafeExportMixin, YesNoColumn


def _direction(gift: Gift) -> str:
    return _("given") if gift.given_by_host else _("received")


def _day(gift: Gift) -> str:
    return date_format(gift.day, "SHORT_DATE_FORMAT") if gift.day else ""


def _value(gift: Gift) -> str:
    return f"Rp{intcomma(gift.estimated_value)}" if gift.estimated_value is not None else "–"


EXPORT_COLUMNS = {
    "date": (gettext_lazy("Date of the visit"), lambda gift: gift.day.isoformat() if gift.day else ""),
    "reference": (gettext_lazy("Reference"), lambda gift: gift.visit.reference or ""),
    "organisation": (gettext_lazy("Organisation"), lambda gift: gift.visit.organisation),
    "direction": (gettext_lazy("Direction"), _direction),
    "item": (gettext_lazy("Souvenir"), lambda gift: gift.item),
    "giver": (gettext_lazy("Given by"), lambda gift: gift.giver),
    "receiver": (gettext_lazy("Received by"), lambda gift: gift.receiver),
    "estimated_value": (gettext_lazy("Estimated value (rupiah)"), lambda gift: gift.estimated_value),
    "custody": (gettext_lazy("Where it is kept"), lambda gift: gift.custody),
    "needs_review": (gettext_lazy("To be reviewed"), lambda gift: str(_("yes") if gift.needs_review else _("no"))),
}


class GiftFilterSet(WagtailFilterSet):
    """Filters by year, direction and review."""

    year = django_filters.ChoiceFilter(label=gettext_lazy("Year"), field_name="day", lookup_expr="year")
    given_by_host = django_filters.ChoiceFilter(
        label=gettext_lazy("Direction"), choices=[("True", gettext_lazy("given by us")), ("False", gettext_lazy("received by us"))]
    )
    needs_review = django_filters.ChoiceFilter(
        label=gettext_lazy("To be reviewed"), choices=[("True", gettext_lazy("yes")), ("False", gettext_lazy("no"))]
    )

    class Meta:
        model = Gift
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.years = gifts.years()
        self.filters["year"].extra["choices"] = [(year, str(year)) for year in self.years]


class GiftIndexView(SafeExportMixin, IndexView):
    """The list of souvenirs, latest visit first."""

    any_permission_required = ANY_OF_VISIT
    export_columns = EXPORT_COLUMNS
    list_export = list(EXPORT_COLUMNS)
    page_title = gettext_lazy("Register of souvenirs")
    print_url_name = REGISTER.opened_at

    def get_base_queryset(self):
        return gifts.register().order_by("-day", "-visit_id", "pk")

    @cached_property
    def header_buttons(self):
        return [self.print_button(year) for year in self.filters.years[:1]]

    @cached_property
    def header_more_buttons(self):
        return [*super().header_more_buttons, *(self.print_button(year) for year in self.filters.years[1:])]

    def print_button(self, year: int) -> HeaderButton:
        """A button for the PDF of a year."""
        return HeaderButton(
            format_lazy("{words} {year}", words=gettext_lazy("Print the register of"), year=str(year)),
            url=reverse(self.print_url_name, args=[year]),
            icon_name="doc-full",
            attrs={"target": "_blank", "rel": "noreferrer"},
        )

    @cached_property
    def columns(self):
        """Columns of the list."""
        return [
            TitleColumn(
                "item",
                label=gettext_lazy("Souvenir"),
                accessor=lambda gift: gift.item or "–",
                get_url=lambda gift: reverse("visits_staff:gifts", args=[gift.visit_id]),
                width="26%",
            ),
            Column("day", label=gettext_lazy("Date of the visit"), accessor=_day, sort_key="day"),
            Column("visit", label=gettext_lazy("Visit"), accessor=lambda gift: gift.visit.reference or gift.visit.organisation),
            Column("giver", label=gettext_lazy("Given by"), accessor="giver"),
            Column("receiver", label=gettext_lazy("Received by"), accessor="receiver"),
            Column("value", label=gettext_lazy("Estimated value"), accessor=_value, sort_key="estimated_value"),
            YesNoColumn("needs_review", label=gettext_lazy("To be reviewed"), sort_key="needs_review"),
        ]


class PrintRegisterView(PermissionCheckedMixin, View):
    """The register of a year as PDF, drawn when it is opened."""

    model = Gift
    any_permission_required = REGISTER.opened_by

    def get(self, request, *args, year, **kwargs):
        try:
            paper, sheet = register_of(year)
            drawn = warm.draw_paper(paper, sheet)
        except PaperRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(reverse("visits_gifts:index"))
        return shown_pdf(drawn, file_name(paper.title, "pdf"))


class GiftViewSet(ReadOnlyViewSet):
    """The register of souvenirs."""

    model = Gift
    name = "visits_gifts"
    url_prefix = "visits/souvenir-register"
    icon = "pick"
    menu_label = gettext_lazy("Register of souvenirs")
    index_view_class = GiftIndexView
    filterset_class = GiftFilterSet
    search_fields = ["item", "giver", "receiver", "custody", "visit__reference", "visit__organisation"]
    list_export = GiftIndexView.list_export
    export_filename = "cenderamata"
    list_per_page = 50

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("<int:year>.pdf", self.construct_view(PrintRegisterView), name="print")]
