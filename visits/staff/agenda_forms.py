"""Forms of the agenda."""

from django import forms
from django.utils.translation import gettext_lazy as _

from knowledge_hub.models import CaseStudyPage
from visits.domain import uploads
from visits.models import AgendaItem
from visits.queries.agenda import ItemChoices


class ItemForm(forms.ModelForm):
    """An item of the agenda with its slides. Fields that are not sent are empty, so that a short form can add an item."""

    drop_material = forms.BooleanField(label=_("Take the material away"), required=False)

    class Meta:
        model = AgendaItem
        fields = [
            "kind",
            "duration_minutes",
            "title",
            "is_parallel",
            "speaker",
            "filler",
            "in_charge",
            "room",
            "place",
            "case_study",
            "material",
        ]
        labels = {"filler": _("or another person"), "place": _("or another place")}
        widgets = {
            "material": forms.FileInput(attrs={"accept": uploads.MATERIAL_ENDINGS}),
            "filler": forms.TextInput(attrs={"list": "people"}),
        }

    def __init__(self, *args, choices: ItemChoices, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.material:
            del self.fields["drop_material"]
        self.fields["speaker"].choices = [("", _own(choices.own_speaker)), *choices.speakers]
        self.fields["room"].choices = [("", _own(choices.own_room)), *choices.rooms]
        self.fields["case_study"].choices = [("", "—"), *CaseStudyPage.objects.live().order_by("title").values_list("pk", "title")]

    def clean(self):
        """Check new material, or remove the stored one."""
        cleaned = super().clean()
        upload = cleaned.get("material")
        if upload and "material" in self.changed_data:
            try:
                cleaned["material"], self.instance.material_name = uploads.check_material(upload)
            except forms.ValidationError as error:
                self.add_error("material", error)
        elif cleaned.get("drop_material"):
            cleaned["material"] = self.instance.material_name = ""
        return cleaned


def _own(name: str) -> str:
    """The choice of what the visit was allocated."""
    return _("as allocated: %(name)s") % {"name": name} if name else "—"


class StampForm(forms.Form):
    """A press of a button: what the page showed."""

    seen = forms.CharField(max_length=20, required=False)


class PlaceForm(StampForm):
    """An item of a visit, and its new place in the order, counted from 0: ``12:3``."""

    to = forms.RegexField(r"^[0-9]{1,15}:[0-9]{1,3}$")

    def clean_to(self) -> tuple[int, int]:
        """The key of the item, and the place."""
        key, place = self.cleaned_data["to"].split(":")
        return int(key), int(place)
