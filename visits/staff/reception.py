"""The reception desk: the list of delegates with a button for each. Works without JavaScript."""

import uuid

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from visits.domain import attendance, door
from visits.domain.errors import Refused
from visits.models import Visit
from visits.permissions import RECEIVE
from visits.queries.desk import reception
from visits.staff import actions, forms
from visits.staff.views import ButtonMixin, ReadableByAuditors, StaffFormView, VisitFormView


class ReceptionView(ReadableByAuditors, VisitFormView):
    """The list, and the form for a person who came unannounced."""

    permission_required = RECEIVE
    template_name = "visits/staff/reception.html"
    form_class = forms.WalkInForm
    page_title = _("Reception")
    button = _("Add and check in")
    success_message = _("%(name)s is added and checked in.")

    def perform(self, form):
        self.delegate = attendance.add_walk_in(self.object, by=self.request.user, **form.cleaned_data)
        return {"name": self.delegate.name}

    def get_success_url(self):
        return f"{self.request.path}#delegate-{self.delegate.pk}"

    def get_context_data(self, **kwargs):
        """Add the list; each form on the page has a nonce of its own."""
        read = reception(self.object)
        for delegate in read.delegates:
            delegate.nonce = uuid.uuid4()
        return super().get_context_data(
            reception=read,
            is_open=actions.RECEPTION.is_possible(self.object) and not self.is_read_only,
            takes_phones=not self.is_read_only and not door.why_closed(self.object),
            can_complete=actions.COMPLETE.is_possible(self.object) and not self.is_read_only,
            **kwargs,
        )


class _ReceptionButton(ButtonMixin, StaffFormView):
    """A button on the page of the reception. The visit is not read before: the domain reads it under its lock."""

    model = Visit
    permission_required = RECEIVE
    anchor = ""

    @property
    def back_url(self):
        return reverse("visits_staff:reception", args=[self.kwargs["pk"]]) + self.anchor


class CheckInView(_ReceptionButton):
    """Checks in a person of the list, records one as absent, or annuls that; a double click has no effect."""

    form_class = forms.CheckInForm

    def perform(self, form):
        self.anchor = f"#delegate-{form.cleaned_data['delegate']}"
        try:
            [receipt] = attendance.receive(self.kwargs["pk"], [attendance.Entry(**form.cleaned_data)], by=self.request.user)
        except Visit.DoesNotExist as error:
            raise Http404 from error
        if receipt.refusal:
            raise Refused(receipt.refusal)

    def report(self, values):
        """The list shows what was done."""


class AbsentView(_ReceptionButton):
    """Records that all of whom nothing is known did not come."""

    success_message = _("%(count)s are recorded as absent.")

    def perform(self, form):
        visit = get_object_or_404(Visit, pk=self.kwargs["pk"])
        return {"count": attendance.record_absent(visit, by=self.request.user)}
