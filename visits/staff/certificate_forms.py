"""Forms for the certificates of a visit."""

from django import forms
from django.utils.translation import gettext_lazy as _

from knowledge_hub.core.input_limits import ManyObjectsField
from visits.models import CertificateTemplate, Delegate
from visits.queries.certificates import active_templates

_HIDDEN = forms.PasswordInput(attrs={"autocomplete": "off"})
_REQUIRED = {"required": _("Enter the passphrase or the one-time code first.")}
_no_suggestions = forms.TextInput(attrs={"autocomplete": "off"})


def _reason(help_text) -> forms.CharField:
    return forms.CharField(label=_("Reason"), help_text=help_text, max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


def _template() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(CertificateTemplate.objects.none(), label=_("Template"), required=False, empty_label=_("The usual one"))


class _WithTemplateMixin(forms.Form):
    template = _template()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = active_templates()


class IssueForm(_WithTemplateMixin):
    """Issues certificates with a template, for the ticked delegates or for everyone."""

    people = ManyObjectsField(
        Delegate.objects.none(),
        label=_("For whom"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody ticked: everyone who came and has no certificate yet."),
        error_messages=dict.fromkeys(
            ("invalid_choice", "invalid_pk_value"),
            _("Somebody whom you ticked has a certificate by now. Look at the list and choose again."),
        ),
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people


class SealForm(forms.Form):
    """Secrets for one batch of seals; never stored or shown again."""

    passphrase = forms.CharField(label=_("Passphrase"), max_length=200, widget=_HIDDEN, strip=False, error_messages=_REQUIRED)
    totp = forms.CharField(
        label=_("One-time code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages=_REQUIRED,
    )

    def __init__(self, *args, asks_for: tuple[str, ...], **kwargs):
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(asks_for):
            del self.fields[name]


class SpeakerForm(_WithTemplateMixin):
    """A certificate for a speaker who is not a delegate."""

    name = forms.CharField(label=_("Full name with titles"), max_length=120, widget=_no_suggestions)
    position = forms.CharField(label=_("Position"), max_length=150, required=False, widget=_no_suggestions)
    unit = forms.CharField(label=_("Unit or organisation"), max_length=200, required=False, widget=_no_suggestions)
    field_order = ["name", "position", "unit", "template"]


class RevokeForm(forms.Form):
    """Revokes a certificate with a reason."""

    reason = _reason(_("Kept with the certificate; its public verification page only says that it is revoked."))


class ReplaceForm(_WithTemplateMixin):
    """Replaces a certificate by a corrected one."""

    reason = _reason(_("Kept with the certificate; its public verification page only says that it was replaced, and by which."))
    field_order = ["reason", "name", "position", "unit", "template"]

    def __init__(self, *args, speaker: Delegate | None, **kwargs):
        super().__init__(*args, **kwargs)
        if speaker is not None:
            for name in ("name", "position", "unit"):
                self.fields[name] = SpeakerForm.base_fields[name]
                self.fields[name].initial = getattr(speaker, name)
        self.order_fields(self.field_order)
