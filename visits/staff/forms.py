"""Forms of the actions of staff."""

import datetime as dt
import uuid

from django import forms
from django.contrib.auth import get_user_model
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from knowledge_hub.core.input_limits import ManyObjectsField
from visits.domain import assignment
from visits.domain.attendance import Entry
from visits.domain.place import FIELDS as PLACE_FIELDS
from visits.domain.place import WAY
from visits.enums import AttendanceKind, AttendanceSource, ReasonCode
from visits.models import AttendanceEvent, Resource
from visits.queries.resources import KindChoice

REASONS_TO_DECLINE = [
    ReasonCode.DATE_NOT_POSSIBLE,
    ReasonCode.LETTER_INCOMPLETE,
    ReasonCode.TOPIC_NOT_OURS,
    ReasonCode.GROUP_SIZE,
    ReasonCode.GUEST_WISH,
    ReasonCode.OTHER,
]
REASONS_TO_ASK = [ReasonCode.LETTER_INCOMPLETE, ReasonCode.NEEDS_NEW_DATE, ReasonCode.GROUP_SIZE, ReasonCode.OTHER]


def _choices(codes: list[ReasonCode]) -> list[tuple[str, str]]:
    return [(code.value, code.label) for code in codes]


def _textarea(label, *, help_text="", required=True, rows=5, max_length=2000) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=max_length, widget=forms.Textarea(attrs={"rows": rows})
    )


class RevisionForm(forms.Form):
    """A decision about a visit, with the revision of the visit that the page showed."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def _message(label, help_text) -> forms.CharField:
    return _textarea(label, help_text=help_text, required=False, rows=4, max_length=4000)


class OverridableForm(RevisionForm):
    """A decision that may break rules. With ``needs_override`` the form asks for a reason."""

    override_reason = _textarea(
        _("Why the failed rules do not count this time"),
        help_text=_("Kept in the history; the guest does not see it."),
        rows=3,
        max_length=500,
    )

    def __init__(self, *args, needs_override=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not needs_override:
            del self.fields["override_reason"]


class PlaceForm(forms.Form):
    """Where a visit takes place and whom the guests call. It starts with what room and programme say; see typed_details().

    Whether enough is known, the domain decides.
    """

    place = forms.CharField(label=_("Place"), max_length=200, required=False, help_text=_("Room and building."))
    address = forms.CharField(label=_("Address"), max_length=250, required=False)
    directions = _textarea(
        _("Directions"), help_text=_("Entrance, floor, parking; in the language of the guest."), required=False, rows=3, max_length=600
    )
    map_url = forms.URLField(label=_("Link to a map"), max_length=500, required=False, assume_scheme="https")
    meeting_url = forms.URLField(label=_("Link to the online session"), max_length=500, required=False, assume_scheme="https")
    host_contact_name = forms.CharField(label=_("Contact of the host"), max_length=120, required=False)
    host_contact_phone = forms.CharField(
        label=_("Telephone of this contact"), max_length=30, required=False, help_text=_("Guests call it on the way and on the day.")
    )

    def __init__(self, *args, is_online: bool, **kwargs):
        super().__init__(*args, **kwargs)
        for name in WAY if is_online else ("meeting_url",):
            del self.fields[name]
        for name in PLACE_FIELDS:
            if name in self.fields:
                # The room may be another one than the page started with; only what was typed counts.
                self.fields[name].show_hidden_initial = True

    @property
    def place_fields(self) -> list[forms.BoundField]:
        """The fields of the place, for the template."""
        return [self[name] for name in PLACE_FIELDS if name in self.fields]

    @property
    def hidden_initials(self) -> list[str]:
        """What each of these fields started with, which typed_details() compares; Wagtail's tag for fields leaves it out."""
        return [field.as_hidden(only_initial=True) for field in self.place_fields]

    def typed_details(self) -> dict[str, str]:
        """The values to save: none if nothing was changed; all of the way if the place or its address was."""
        changed = {name for name in PLACE_FIELDS if name in self.changed_data}
        if changed & {"place", "address"}:
            changed.update(WAY)
        if changed & {"host_contact_name", "host_contact_phone"}:
            changed.update({"host_contact_name", "host_contact_phone"})
        return {name: self.cleaned_data.get(name, "") for name in changed}


