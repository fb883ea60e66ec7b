"""Forms of the guest's pages of a visit."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from visits.booking_form.answers import guest_form
from visits.booking_form.fields import LetterDateField, PdfField
from visits.booking_form.question import Step
from visits.models import IncomingLetter
from visits.public.forms import SessionForm


class AnotherDateForm(SessionForm):
    """A request for another session, with a message for the host."""

    message = forms.CharField(
        label=_("Why do you need another date?"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class RefuseProposalForm(forms.Form):
    """Refuses a proposed date."""

    reason = forms.CharField(
        label=_("Which dates would suit you?"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class MessageForm(forms.Form):
    """A message for the host."""

    text = forms.CharField(label=_("Your message"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class CancelForm(forms.Form):
    """Cancels a visit with a reason."""

    reason = forms.CharField(label=_("Why do you cancel?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class PeopleForm(forms.Form):
    """Changes the number of people."""

    group_size = forms.IntegerField(
        label=_("How many people will come?"),
        min_value=1,
        max_value=1000,
        error_messages={"required": _("Enter how many people will come."), "invalid": _("Enter the number of people in digits.")},
    )
    message = forms.CharField(
        label=_("Why do more people come?"),
        help_text=_("Only needed for more people than before."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ContactPersonForm(guest_form(Step.CONTACT)):
    """Changes the contact person; the questions of the booking form."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["contact_email"].help_text = gettext("A new address gets the link to this page; the old one is told.")


class LetterForm(forms.Form):
    """A corrected letter; the earlier one is kept."""

    letter_file = PdfField(label=_("Corrected letter as a PDF"), help_text=_("At most 10 MB. The earlier letter is kept."))
    letter_number = forms.CharField(label=_("Number of the corrected letter"), max_length=100, required=False)
    letter_date = LetterDateField(label=_("Date of the corrected letter"), required=False)

    def __init__(self, *args, current_letter: IncomingLetter | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.current_letter = current_letter
        if current_letter:
            self.fields["letter_number"].help_text = gettext("Leave empty if it is still %(number)s.") % {"number": current_letter.number}

    def clean(self):
        """Number and date may be empty if there is an earlier letter."""
        cleaned = super().clean()
        if cleaned.get("letter_file") and not self.current_letter:
            for name in ("letter_number", "letter_date"):
                if name in cleaned and not cleaned[name]:
                    self.add_error(name, gettext("Enter number and date of the letter."))
        return cleaned


class ReplyForm(LetterForm):
    """The answer to a question of staff, optionally with a corrected letter."""

    text = forms.CharField(label=_("Your answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    field_order = ["text", "letter_file", "letter_number", "letter_date"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["letter_file"].required = False


class LostLinkForm(forms.Form):
    """Asks for the link to a visit again."""

    contact_email = forms.EmailField(
        label=_("E-mail of the contact person"),
        help_text=_("The address that was given with the request. The link goes there and nowhere else."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    reference = forms.CharField(
        label=_("Reference of your visit"), max_length=20, required=False, help_text=_("For example KJ-2026-0042, if you know it.")
    )
