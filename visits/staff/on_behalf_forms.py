"""What staff enter for a guest who wrote or phoned."""

import uuid

from django import forms
from django.core.validators import MaxValueValidator
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knowledge_hub.core.form_fields import ManyObjectsField
from knowledge_hub.models import SubDimension
from visits.domain import booking
from visits.domain.calendar_days import local_date
from visits.enums import OrganisationKind, SpokenLanguage
from visits.models import Programme, Visit, VisitSlot
from visits.public.uploads import check_pdf
from visits.queries import regions
from visits.queries.times import session_times
from visits.staff.forms import SessionAddressForm

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class WishForm(SessionAddressForm):
    """What the guest wants, in the address: programme, size, and then a session or a place on the waiting list.

    ``kept`` names what was typed before another session was looked for; the session of the browser holds it.
    """

    programme = forms.ModelChoiceField(Programme.objects.filter(active=True), label=gettext_lazy("Programme"))
    persons = forms.IntegerField(label=gettext_lazy("Number of people"), min_value=1, validators=[MaxValueValidator(500)])
    wait = forms.BooleanField(required=False)
    kept = forms.UUIDField(required=False)


class BehalfForm(forms.Form):
    """Everything else. ``suggestions`` holds regions that may be meant by an unclear name."""

    suggestions: list[str] = []

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
    group_size = forms.IntegerField(label=gettext_lazy("Number of people"), min_value=1, validators=[MaxValueValidator(500)])
    organisation = forms.CharField(label=gettext_lazy("Organisation"), max_length=200)
    organisation_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of organisation"), choices=[("", gettext_lazy("Choose")), *OrganisationKind.choices]
    )
    region = forms.CharField(
        label=gettext_lazy("Region"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Type a name; short forms such as “Batubara” are understood. Leave empty for guests from abroad."),
        widget=forms.TextInput(attrs={"list": "regions", "autocomplete": "off"}),
    )
    purpose = forms.CharField(label=gettext_lazy("Purpose"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    topics = ManyObjectsField(
        SubDimension.objects.select_related("dimension"),
        label=gettext_lazy("Topics"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    spoken_language = forms.ChoiceField(
        label=gettext_lazy("Language of the visit"), choices=SpokenLanguage.choices, required=False, initial=SpokenLanguage.INDONESIAN
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of our mail"), choices=Visit._meta.get_field("language").choices, initial="id"
    )
    contact_name = forms.CharField(label=gettext_lazy("Contact person"), max_length=150)
    contact_position = forms.CharField(label=gettext_lazy("Position"), max_length=150, required=False)
    contact_email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        help_text=gettext_lazy(
            "The receipt and the link to the page of the visit go here. Without an address, you tell the guest yourself."
        ),
    )
    contact_phone = forms.RegexField(
        r"^[0-9+() .-]{6,30}$",
        label=gettext_lazy("Phone"),
        required=False,
        error_messages={"invalid": gettext_lazy("Enter a phone number with digits only, for example 0812 3456 7890.")},
    )
    letter_number = forms.CharField(label=gettext_lazy("Number of the request letter"), max_length=100, required=False)
    letter_date = forms.DateField(label=gettext_lazy("Date of the letter"), required=False, widget=_DATE)
    letter_subject = forms.CharField(label=gettext_lazy("Subject of the letter"), max_length=250, required=False)
    letter_signatory = forms.CharField(label=gettext_lazy("Who signed the letter?"), max_length=200, required=False)
    letter_file = forms.FileField(
        label=gettext_lazy("The letter as a PDF"),
        required=False,
        help_text=gettext_lazy("Choose the file again if this page comes back to you."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    letter_follows = forms.BooleanField(label=gettext_lazy("The letter follows within the time that the programme gives"), required=False)
    override_reason = forms.CharField(
        label=gettext_lazy("Why the failed rules do not count this time"),
        help_text=gettext_lazy("Kept in the history; the guest does not see it."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    sections = (
        (gettext_lazy("Date"), ("slot", "from_date", "until_date", "group_size")),
        (gettext_lazy("Who comes"), ("organisation", "organisation_kind", "region", "spoken_language", "purpose")),
        (gettext_lazy("Contact person"), ("contact_name", "contact_position", "contact_email", "contact_phone", "language")),
        (
            gettext_lazy("Request letter"),
            ("letter_number", "letter_date", "letter_subject", "letter_signatory", "letter_file", "letter_follows"),
        ),
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

    def grouped(self):
        """The fields under their headings, for the template."""
        return [(heading, [self[name] for name in names if name in self.fields]) for heading, names in self.sections]

    def clean_region(self):
        """The region that the text names."""
        text = self.cleaned_data["region"].strip()
        if not text:
            return None
        found = regions.find(text)
        if len(found) == 1:
            return found[0]
        self.suggestions = [regions.label(region) for region in found[:8] or regions.similar(text)]
        raise forms.ValidationError(
            _("Several regions have this name. Choose one of them.") if found else _("No region has this name. Check the spelling.")
        )

    def clean_letter_date(self):
        """A letter is not written tomorrow."""
        date = self.cleaned_data["letter_date"]
        if date and date > local_date(timezone.now()):
            raise forms.ValidationError(_("The date of the letter lies in the future. Enter the date that is written on it."))
        return date

    def clean_letter_file(self):
        """A plain PDF."""
        upload = self.cleaned_data["letter_file"]
        if upload:
            check_pdf(upload)
        return upload

    def clean(self):
        """Somebody must be reachable, a region is left out only by guests from abroad, and a letter has number and date."""
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
            for name, message in (
                ("letter_number", _("Enter the number of the letter.")),
                ("letter_date", _("Enter the date of the letter.")),
            ):
                if name in cleaned and not cleaned[name]:
                    self.add_error(name, message)
        if cleaned.get("from_date") and cleaned.get("until_date") and cleaned["from_date"] > cleaned["until_date"]:
            self.add_error("until_date", _("The end must come after the start."))
        return cleaned

    def draft(self) -> booking.BookingDraft:
        """What was entered, as the domain takes it."""
        data = self.cleaned_data
        letter = None
        if data["letter_number"]:
            letter = booking.LetterDraft(
                number=data["letter_number"],
                date=data["letter_date"],
                subject=data["letter_subject"],
                signatory=data["letter_signatory"],
                file=data["letter_file"],
            )
        return booking.BookingDraft(
            programme=self.programme,
            slot=data.get("slot"),
            waiting_period=(data["from_date"], data["until_date"]) if "from_date" in data else None,
            region=data["region"],
            letter=letter,
            letter_follows=data.get("letter_follows", False),
            spoken_language=data["spoken_language"] or SpokenLanguage.INDONESIAN,
            details={
                name: data[name]
                for name in (
                    "organisation",
                    "organisation_kind",
                    "purpose",
                    "topics",
                    "contact_name",
                    "contact_position",
                    "contact_email",
                    "contact_phone",
                )
            },
            **{name: data[name] for name in ("group_size", "language", "submission_key")},
        )


def _slot_words(slot: VisitSlot) -> str:
    return _("%(date)s, %(times)s, %(free)d seats free") % {
        "date": date_format(local_date(slot.starts_at)),
        "times": session_times(slot),
        "free": slot.free_persons,
    }
