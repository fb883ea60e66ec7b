"""The register of incoming and of outgoing letters of all visits: search, year, unit, spreadsheet; numbers that are no valid letter."""

import django_filters
from django import forms
from django.db.models import Exists, OuterRef
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import HeaderButton

from visits.domain import replies
from visits.domain.calendar_days import local_date
from visits.enums import OrganisationKind
from visits.models import Disposition, HostOfficial, IncomingLetter, ReplyLetter, Visit
from visits.permissions import ANY_OF_VISIT, DECIDE, REGISTER
from visits.queries import letter_register
from visits.staff.filters import ManyObjectsFilter
from visits.staff.tables import ReadOnlyViewSet, SafeExportMixin
from visits.staff.views import StaffFormView


class LabelledColumn(Column):
    """A column whose cells repeat its label on a phone, where rows are cards."""

    cell_template_name = "visits/staff/cells/labelled.html"


def _day(date) -> str:
    return date_format(date, "SHORT_DATE_FORMAT") if date else "–"


def units_of(letter: IncomingLetter) -> str:
    """The units that handle a letter, with commas between them."""
    return ", ".join(letter_register.units_of(letter))


def _visit(letter) -> str:
    return f"{letter.visit.reference or '–'} {letter.visit.organisation}"


class _YearFilterSet(WagtailFilterSet):
    """A filter by year, with those years that have letters."""

    year = django_filters.ChoiceFilter(label=gettext_lazy("Year"), field_name="year")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["year"].extra["choices"] = [(str(year), str(year)) for year in letter_register.years(self.letters())]

    def letters(self):
        """All letters of the register."""
        raise NotImplementedError


