"""The reception desk: a list with one big button per person. Works without JavaScript; a double click is harmless."""

import uuid

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from visits.domain import attendance
from visits.domain.errors import MoveRefused
from visits.enums import AttendanceKind
from visits.models import Visit
from visits.permissions import RECEIVE
from visits.queries.desk import reception
from visits.staff import forms, offers
from visits.staff.actions import VisitObjectMixin

EVENTS = {"check_in": AttendanceKind.CHECKED_IN, "annul": AttendanceKind.ANNULLED}


class ReceptionView(PermissionCheckedMixin, VisitObjectMixin, TemplateView):
    """Check in, annul, add somebody who came unannounced. Only a post changes anything."""

    permission_required = RECEIVE
    template_name = "visits/staff/reception.html"
    page_title = gettext_lazy("Reception")
    reception_url_name = "visits_staff:reception"

    def here(self, anchor: str = ""):
        """Back to the list, at the person who was just checked in."""
        return redirect(reverse(self.reception_url_name, args=[self.object.pk]) + anchor)

    def post(self, request, *args, **kwargs):
        """Record one event."""
        if "walk_in" in request.POST:
            return self.add_walk_in()
        kind = next((kind for name, kind in EVENTS.items() if name in request.POST), None)
        form = forms.AttendanceForm(request.POST)
        if kind is None or not form.is_valid():
            messages.error(request, _("That did not arrive completely. Please press the button again."))
            return self.here()
        delegate = get_object_or_404(self.object.delegates, pk=form.cleaned_data["delegate"])
        try:
            attendance.record(delegate, kind, by=request.user, nonce=form.cleaned_data["nonce"])
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
        return self.here(f"#delegate-{delegate.pk}")

    def add_walk_in(self):
        """Add a person; what was typed comes back if that is refused."""
        form = forms.WalkInForm(self.request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(walk_in=form))
        try:
            delegate = attendance.add_walk_in(self.object, by=self.request.user, **form.cleaned_data)
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
            return self.render_to_response(self.get_context_data(walk_in=form))
        messages.success(self.request, _("%(name)s is added and checked in.") % {"name": delegate.name})
        return self.here(f"#delegate-{delegate.pk}")

    def get_context_data(self, **kwargs):
        """Add the list; each form on the page has a nonce of its own."""
        kwargs.setdefault("walk_in", forms.WalkInForm())
        read = reception(self.object)
        for delegate in read.delegates:
            delegate.nonce = uuid.uuid4()
        visit: Visit = self.object
        return super().get_context_data(
            reception=read,
            is_open=offers.RECEPTION.is_possible(visit),
            can_complete=offers.COMPLETE.is_possible(visit),
            **kwargs,
        )
