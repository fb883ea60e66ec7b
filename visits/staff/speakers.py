"""Speakers of a visit: the invitation to an item, its buttons, and the ledger of hours and audiences."""

import django_filters
from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView

from visits.domain import speakers
from visits.models import Resource, SpeakerInvitation
from visits.permissions import DECIDE
from visits.queries import speakers as read
from visits.queries.agenda import item_choices
from visits.staff.tables import ReadOnlyViewSet, SafeExportMixin
from visits.staff.views import ButtonMixin, VisitFormView


class InviteForm(forms.Form):
    """The person, the address, and words of staff."""

    speaker = forms.ModelChoiceField(Resource.objects.filter(kind__is_person=True), label=gettext_lazy("Speaker"))
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), required=False, help_text=gettext_lazy("Leave empty for the address in the list of rooms and people.")
    )
    message = forms.CharField(label=gettext_lazy("Message"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args, choices: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["speaker"].choices = [("", "—"), *choices]


class InviteView(VisitFormView):
    """Invite a person to speak at an item of the agenda."""

    permission_required = DECIDE
    form_class = InviteForm
    page_title = gettext_lazy("Invite a speaker")
    explanation = gettext_lazy(
        "The person gets a mail with a link, and needs no account: to accept, to decline, to name somebody else, and to upload slides."
    )
    button = gettext_lazy("Send the invitation")
    success_message = gettext_lazy("The invitation is on its way.")
    back_label = gettext_lazy("Back to the item")

    def setup(self, request, *args, **kwargs):
        """Read the item of the visit."""
        super().setup(request, *args, **kwargs)
        self.item = get_object_or_404(self.object.agenda_items.select_related("speaker"), pk=kwargs["item_pk"])
        self.item.visit = self.object

    @property
    def back_url(self) -> str:
        return reverse("visits_staff:agenda_item", args=[self.object.pk, self.item.pk])

    def get_form_kwargs(self):
        choices = item_choices(self.object, self.item)
        chosen = self.item.speaker_id or choices.own_speaker_key
        return {**super().get_form_kwargs(), "choices": choices.speakers, "initial": {"speaker": chosen}}

    def get_page_subtitle(self):
        return self.item.name

    def perform(self, form):
        data = form.cleaned_data
        speakers.invite(self.item, data["speaker"], email=data["email"], message=data["message"], by=self.request.user)


class FromForm(forms.Form):
    """A press of a button: on which page."""

    on_desk = forms.BooleanField(required=False)


class _InvitationButtonView(ButtonMixin, VisitFormView):
    """A button of an invitation, on the page of its item or on the desk."""

    permission_required = DECIDE
    form_class = FromForm

    def setup(self, request, *args, **kwargs):
        """Read the invitation of the visit."""
        super().setup(request, *args, **kwargs)
        rows = SpeakerInvitation.objects.select_related("item__visit", "speaker").filter(item__visit=self.object)
        self.invitation = get_object_or_404(rows, pk=kwargs["invitation_pk"])

    @property
    def back_url(self) -> str:
        if "on_desk" in self.request.POST:
            return f"{self.desk_url}#speakers"
        return reverse("visits_staff:agenda_item", args=[self.object.pk, self.invitation.item_id]) + "#speaker"


class RemindView(_InvitationButtonView):
    """Send the link again."""

    success_message = gettext_lazy("The reminder is on its way.")

    def perform(self, form):
        speakers.remind(self.invitation, by=self.request.user)


class WithdrawView(_InvitationButtonView):
    """Take the invitation back."""

    success_message = gettext_lazy("The invitation is withdrawn; the person is told by mail.")

    def perform(self, form):
        speakers.withdraw(self.invitation, by=self.request.user)


class AllowUploadView(_InvitationButtonView):
    """Let the speaker replace the slides."""

    success_message = gettext_lazy("The speaker can upload other slides by the same link.")

    def perform(self, form):
        speakers.allow_upload(self.invitation, by=self.request.user)


def _hours(person: Resource) -> str:
    return formats.number_format(person.minutes / 60, decimal_pos=2)


LEDGER_COLUMNS = {
    "name": (gettext_lazy("Speaker"), lambda person: person.name),
    "partner": (gettext_lazy("Provided by"), lambda person: person.partner),
    "visits": (gettext_lazy("Visits"), lambda person: person.visits),
    "talks": (pgettext_lazy("of a speaker", "Talks"), lambda person: person.talks),
    "hours": (gettext_lazy("Hours"), lambda person: round(person.minutes / 60, 2)),
    "audience": (gettext_lazy("Audience"), lambda person: person.audience),
}


class LedgerFilterSet(WagtailFilterSet):
    """The year of the visits."""

    year = django_filters.ChoiceFilter(label=gettext_lazy("Year"), method="of_year")

    class Meta:
        model = Resource
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["year"].extra["choices"] = [(year, str(year)) for year in read.years()]

    def of_year(self, queryset, name, value):
        """Count only the visits of that year."""
        return read.ledger(int(value))


class LedgerIndexView(SafeExportMixin, IndexView):
    """Everybody who spoke, with hours and audience."""

    export_columns = LEDGER_COLUMNS
    list_export = list(LEDGER_COLUMNS)
    page_title = gettext_lazy("Ledger of speakers")
    verbose_name_plural = gettext_lazy("speakers of completed visits")
    columns = [
        Column("name", label=gettext_lazy("Speaker"), accessor="name", sort_key="name"),
        Column("partner", label=gettext_lazy("Provided by"), accessor="partner", sort_key="partner"),
        Column("visits", label=gettext_lazy("Visits"), accessor="visits", sort_key="visits"),
        Column("talks", label=pgettext_lazy("of a speaker", "Talks"), accessor="talks", sort_key="talks"),
        Column("hours", label=gettext_lazy("Hours"), accessor=_hours, sort_key="minutes"),
        Column("audience", label=gettext_lazy("Audience"), accessor="audience", sort_key="audience"),
    ]

    def get_base_queryset(self):
        return read.ledger()


class LedgerViewSet(ReadOnlyViewSet):
    """The ledger of hours and audiences of speakers, from the agendas and the attendance of completed visits."""

    model = Resource
    name = "visits_ledger"
    url_prefix = "visits/speaker-ledger"
    icon = "group"
    menu_label = gettext_lazy("Ledger of speakers")
    index_view_class = LedgerIndexView
    filterset_class = LedgerFilterSet
    list_export = LedgerIndexView.list_export
    export_filename = "narasumber"
    list_per_page = 50
    search_fields = None