class ScheduleForm(PlaceForm, OverridableForm):
    """Schedules a visit. ``seen`` are the requests that the page listed because they lose the session."""

    resources = ManyObjectsField(
        Resource.objects.filter(active=True),
        label=_("What the visit takes"),
        required=False,
        error_messages={"invalid_choice": _("What you chose is not in use any more. Choose again.")},
    )
    seen = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    message = _message(_("Your own words for the guest"), _("Stands in the mail and on the page of the visit. May stay empty."))
    field_order = ["revision", "seen", "resources", *PLACE_FIELDS, "message", "override_reason"]

    def __init__(self, *args, kinds: list[KindChoice], **kwargs):
        super().__init__(*args, **kwargs)
        self.kinds = kinds
        if not kinds:
            del self.fields["resources"]

    def clean_seen(self) -> set[int]:
        """Primary keys of visits."""
        return {int(key) for key in self.cleaned_data["seen"].split(",") if key.isdecimal()}

    def clean_resources(self):
        """Check that enough of each needed kind is chosen, as far as it is free."""
        chosen = list(self.cleaned_data["resources"])
        for kind in self.kinds:
            if sum(1 for resource in chosen if resource.kind_id == kind.kind.pk) < kind.must_choose:
                self.add_error(
                    "resources",
                    ngettext("Choose at least %(count)d of: %(kind)s.", "Choose at least %(count)d of: %(kind)s.", kind.must_choose)
                    % {"count": kind.must_choose, "kind": kind.kind.name},
                )
        return chosen

    def clean(self):
        cleaned = super().clean()
        cleaned.setdefault("resources", [])
        return cleaned


