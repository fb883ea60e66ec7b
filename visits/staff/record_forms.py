"""Forms for the record of a visit."""

from django import forms
from django.forms import inlineformset_factory
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from knowledge_hub.models import CaseStudyPage
from visits.domain import uploads
from visits.models import Gift, HostOfficial, Minutes, Question, Visit, VisitPhoto

MOST_ROWS = 60


def rows_formset(model, form):
    """A formset class for rows of a visit, with one empty row."""
    return inlineformset_factory(
        Visit,
        model,
        form=form,
        formset=_SharedChoices,
        extra=1,
        can_delete=True,
        max_num=MOST_ROWS,
        validate_max=True,
    )


class _SharedChoices(forms.BaseInlineFormSet):
    """Reads the choices of case studies once for all rows."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.case_choices = [("", "—"), *CaseStudyPage.objects.live().order_by("title").values_list("pk", "title")]

    def add_fields(self, form, index):
        """Give each row its choices; removal gets its word."""
        super().add_fields(form, index)
        if "case_study" in form.fields:
            form.fields["case_study"].choices = self.case_choices
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Remove")


class _PhotoFormMixin:
    """A form with a photo that is cleaned before it is stored."""

    file_field = "photo"
    file_url = ""

    def clean(self):
        cleaned = super().clean()
        upload = cleaned.get(self.file_field)
        if upload and self.file_field in self.changed_data:
            try:
                cleaned[self.file_field] = uploads.clean_photo(upload)
            except forms.ValidationError as error:
                self.add_error(self.file_field, error)
        return cleaned


class GiftForm(_PhotoFormMixin, forms.ModelForm):
    """A souvenir."""

    given_by_host = forms.TypedChoiceField(
        label=_("Direction"),
        choices=[("True", _("given by us")), ("False", _("received by us"))],
        coerce=lambda value: value == "True",
    )

    class Meta:
        model = Gift
        fields = ["given_by_host", "item", "giver", "receiver", "to_institution", "estimated_value", "custody", "photo", "is_planned"]
        widgets = {"photo": forms.FileInput}


class QuestionForm(forms.ModelForm):
    """A question with its answer."""

    class Meta:
        model = Question
        fields = ["asked_by", "question", "answer", "case_study"]
        widgets = {"question": forms.Textarea(attrs={"rows": 2}), "answer": forms.Textarea(attrs={"rows": 2})}


class PhotoForm(_PhotoFormMixin, forms.ModelForm):
    """A photo."""

    file_field = "picture"

    class Meta:
        model = VisitPhoto
        fields = ["picture", "caption", "consent"]
        widgets = {"picture": forms.FileInput}


class MinutesForm(forms.ModelForm):
    """The minutes; an empty form creates none."""

    class Meta:
        model = Minutes
        fields = ["chair", "note_taker", "discussion", "conclusions", "follow_up", "signatory"]
        widgets = {
            "discussion": forms.Textarea(attrs={"rows": 8}),
            "conclusions": forms.Textarea(attrs={"rows": 4}),
            "follow_up": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args, instance, **kwargs):
        super().__init__(*args, instance=instance, empty_permitted=not instance.pk, use_required_attribute=False, **kwargs)
        self.fields["signatory"].queryset = HostOfficial.objects.filter(active=True, signs_records=True)


class VisumForm(forms.Form):
    """Who signs the visum, and the days that it attests."""

    signatory = forms.ModelChoiceField(
        label=_("Signed by"),
        queryset=HostOfficial.objects.filter(active=True, signs_visum=True),
        help_text=_("Only officials who may sign travel orders; they are entered under “Officials who sign”."),
        empty_label=None,
    )
    arrived_on = forms.DateField(label=_("Arrived on"), widget=AdminDateInput)
    departed_on = forms.DateField(label=_("Departed on"), widget=AdminDateInput)
