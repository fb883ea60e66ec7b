"""Forms to enter a request for a guest who wrote or phoned."""

import uuid

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits.booking_form.answers import booking_draft, staff_form
from visits.booking_form.declarations import QUESTIONS
from visits.booking_form.fields import require_letter_details, suggestions_of
from visits.booking_form.question import Step, Target
from visits.domain.booking import BookingDraft
from visits.domain.calendar_days import local_date, session_times
from visits.enums import OrganisationKind
from visits.models import Programme, Visit, VisitSlot
from visits.staff.forms import SessionQueryForm

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RequestQueryForm(SessionQueryForm):
    """Query parameters: programme, size, and a session or a place on the waiting list.

    ``kept`` is the key of values in the browser's session that were typed before.
    """

    programme = forms.ModelChoiceField(Programme.objects.filter(active=True), label=gettext_lazy("Programme"))
    persons = forms.IntegerField(label=gettext_lazy("Number of people"), min_value=1, validators=[MaxValueValidator(500)])
    wait = forms.BooleanField(required=False)
    kept = forms.UUIDField(required=False)


class OnBehalfForm(staff_form()):
    """Questions that staff answer, the session or the period of the waiting list, and fields for staff only."""

    submission_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    slot = forms.ModelChoiceField(
        VisitSlot.objects.none(),
        label=gettext_lazy("Session"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose a session."), "invalid_choice": gettext_lazy("Choose a session.")},
    )
    from_date = forms.DateField(label=gettext_lazy("Waits for a place from"), widget=_DATE)
    until_date = forms.DateField(label=gettext_lazy("until"), widget=_DATE)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of our mail"), choices=Visit._meta.get_field("language").choices, initial="id"
    )
    override_reason = forms.CharField(
        label=gettext_lazy("Why the failed rules do not count this time"),
        help_text=gettext_lazy("Kept in the history; the guest does not see it."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, programme: Programme, slots: list[VisitSlot], **kwargs):
        super().__init__(*args, **kwargs)
        self.programme = programme
        unused = ("from_date", "until_date") if slots else ("slot",)
        for name in unused:
            del self.fields[name]
        if slots:
            self.fields["slot"].queryset = programme.slots.select_related("programme").all()
            self.fields["slot"].choices = [(slot.pk, _slot_words(slot)) for slot in slots]
        if not programme.letter_grace_working_days:
            del self.fields["letter_follows"]

    @property
    def suggestions(self) -> list[str]:
        """Suggestions for an unclear region."""
        return suggestions_of(self, "region")

    def grouped(self):
        """Fields with their headings for the template, which shows topics separately."""
        asked = [question for question in QUESTIONS if question.asks_staff and question.name not in ("group_size", "topics")]
        contact = [question.name for question in asked if question.step == Step.CONTACT]
        letter = [question.name for question in asked if question.step == Step.PURPOSE and question.target != Target.VISIT]
        others = [question.name for question in asked if question.name not in (*contact, *letter)]
        sections = (
            (_("Date"), ("slot", "from_date", "until_date", "group_size")),
            (_("Who comes"), others),
            (_("Contact person"), (*contact, "language")),
            (_("Request letter"), letter),
        )
        return [(heading, [self[name] for name in names if name in self.fields]) for heading, names in sections]

    def clean(self):
        """Check the contact, the region (optional for guests from abroad), the letter and the period."""
        cleaned = super().clean()
        if (
            not cleaned.get("contact_email")
            and not cleaned.get("contact_phone")
            and not self.errors.keys() & {"contact_email", "contact_phone"}
        ):
            self.add_error("contact_phone", _("Enter an e-mail address or a phone number."))
        if "region" in cleaned and not cleaned["region"] and cleaned.get("organisation_kind") != OrganisationKind.FOREIGN:
            self.add_error("region", _("Enter the region, or choose “Guest from abroad” as the kind of organisation."))
        if any(cleaned.get(name) for name in ("letter_file", "letter_number", "letter_date")):
            require_letter_details(self)
        if cleaned.get("from_date") and cleaned.get("until_date") and cleaned["from_date"] > cleaned["until_date"]:
            self.add_error("until_date", _("The end must come after the start."))
        return cleaned

    def draft(self) -> BookingDraft:
        """The booking draft for the domain."""
        data = self.cleaned_data
        return booking_draft(
            {**data, "programme": self.programme},
            slot=data.get("slot"),
            waiting_period=(data["from_date"], data["until_date"]) if "from_date" in data else None,
            language=data["language"],
            submission_key=data["submission_key"],
        )


def _slot_words(slot: VisitSlot) -> str:
    return _("%(date)s, %(times)s, %(free)d seats free") % {
        "date": date_format(local_date(slot.starts_at)),
        "times": session_times(slot),
        "free": slot.free_persons,
    }
