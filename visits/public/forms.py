"""The forms of the steps of the booking form.

The questions are declared in visits.booking_form.declarations; the forms add what depends on several of them.
"""

from django import forms
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from knowledge_hub.core.input_limits import ManyObjectsField
from knowledge_hub.core.language import active_language
from knowledge_hub.models import CaseStudyPage
from visits.booking_form.answers import guest_form
from visits.booking_form.declarations import QUESTIONS
from visits.booking_form.fields import require_letter_details, suggestions_of
from visits.booking_form.question import Step, Target
from visits.domain.calendar_days import local_date, session_times
from visits.enums import OrganisationKind
from visits.models import Programme, VisitSlot


class StartQueryForm(forms.Form):
    """Query parameters that preselect answers; others are ignored."""

    case = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    programme = forms.IntegerField(required=False, min_value=1, max_value=2**31)


class CalendarQueryForm(forms.Form):
    """Query parameters of the date page; others are ignored."""

    month = forms.DateField(required=False, input_formats=["%Y-%m"])
    date = forms.DateField(required=False, input_formats=["%Y-%m-%d"])


class SessionForm(forms.Form):
    """The chosen session."""

    slot = forms.IntegerField(
        label=_("Session"), min_value=1, max_value=2**31, error_messages={"required": _("Choose one of the free sessions.")}
    )


class AlternativesForm(forms.Form):
    """Other suitable sessions; at most two."""

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
        chosen = self.cleaned_data["slots"]
        if len(chosen) > self.MOST:
            raise forms.ValidationError(gettext("Choose at most two other sessions."))
        return chosen


class WaitingForm(forms.Form):
    """The period for the waiting list."""

    wait_from = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    wait_until = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("wait_from") and cleaned.get("wait_until") and cleaned["wait_from"] > cleaned["wait_until"]:
            self.add_error("wait_until", gettext("The end of the period lies before its beginning."))
        return cleaned


class SaveForm(forms.Form):
    """The address for the link to continue later."""

    email = forms.EmailField(
        label=_("Your e-mail"),
        help_text=_("The link goes to this address and nowhere else."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class GroupForm(guest_form(Step.GROUP)):
    """Programme, group size, organisation and region."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.data.get("organisation_kind") == OrganisationKind.FOREIGN:
            self.fields["region"].required = False

    @property
    def suggestions(self) -> list[str]:
        """Suggestions for an unclear region."""
        return suggestions_of(self, "region")

    def clean(self):
        """Check group size and language against the programme; the default language is that of the page, or the programme's first."""
        cleaned = super().clean()
        programme = cleaned.get("programme")
        if programme and not cleaned.get("spoken_language") and "spoken_language" not in self.errors:
            cleaned["spoken_language"] = active_language() if active_language() in programme.languages else programme.languages[0]
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


class PurposeForm(guest_form(Step.PURPOSE)):
    """Purpose, topics, case studies and the request letter."""

    def __init__(self, *args, programme: Programme, has_draft_letter: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.has_draft_letter = has_draft_letter
        self.fields["case_studies"].queryset = (
            CaseStudyPage.objects.live().public().filter(locale__language_code=active_language()).order_by("title").defer_streamfields()
        )
        may_follow = programme.letter_required and programme.letter_grace_working_days > 0
        if may_follow:
            self.fields["letter_follows"].help_text = gettext(
                "You then send it within %(time)s, on the page of your visit. We decide when it is there."
            ) % {"time": programme.letter_grace}
        else:
            del self.fields["letter_follows"]
        follows = may_follow and bool(self.data.get("letter_follows"))
        self.letter_needed = programme.letter_required and not follows
        for name in ("letter_number", "letter_date"):
            self.fields[name].required = self.letter_needed
        self.fields["letter_file"].required = self.letter_needed and not has_draft_letter

    @property
    def visit_questions(self) -> list[forms.BoundField]:
        """Questions about the visit, without those that have no choices."""
        return [field for field in self._fields(Target.VISIT) if getattr(field.field, "queryset", True)]

    @property
    def letter_questions(self) -> list[forms.BoundField]:
        """Questions about the letter itself, without its file."""
        return [field for field in self._fields(Target.LETTER) if field.name != "letter_file"]

    def _fields(self, target: Target) -> list[forms.BoundField]:
        return [self[q.name] for q in QUESTIONS if q.step == Step.PURPOSE and q.target == target]

    def clean(self):
        """Number and date belong to the file; an attached letter does not follow later."""
        cleaned = super().clean()
        if cleaned.get("letter_file") or self.has_draft_letter:
            cleaned["letter_follows"] = False
            require_letter_details(self)
        return cleaned


class ContactForm(guest_form(Step.CONTACT)):
    """The contact person and the privacy notice."""

    has_informed = forms.BooleanField(
        label=_("I have told the members of the delegation that their names are given to the host for this visit."),
        error_messages={"required": _("Please confirm that the members of the delegation know.")},
    )
