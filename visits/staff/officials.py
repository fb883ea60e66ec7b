"""Viewset of the officials of the host."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import BooleanColumn, Column

from knowledge_hub.core.encrypted import or_encrypted
from visits.domain.delegates import NIP_DIGITS, is_masked, nip_digits
from visits.models import HostOfficial
from visits.staff.tables import UndeletableViewSet


class HostOfficialForm(forms.ModelForm):
    """Shows the NIP masked; it is unchanged unless another one is typed."""

    class Meta:
        model = HostOfficial
        fields = ["name", "position", "rank", "nip", "signs_letters", "signs_visum", "signs_records", "active", "sort_order"]
        widgets = {"nip": forms.TextInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args, instance=None, **kwargs):
        self.kept_nip = or_encrypted(instance, "nip") if instance else ""
        super().__init__(*args, instance=instance, **kwargs)
        if instance:
            self.initial["nip"] = instance.masked_nip

    def clean_nip(self) -> str:
        """Check for 18 digits and remove spaces, dots and dashes."""
        typed = self.cleaned_data["nip"]
        if is_masked(typed):
            return self.kept_nip
        nip = nip_digits(typed)
        if nip and not (len(nip) == NIP_DIGITS and nip.isascii() and nip.isdigit()):
            raise forms.ValidationError(_("A NIP has 18 digits. Correct it, or leave it empty."))
        return nip


class HostOfficialViewSet(UndeletableViewSet):
    """Officials who sign; papers refer to them, so they are deactivated instead of deleted."""

    model = HostOfficial
    name = "visits_officials"
    url_prefix = "visits/officials"
    icon = "user"
    menu_label = gettext_lazy("Officials who sign")
    ordering = ("sort_order", "pk")
    list_display = [
        "name",
        "position",
        Column("masked_nip", label=gettext_lazy("NIP"), accessor="masked_nip"),
        BooleanColumn("signs_letters", label=gettext_lazy("Letters")),
        BooleanColumn("signs_visum", label=gettext_lazy("Visum")),
        BooleanColumn("signs_records", label=gettext_lazy("Records")),
        BooleanColumn("active", label=gettext_lazy("In office")),
    ]

    def get_form_class(self, for_update=False):
        return HostOfficialForm
