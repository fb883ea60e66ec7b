"""Who signs the visum of a visit, and the days of arrival and departure that it attests."""

from django import forms
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets import AdminDateInput

from visits.domain import visum
from visits.domain.calendar_days import day_of
from visits.domain.errors import MoveRefused
from visits.models import HostOfficial, VisumEntry
from visits.permissions import DECIDE, RECEIVE
from visits.staff.actions import VisitObjectMixin


class VisumForm(forms.Form):
    """Signer and days."""

    signatory = forms.ModelChoiceField(
        label=gettext_lazy("Signed by"),
        queryset=HostOfficial.objects.filter(active=True, signs_visum=True),
        help_text=gettext_lazy("Only officials who may sign travel orders; they are entered under “Officials who sign”."),
        empty_label=None,
    )
    arrived_on = forms.DateField(label=gettext_lazy("Arrived on"), widget=AdminDateInput)
    departed_on = forms.DateField(label=gettext_lazy("Departed on"), widget=AdminDateInput)


class VisumView(PermissionCheckedMixin, VisitObjectMixin, FormView):
    """Choose them; the sheet is drawn from what is written here."""

    any_permission_required = [DECIDE, RECEIVE]
    template_name = "visits/staff/visum_form.html"
    form_class = VisumForm
    page_title = gettext_lazy("Signer and days of the visum")

    @property
    def papers_url(self) -> str:
        """The list of papers."""
        return reverse("visits_staff:papers", args=[self.object.pk])

    def get_initial(self):
        """What was chosen, else the first who may sign and the day of the visit."""
        entry = VisumEntry.objects.filter(visit=self.object).first()
        if entry:
            return {"signatory": entry.signatory_id, "arrived_on": entry.arrived_on, "departed_on": entry.departed_on}
        day = day_of(self.object)
        return {"arrived_on": day, "departed_on": day}

    def form_valid(self, form):
        """Write it down; what the domain refuses comes back as a sentence."""
        try:
            visum.settle(self.object, by=self.request.user, **form.cleaned_data)
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("Saved. Make the visum again, so that the sheet says it."))
        return redirect(self.papers_url)

    def get_context_data(self, **kwargs):
        """Add the way back and what the page says."""
        return super().get_context_data(
            papers_url=self.papers_url,
            explanation=_("The destination attests when the travellers came and left. Ask them if they stay longer than the visit."),
            **kwargs,
        )
