"""Forms of certificate templates: texts and pictures, and the preview."""

from collections.abc import Callable

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from knowledge_hub.core.uploads import virus_scanner
from knowledge_hub.papers import PaperRefused
from visits.documents import pictures
from visits.documents.certificate import too_long
from visits.domain.calendar_days import local_date
from visits.domain.certificates import TEMPLATE_WORDS
from visits.models import CertificateTemplate, Delegate
from visits.queries.certificates import example_snapshot

PICTURES = ("signature", "logo_1", "logo_2")
_TAKEN = forms.FileInput(attrs={"accept": "image/png,image/jpeg"})


def _picture(label, help_text="") -> forms.FileField:
    return forms.FileField(label=label, required=False, widget=_TAKEN, help_text=help_text)


def _removal() -> forms.BooleanField:
    return forms.BooleanField(label=_("Remove the picture that is there now"), required=False)


class CertificateTemplateForm(forms.ModelForm):
    """Texts and pictures of a design. The texts are never rendered as Django templates."""

    signature_file = _picture(_("signature image"), _("PNG or JPEG up to 4 MB, best with a transparent ground; about 700 pixels wide."))
    signature_remove = _removal()
    logo_1_file = _picture(_("first logo"))
    logo_1_remove = _removal()
    logo_2_file = _picture(_("second logo"))
    logo_2_remove = _removal()

    # Not the model field ``is_default``: its constraint would refuse a second default template before save() can switch it.
    usual = forms.BooleanField(label=_("Used unless another is chosen"), required=False)

    class Meta:
        model = CertificateTemplate
        fields = ["name", *TEMPLATE_WORDS, "active"]

    field_order = [*Meta.fields[:-1], *(f"{name}_{part}" for name in PICTURES for part in ("file", "remove")), "usual", "active"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._pictures: dict[str, bytes] = {}
        self.fields["usual"].initial = self.instance.is_default
        for name in PICTURES:
            if not getattr(self.instance, name):
                del self.fields[f"{name}_remove"]

    def clean(self):
        """Check the uploaded pictures, and that every text has room on the design."""
        cleaned = super().clean()
        for name in PICTURES:
            upload = cleaned.get(f"{name}_file")
            if upload:
                try:
                    virus_scanner.scan(upload)
                    self._pictures[name] = pictures.clean(upload.read())
                except PaperRefused as refusal:
                    self.add_error(f"{name}_file", str(refusal))
                except forms.ValidationError as refusal:
                    self.add_error(f"{name}_file", refusal)
        if cleaned.get("design"):
            texts = {name: cleaned[name] for name in TEMPLATE_WORDS if cleaned.get(name)}
            for name, sentence in too_long(example_snapshot(local_date(timezone.now())), texts).items():
                self.add_error(name, sentence)
        if cleaned.get("usual") and not cleaned.get("active"):
            self.add_error("usual", _("A template that is not in use cannot be the usual one."))
        return cleaned

    def filled(self) -> CertificateTemplate:
        """The unsaved template for a preview; new pictures are not stored."""
        self._place_pictures(pictures.inline_name)
        return self.instance

    def _place_pictures(self, name_of: Callable[[bytes], str]) -> None:
        for name in PICTURES:
            if name in self._pictures:
                setattr(self.instance, name, name_of(self._pictures[name]))
            elif self.cleaned_data.get(f"{name}_remove"):
                setattr(self.instance, name, "")

    @transaction.atomic
    def save(self, commit=True):
        """Store the pictures, increase the version, and let only one template be the default."""
        self._place_pictures(pictures.store)
        template = self.instance
        if template.pk:
            template.version += 1
        template.is_default = self.cleaned_data["usual"]
        if template.is_default:
            CertificateTemplate.objects.exclude(pk=template.pk).filter(is_default=True).update(is_default=False)
        return super().save(commit)


class PreviewForm(forms.Form):
    """Selects the person on the preview."""

    person = forms.ModelChoiceField(
        Delegate.objects.none(), label=_("Preview with"), required=False, empty_label=_("Example person"), widget=forms.Select
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people