class IncomingFilterSet(_YearFilterSet):
    """Filters of incoming letters: year, unit that handles the letter, kind of the sender, whether registered."""

    unit = django_filters.ChoiceFilter(label=gettext_lazy("Unit that handles the letter"), method="filter_unit")

    sender = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Sender"),
        field_name="visit__organisation_kind",
        choices=OrganisationKind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    registered = django_filters.ChoiceFilter(
        label=gettext_lazy("Registered"),
        choices=[("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
        method="filter_registered",
    )

    class Meta:
        model = IncomingLetter
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["unit"].extra["choices"] = [(unit, unit) for unit in letter_register.units()]

    def letters(self):
        return letter_register.incoming()

    def filter_unit(self, queryset, name, value):
        """Letters that a disposition sends to a unit."""
        return queryset.filter(Exists(Disposition.objects.filter(letter=OuterRef("pk"), to_positions__icontains=value)))

    def filter_registered(self, queryset, name, value):
        """Letters with or without an agenda number."""
        return queryset.exclude(agenda_number="") if value == "yes" else queryset.filter(agenda_number="")


class OutgoingFilterSet(_YearFilterSet):
    """Filters of outgoing letters: year, unit that signed, status."""

    unit = ManyObjectsFilter(
        label=gettext_lazy("Signed by"),
        field_name="signatory",
        queryset=HostOfficial.objects.filter(signs_letters=True),
        widget=forms.CheckboxSelectMultiple,
    )
    state = django_filters.ChoiceFilter(label=gettext_lazy("Status"), choices=ReplyLetter.State.choices[1:])

    class Meta:
        model = ReplyLetter
        fields = []

    def letters(self):
        return letter_register.outgoing()


class _RegisterView(SafeExportMixin, IndexView):
    """A register of letters."""

    any_permission_required = ANY_OF_VISIT
    table_classname = "listing visit-list"

    @cached_property
    def list_export(self):
        return list(self.export_columns)


class IncomingRegisterView(_RegisterView):
    """Incoming letters, the latest first."""

    page_title = gettext_lazy("Incoming letters")
    export_columns = {
        "agenda_number": (gettext_lazy("Agenda number"), lambda letter: letter.agenda_number),
        "received_on": (gettext_lazy("Received on"), lambda letter: letter.received_on.isoformat() if letter.received_on else ""),
        "number": (gettext_lazy("Letter number"), lambda letter: letter.number),
        "date": (gettext_lazy("Letter date"), lambda letter: letter.date.isoformat()),
        "sender": (gettext_lazy("Sender"), lambda letter: letter.visit.organisation),
        "region": (gettext_lazy("Region"), lambda letter: letter.visit.region.name if letter.visit.region else ""),
        "subject": (gettext_lazy("Subject"), lambda letter: letter.subject),
        "signatory": (gettext_lazy("Signed by"), lambda letter: letter.signatory),
        "nature": (gettext_lazy("Nature"), lambda letter: letter.get_nature_display()),
        "unit": (gettext_lazy("Unit that handles the letter"), units_of),
        "visit": (gettext_lazy("Reference"), lambda letter: letter.visit.reference or ""),
    }

    def get_base_queryset(self):
        return letter_register.incoming()

    @cached_property
    def columns(self):
        """Columns of the list."""
        return [
            TitleColumn(
                "number",
                label=gettext_lazy("Letter number"),
                get_url=lambda letter: reverse("visits_staff:correspondence", args=[letter.visit_id]),
                sort_key="number",
            ),
            LabelledColumn("agenda_number", label=gettext_lazy("Agenda number"), accessor=lambda letter: letter.agenda_number or "–"),
            LabelledColumn("day", label=gettext_lazy("Received on"), accessor=lambda letter: _day(letter.received_on), sort_key="day"),
            LabelledColumn("date", label=gettext_lazy("Letter date"), accessor=lambda letter: _day(letter.date), sort_key="date"),
            LabelledColumn("subject", label=gettext_lazy("Subject"), accessor="subject"),
            LabelledColumn("unit", label=gettext_lazy("Unit that handles the letter"), accessor=lambda letter: units_of(letter) or "–"),
            LabelledColumn("visit", label=gettext_lazy("Visit"), accessor=_visit),
        ]


class OutgoingRegisterView(_RegisterView):
    """Outgoing letters, the latest first, with the numbers of the year that are no valid letter."""

    page_title = gettext_lazy("Outgoing letters")
    template_name = "visits/staff/outgoing_letters.html"
    take_number_url_name = "visits_outgoing:take_number"
    export_columns = {
        "number": (gettext_lazy("Number"), lambda letter: letter.number),
        "date": (gettext_lazy("Date"), lambda letter: letter.date.isoformat() if letter.date else ""),
        "addressee": (gettext_lazy("Addressee"), lambda letter: f"{letter.addressee}, {letter.addressee_place}"),
        "subject": (gettext_lazy("Subject"), lambda letter: letter.subject),
        "variant": (gettext_lazy("Kind of answer"), lambda letter: letter.get_variant_display()),
        "signatory": (gettext_lazy("Signed by"), lambda letter: letter.signatory.position),
        "state": (gettext_lazy("Status"), lambda letter: letter.get_state_display()),
        "void_reason": (gettext_lazy("Why it is void"), lambda letter: letter.void_reason),
        "visit": (gettext_lazy("Reference"), lambda letter: letter.visit.reference or ""),
    }

    def get_base_queryset(self):
        return letter_register.outgoing()

    @cached_property
    def header_buttons(self):
        """The button to take a number, for those who may."""
        if not (self.user_has_permission(REGISTER) or self.user_has_permission(DECIDE)):
            return []
        return [HeaderButton(gettext_lazy("Take a number by hand"), url=reverse(self.take_number_url_name), icon_name="plus")]

    def get_context_data(self, *args, **kwargs):
        """Add the explained numbers of the chosen year, or of this one."""
        chosen = self.filters.form.cleaned_data.get("year") if self.filters.form.is_valid() else ""
        year = int(chosen) if chosen else local_date(timezone.now()).year
        return super().get_context_data(*args, year=str(year), without_letter=letter_register.numbers_without_letter(year), **kwargs)

    @cached_property
    def columns(self):
        """Columns of the list."""
        return [
            TitleColumn(
                "number",
                label=gettext_lazy("Number"),
                get_url=lambda letter: reverse("visits_staff:correspondence", args=[letter.visit_id]),
                sort_key="number",
            ),
            LabelledColumn("date", label=gettext_lazy("Date"), accessor=lambda letter: _day(letter.date), sort_key="date"),
            LabelledColumn("addressee", label=gettext_lazy("Addressee"), accessor="addressee"),
            LabelledColumn("subject", label=gettext_lazy("Subject"), accessor="subject"),
            LabelledColumn("state", label=gettext_lazy("Status"), accessor="get_state_display", sort_key="state"),
            LabelledColumn("visit", label=gettext_lazy("Visit"), accessor=_visit),
        ]


class TakeNumberForm(forms.Form):
    """What a number is used for outside this site."""

    use = forms.CharField(
        label=gettext_lazy("What the number is used for"),
        max_length=replies.LONGEST_USE,
        help_text=gettext_lazy("For example addressee and subject of a letter that is written by hand. It stands in the register."),
    )


class TakeNumberView(StaffFormView):
    """Takes the next number of outgoing letters for a letter that is written outside this site."""

    model = Visit
    any_permission_required = [REGISTER, DECIDE]
    form_class = TakeNumberForm
    page_title = gettext_lazy("Take a number by hand")
    explanation = gettext_lazy("The next number of outgoing letters is yours. It cannot be given back.")
    button = gettext_lazy("Take the number")
    success_message = gettext_lazy("Your number is %(number)s.")
    index_url_name = "visits_outgoing:index"
    index_label = gettext_lazy("Outgoing letters")
    header_icon = "mail"

    def perform(self, form):
        return {"number": replies.take_number_by_hand(use=form.cleaned_data["use"], by=self.request.user)}


class IncomingViewSet(ReadOnlyViewSet):
    """The register of incoming letters."""

    model = IncomingLetter
    name = "visits_incoming"
    url_prefix = "visits/incoming-letters"
    icon = "download"
    menu_label = gettext_lazy("Incoming letters")
    index_view_class = IncomingRegisterView
    filterset_class = IncomingFilterSet
    search_fields = ["number", "agenda_number", "subject", "signatory", "visit__reference", "visit__organisation"]
    list_export = list(IncomingRegisterView.export_columns)
    export_filename = "surat-masuk"
    list_per_page = 50


class OutgoingViewSet(ReadOnlyViewSet):
    """The register of outgoing letters."""

    model = ReplyLetter
    name = "visits_outgoing"
    url_prefix = "visits/outgoing-letters"
    icon = "mail"
    menu_label = gettext_lazy("Outgoing letters")
    index_view_class = OutgoingRegisterView
    index_template_name = OutgoingRegisterView.template_name
    filterset_class = OutgoingFilterSet
    search_fields = ["number", "subject", "addressee", "visit__reference", "visit__organisation"]
    list_export = list(OutgoingRegisterView.export_columns)
    export_filename = "surat-keluar"
    list_per_page = 50

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("take-number/", self.construct_view(TakeNumberView), name="take_number")]