class ChangePlaceForm(ScheduleForm):
    """Changes place, room or contact of a scheduled visit."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["seen"]


class ProposeForm(OverridableForm):
    """Proposes another date."""

    message = _message(_("Your own words for the guest"), _("For example why the requested date is not possible. May stay empty."))
    field_order = ["revision", "message", "override_reason"]


class GrantSeatsForm(OverridableForm):
    """Accepts the larger group that the page showed."""

    group_size = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    message = _message(_("Your own words for the guest"), _("Stands in the mail and on the page of the visit. May stay empty."))
    field_order = ["revision", "group_size", "message", "override_reason"]


class EndProposalForm(RevisionForm):
    """Ends a proposed date."""

    reason = _textarea(_("Reason"), help_text=_("The guest reads this."), rows=4)


class SessionQueryForm(forms.Form):
    """Query parameters of a session and a month; others are ignored."""

    slot = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    month = forms.DateField(required=False, input_formats=["%Y-%m"])


class WriteForm(forms.Form):
    """A message to the guest."""

    text = forms.CharField(
        label=_("Write to the guest"),
        help_text=_("The guest gets this by mail and answers on the page of the visit."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write your message first.")},
    )


class DeclineForm(RevisionForm):
    """Declines a request, with a reason code for statistics and a text for the guest."""

    reason_code = forms.ChoiceField(label=_("Kind of reason"), choices=[("", "—"), *_choices(REASONS_TO_DECLINE)])
    reason = _textarea(_("Reason"), help_text=_("The guest reads this. Say what would make another request possible."))


class AskForm(RevisionForm):
    """Asks the guest to complete the request."""

    reason_code = forms.ChoiceField(label=_("What it is about"), choices=_choices(REASONS_TO_ASK))
    question = _textarea(
        _("Your question"), help_text=_("The guest reads this and answers on the status page. The clock stops until then.")
    )


class SelectedVisitsForm(forms.Form):
    """Selected visits of the list; anything but numbers is ignored."""

    id = forms.MultipleChoiceField(required=False)

    def __init__(self, data):
        super().__init__(data)
        keys = [key for key in data.getlist("id") if key.isascii() and key.isdecimal() and len(key) < 10]
        self.fields["id"].choices = [(key, key) for key in keys]
        self.data = QueryDict(mutable=True)
        self.data.setlist("id", keys)

    def clean_id(self) -> list[int]:
        """Primary keys of visits."""
        return [int(key) for key in self.cleaned_data["id"]]


class _RevisionsMixin(forms.Form):
    """A decision about several visits; ``revisions`` maps primary keys of visits to the revisions that the page showed."""

    revisions = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["revision"]

    def clean_revisions(self) -> dict[int, int]:
        """Parse the pairs; anything but numbers is ignored."""
        pairs = (pair.split(":") for pair in self.cleaned_data["revisions"].split(",") if pair.count(":") == 1)
        return {int(key): int(revision) for key, revision in pairs if key.isdecimal() and revision.isdecimal()}


class BulkAskForm(_RevisionsMixin, AskForm):
    """Asks several guests."""


class BulkDeclineForm(_RevisionsMixin, DeclineForm):
    """Declines several requests."""


class AssignForm(forms.Form):
    """The officer who looks after some visits; with nobody chosen they wait for anybody."""

    officer = forms.ModelChoiceField(get_user_model().objects.none(), label=_("Officer"), required=False, empty_label=_("Nobody"))
    revisions = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = assignment.officers()
        self.fields["officer"].label_from_instance = assignment.name_of

    def clean_revisions(self) -> dict[int, int]:
        """Ignored: an assignment is no decision."""
        return {}


class SaveFilterForm(forms.Form):
    """Keeps the filter of the list under a name."""

    name = forms.CharField(label=_("Name of the filter"), max_length=60)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)


class ReasonForm(RevisionForm):
    """A decision with a reason for the guest."""

    reason = _textarea(_("Reason"), help_text=_("The guest reads this."))


class CloseForm(RevisionForm):
    """Closes a visit. With ``is_incomplete`` the form asks why it is closed although something is missing."""

    reason = _textarea(
        _("Why the visit is closed although something is missing"),
        help_text=_("Kept in the history; the guest does not see it."),
        rows=3,
        max_length=500,
    )
    message = _message(_("Your own words for the guest"), _("Stands in the mail and on the page of the visit. May stay empty."))

    def __init__(self, *args, is_incomplete: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_incomplete:
            del self.fields["reason"]


class NoShowForm(RevisionForm):
    """Closes a visit to which nobody came."""

    reason = _textarea(_("What is known"), help_text=_("For example: no answer by telephone at 10.00. Kept with the visit."), rows=3)


_LARGEST_KEY = 2**63 - 1


class CheckInForm(forms.Form):
    """One button at the reception desk. The nonce makes a double click harmless; the domain looks for the delegate."""

    kind = forms.TypedChoiceField(
        choices=[(kind.value, kind.label) for kind in (AttendanceKind.CHECKED_IN, AttendanceKind.ABSENT, AttendanceKind.ANNULLED)],
        coerce=AttendanceKind,
    )
    delegate = forms.IntegerField(min_value=1, max_value=_LARGEST_KEY)
    nonce = forms.UUIDField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Nobody typed anything here, so one sentence explains every error.
        for field in self.fields.values():
            field.error_messages = dict.fromkeys(field.error_messages, _("That did not arrive completely. Please press the button again."))


_no_suggestions = forms.TextInput(attrs={"autocomplete": "off"})


class WalkInForm(forms.Form):
    """Adds a person who came unannounced."""

    name = forms.CharField(label=_("Full name with titles"), max_length=120, widget=_no_suggestions)
    position = forms.CharField(label=_("Position"), max_length=150, required=False, widget=_no_suggestions)
    unit = forms.CharField(label=_("Unit or organisation"), max_length=200, required=False, widget=_no_suggestions)
    nonce = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class MillisecondsField(forms.IntegerField):
    """A moment as JavaScript counts it, between the years 1970 and 2100."""

    def __init__(self, **kwargs):
        super().__init__(min_value=0, max_value=4_102_444_800_000, **kwargs)

    def clean(self, value):
        """An aware datetime, or None."""
        number = super().clean(value)
        return None if number is None else dt.datetime.fromtimestamp(number / 1000, dt.UTC)


class PhoneStateForm(forms.Form):
    """Query parameter: the digest of the list that a phone at the door has."""

    known = forms.CharField(required=False, max_length=64)


class PhonePostForm(forms.Form):
    """A post of a phone at the door: its name, and the time by its clock."""

    device = forms.CharField(max_length=AttendanceEvent._meta.get_field("device").max_length)
    sent_at = MillisecondsField()


class PhoneEntryForm(WalkInForm):
    """An event that a phone recorded. ``offset`` is by how many milliseconds its clock was wrong at the last contact."""

    kind = forms.TypedChoiceField(choices=AttendanceKind.choices, coerce=AttendanceKind)
    name = forms.CharField(max_length=120, required=False)
    delegate = forms.IntegerField(required=False, min_value=1, max_value=_LARGEST_KEY)
    code = forms.CharField(required=False, max_length=300)
    device_at = MillisecondsField()
    offset = forms.IntegerField(min_value=-(10**13), max_value=10**13)
    scanned = forms.BooleanField(required=False)

    def entry(self) -> Entry:
        """The event, as the domain takes it."""
        data = dict(self.cleaned_data)
        offset, scanned = dt.timedelta(milliseconds=data.pop("offset")), data.pop("scanned")
        return Entry(**data, clock_offset=offset, source=AttendanceSource.SCAN if scanned else AttendanceSource.DESK)


class YearForm(forms.Form):
    """The year of the holidays to import."""

    year = forms.IntegerField(label=_("Year"), min_value=2010, max_value=2100)
