"""Forms for the letters of a visit."""

from collections.abc import Sequence

from django import forms
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from visits.booking_form.fields import PdfField
from visits.domain import assignment, letters
from visits.models import Disposition, HostOfficial, IncomingLetter, ReplyLetter


class RegisterForm(forms.ModelForm):
    """Registers the request letter."""

    agenda = forms.CharField(label=_("Agenda number"), max_length=40, required=False)
    received_on = forms.DateField(label=_("Received on"), widget=AdminDateInput)

    class Meta:
        model = IncomingLetter
        fields = ["number", "date", "subject", "signatory", "nature"]
        widgets = {"date": AdminDateInput}

    field_order = ["agenda", "received_on", "nature", "number", "date", "subject", "signatory"]

    def __init__(self, *args, instance=None, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        if instance:
            self.initial.setdefault("agenda", instance.agenda_number)
            self.initial["received_on"] = instance.received_on or timezone.localdate(instance.received_at)


class DispositionForm(forms.ModelForm):
    """Adds a disposition: who acts is chosen, instructions are ticked; nothing has to be typed."""

    from_position = forms.CharField(label=_("From"), max_length=150, widget=forms.TextInput(attrs={"list": "positions"}))
    addressee = forms.ModelChoiceField(
        get_user_model().objects.none(),
        label=_("Who is to act"),
        required=False,
        blank=True,
        empty_label=_("Somebody else, named below"),
        widget=forms.RadioSelect,
        help_text=_("The letter then stands in the queue of this person."),
    )
    to_positions = forms.CharField(
        label=_("Positions"),
        max_length=300,
        required=False,
        help_text=_("Only for others than the person above."),
    )
    instructions = forms.MultipleChoiceField(
        label=_("Instructions"), choices=Disposition.Instruction.choices, widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = Disposition
        fields = ["from_position", "addressee", "instructions", "to_positions", "note", "deadline"]
        widgets = {"note": forms.Textarea(attrs={"rows": 2}), "deadline": AdminDateInput}

    def __init__(self, *args, positions: Sequence[str], user, **kwargs):
        super().__init__(*args, **kwargs)
        self.positions = positions
        self.initial.setdefault("from_position", positions[0])
        self.fields["addressee"].queryset = letters.addressees().exclude(pk=user.pk)
        self.fields["addressee"].label_from_instance = position_and_name

    def clean(self):
        """The position of the chosen person, and other positions; the domain says what is missing."""
        cleaned = super().clean()
        chosen = cleaned.get("addressee")
        typed = cleaned.get("to_positions", "").strip()
        cleaned["to_positions"] = ", ".join(filter(None, [position_of(chosen) if chosen else "", typed]))[:300]
        return cleaned


def position_of(user) -> str:
    """The position of a user, or the name without one."""
    return user.position or assignment.name_of(user)


def position_and_name(user) -> str:
    """Position and name, as a choice."""
    return f"{user.position} ({assignment.name_of(user)})" if user.position else assignment.name_of(user)


class VariantForm(forms.Form):
    """Query parameter of the kind of reply."""

    variant = forms.ChoiceField(choices=ReplyLetter.Variant.choices)


class ReplyForm(forms.ModelForm):
    """The parts of the reply letter."""

    class Meta:
        model = ReplyLetter
        fields = [
            "variant",
            "nature",
            "enclosures",
            "subject",
            "addressee",
            "addressee_place",
            "opening",
            "with_appointment",
            "body",
            "closing",
            "signatory",
            "copies",
        ]
        widgets = {
            "variant": forms.HiddenInput,
            "opening": forms.Textarea(attrs={"rows": 4}),
            "body": forms.Textarea(attrs={"rows": 6}),
            "closing": forms.Textarea(attrs={"rows": 2}),
            "copies": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        signatory = self.fields["signatory"]
        signatory.queryset = HostOfficial.objects.filter(active=True, signs_letters=True)
        signatory.help_text = _("Officials are entered under “Officials who sign”.")


class VoidForm(forms.Form):
    """The reason why a letter is void."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class SignedForm(forms.Form):
    """Upload of the signed letter."""

    file = PdfField(label=_("Signed letter (PDF)"))
    message = forms.CharField(
        label=_("Message to the guest"),
        help_text=_("Leaves by mail when you save. Empty it to send none."),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, can_write: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not can_write:
            del self.fields["message"]
