"""The booking form, a step a form. Labels are written for guests; every error says what to do."""

import re

from django import forms
from django.core.validators import MaxValueValidator
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from knowledge_hub.core.form_fields import ManyObjectsField
from knowledge_hub.models import CaseStudyPage, SubDimension
from visits.domain.calendar_days import local_date
from visits.enums import OrganisationKind, SpokenLanguage
from visits.models import Programme, VisitSlot
from visits.public import uploads
from visits.queries import regions
from visits.queries.times import session_times


class StartForm(forms.Form):
    """What an address may choose beforehand; anything else in it is ignored."""

    case = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    programme = forms.IntegerField(required=False, min_value=1, max_value=2**31)


class PeriodForm(forms.Form):
    """Which months and which day the date page shows; anything else in the address is ignored."""

    month = forms.DateField(required=False, input_formats=["%Y-%m"])
    date = forms.DateField(required=False, input_formats=["%Y-%m-%d"])


class SessionForm(forms.Form):
    """The chosen session."""

    slot = forms.IntegerField(
        label=_("Session"), min_value=1, max_value=2**31, error_messages={"required": _("Choose one of the free sessions.")}
    )


class AlternativesForm(forms.Form):
    """Other sessions that would suit; at most two, none is fine."""

    MOST = 2
    slots = ManyObjectsField(
        VisitSlot.objects.none(),
        label=_("Other sessions that would suit you"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("One of these sessions was just taken. Choose again.")},
    )

    def __init__(self, *args, offered=(), region=None, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["slots"]
        field.queryset = VisitSlot.objects.filter(pk__in=[slot.pk for slot in offered]).order_by("starts_at")
        field.label_from_instance = lambda slot: f"{formats.date_format(local_date(slot.starts_at))}, {session_times(slot, region)}"

    def clean_slots(self):
        """Two are enough to find a date."""
        chosen = self.cleaned_data["slots"]
        if len(chosen) > self.MOST:
            raise forms.ValidationError(gettext("Choose at most two other sessions."))
        return chosen


class WaitingForm(forms.Form):
    """The period in which a guest waits for a place."""

    wait_from = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    wait_until = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean(self):
        """The end comes after the beginning."""
        cleaned = super().clean()
        if cleaned.get("wait_from") and cleaned.get("wait_until") and cleaned["wait_from"] > cleaned["wait_until"]:
            self.add_error("wait_until", gettext("The end of the period lies before its beginning."))
        return cleaned


class SaveForm(forms.Form):
    """Where the link to go on later is sent."""

    email = forms.EmailField(
        label=_("Your e-mail"),
        help_text=_("The link goes to this address and nowhere else."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class ProgrammeField(forms.ModelChoiceField):
    """Programmes with what a guest must know to choose."""

    def label_from_instance(self, programme):
        """Name, group size and length."""
        return gettext("%(name)s: %(min)d to %(max)d people, %(minutes)d minutes") % {
            "name": programme.name,
            "min": programme.min_persons,
            "max": programme.max_persons,
            "minutes": programme.duration_minutes,
        }


class TopicsField(ManyObjectsField):
    """Topics under their dimension."""

    def label_from_instance(self, topic):
        """Dimension and topic."""
        return f"{topic.dimension.name}: {topic.name}"


def no_address(text: str) -> None:
    """Names stand in the first mail, which leaves before anybody has proved whose address it is: nobody advertises by it.

    Raises:
        ValidationError: the text holds the address of a web page.
    """
    if re.search(r"://|\bwww\.", text, re.IGNORECASE):
        raise forms.ValidationError(gettext("Write this without the address of a web page."))


class GroupForm(forms.Form):
    """Who comes: programme, size, organisation, region. ``suggestions`` holds regions that may be meant by an unclear name."""

    suggestions: list[str] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.data.get("organisation_kind") == OrganisationKind.FOREIGN:
            self.fields["region"].required = False

    programme = ProgrammeField(
        Programme.objects.filter(active=True),
        label=_("Which programme?"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Choose a programme."),
            "invalid_choice": _("This programme does not take bookings. Choose another one."),
        },
    )
    group_size = forms.IntegerField(
        label=_("How many people will come?"),
        min_value=1,
        validators=[MaxValueValidator(500)],
        error_messages={"required": _("Enter how many people will come."), "invalid": _("Enter the number of people in digits.")},
    )
    organisation = forms.CharField(
        label=_("Name of your organisation"),
        max_length=200,
        validators=[no_address],
        help_text=_("For example: Komisi B DPRD, Dinas Kominfo, Bappeda."),
        error_messages={"required": _("Enter the name of your organisation.")},
    )
    organisation_kind = forms.ChoiceField(
        label=_("Kind of organisation"),
        choices=[("", _("Choose")), *OrganisationKind.choices],
        error_messages={"required": _("Choose the kind of organisation.")},
    )
    region = forms.CharField(
        label=_("Your regency, city or province"),
        max_length=120,
        help_text=_("Start typing and choose from the list. Leave empty if you come from abroad."),
        error_messages={"required": _("Enter your region, or choose “Guest from abroad” as the kind of organisation.")},
        widget=forms.TextInput(attrs={"list": "regions", "autocomplete": "off"}),
    )

    spoken_language = forms.ChoiceField(
        label=_("In which language shall we receive you?"),
        choices=SpokenLanguage.choices,
        required=False,
    )

    def clean_region(self):
        """The region that the text names."""
        text = self.cleaned_data["region"].strip()
        if not text:
            return None
        found = regions.find(text)
        if len(found) == 1:
            return found[0]
        self.suggestions = [regions.label(region) for region in found[:8] or regions.similar(text)]
        if found:
            raise forms.ValidationError(gettext("Several regions have this name. Choose one of them below the field."))
        if self.suggestions:
            raise forms.ValidationError(gettext("We do not know this region. Choose the right one below the field, or check the spelling."))
        raise forms.ValidationError(gettext("We do not know this region. Check the spelling, or choose from the list."))

    def clean(self):
        """Group and language must fit the programme; who names no language takes that of the page, or the programme's first."""
        cleaned = super().clean()
        programme = cleaned.get("programme")
        if programme and not cleaned.get("spoken_language") and "spoken_language" not in self.errors:
            cleaned["spoken_language"] = get_language() if get_language() in programme.languages else programme.languages[0]
        if programme and cleaned.get("spoken_language") and cleaned["spoken_language"] not in programme.languages:
            self.add_error(
                "spoken_language",
                gettext("This programme is given in: %(languages)s. Choose one of these languages.")
                % {"languages": programme.get_languages_display()},
            )
        programme, size = cleaned.get("programme"), cleaned.get("group_size")
        if programme and size and size < programme.min_persons:
            self.add_error("group_size", gettext("This programme needs at least %(count)d people.") % {"count": programme.min_persons})
        if programme and size and size > programme.max_persons:
            self.add_error(
                "group_size",
                gettext("This programme receives at most %(count)d people. Split the group into several visits.")
                % {"count": programme.max_persons},
            )
        return cleaned


def not_in_the_future(date):
    """The date of a letter, which may be missing.

    Raises:
        ValidationError: it has not come yet at the venue.
    """
    if date and date > local_date(timezone.now()):
        raise forms.ValidationError(gettext("The date of the letter lies in the future. Enter the date that is written on it."))
    return date


class PurposeForm(forms.Form):
    """What for: purpose, topics, cases and the request letter."""

    purpose = forms.CharField(
        label=_("What do you want to learn?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Your questions help our speakers to prepare."),
        error_messages={"required": _("Write what you want to learn.")},
    )
    topics = TopicsField(
        SubDimension.objects.select_related("dimension"), label=_("Topics"), required=False, widget=forms.CheckboxSelectMultiple
    )
    case_studies = ManyObjectsField(
        CaseStudyPage.objects.none(), label=_("Case studies that you want to see"), required=False, widget=forms.CheckboxSelectMultiple
    )
    letter_follows = forms.BooleanField(label=_("The letter is not signed yet and will follow"), required=False)
    letter_number = forms.CharField(
        label=_("Number of the request letter"), max_length=100, error_messages={"required": _("Enter the number of the letter.")}
    )
    letter_date = forms.DateField(
        label=_("Date of the letter"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Enter the date of the letter.")},
    )
    letter_subject = forms.CharField(label=_("Subject of the letter"), max_length=250, required=False)
    letter_signatory = forms.CharField(
        label=_("Who signed the letter?"), max_length=200, required=False, help_text=_("Name and position, for example: Sekretaris DPRD.")
    )
    letter_file = forms.FileField(
        label=_("The letter as a PDF"),
        required=False,
        help_text=_("At most 10 MB. Addressed to Wali Kota Binjai."),
        error_messages={"required": _("Attach the request letter as a PDF.")},
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def __init__(self, *args, programme: Programme, has_draft_letter: bool, language: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.has_draft_letter = has_draft_letter
        self.fields["case_studies"].queryset = (
            CaseStudyPage.objects.live().public().filter(locale__language_code=language).order_by("title").defer_streamfields()
        )
        may_follow = programme.letter_required and programme.letter_grace_working_days > 0
        if may_follow:
            self.fields["letter_follows"].help_text = ngettext(
                "You then send it within %(count)d working day, on the page of your visit. We decide when it is there.",
                "You then send it within %(count)d working days, on the page of your visit. We decide when it is there.",
                programme.letter_grace_working_days,
            ) % {"count": programme.letter_grace_working_days}
        else:
            del self.fields["letter_follows"]
        follows = may_follow and bool(self.data.get("letter_follows"))
        self.letter_needed = programme.letter_required and not follows
        for name in ("letter_number", "letter_date"):
            self.fields[name].required = self.letter_needed
        self.fields["letter_file"].required = self.letter_needed and not has_draft_letter

    def clean_letter_date(self):
        """A letter is not written tomorrow."""
        return not_in_the_future(self.cleaned_data["letter_date"])

    def clean_letter_file(self):
        """A plain PDF; one that was attached before an error elsewhere need not be attached again."""
        upload = self.cleaned_data["letter_file"]
        if upload:
            uploads.check_pdf(upload)
        return upload

    def clean(self):
        """Number and date go with the file; a letter that is attached need not follow."""
        cleaned = super().clean()
        if cleaned.get("letter_file") or self.has_draft_letter:
            cleaned["letter_follows"] = False
        if cleaned.get("letter_file") or self.has_draft_letter:
            for name, message in (
                ("letter_number", gettext("Enter the number of the letter.")),
                ("letter_date", gettext("Enter the date of the letter.")),
            ):
                if name in cleaned and not cleaned[name]:
                    self.add_error(name, message)
        return cleaned


class ContactForm(forms.Form):
    """Whom we write to, and the privacy notice."""

    contact_name = forms.CharField(
        label=_("Name of the contact person"),
        max_length=150,
        validators=[no_address],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter the name of the contact person.")},
    )
    contact_position = forms.CharField(label=_("Position"), max_length=150, required=False, validators=[no_address])
    contact_email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("We send a link to this address; the request counts once it is opened."),
        error_messages={"required": _("Enter the e-mail address of the contact person.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    contact_phone = forms.RegexField(
        r"^[0-9+() .-]{6,30}$",
        label=_("Phone or WhatsApp"),
        required=False,
        error_messages={"invalid": _("Enter a phone number with digits only, for example 0812 3456 7890.")},
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    has_informed = forms.BooleanField(
        label=_("I have told the members of the delegation that their names are given to the host for this visit."),
        error_messages={"required": _("Please confirm that the members of the delegation know.")},
    )
