"""Forms for the letters of a visit."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from visits.booking_form.fields import PdfField
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
    """Adds a disposition with instructions to tick."""

    instructions = forms.MultipleChoiceField(
        label=_("Instructions"), choices=Disposition.Instruction.choices, widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = Disposition
        fields = ["from_position", "to_positions", "instructions", "note", "deadline"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3}), "deadline": AdminDateInput}

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("instructions") and not cleaned.get("note", "").strip():
            raise forms.ValidationError(_("Tick an instruction or write a note."))
        return cleaned


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
