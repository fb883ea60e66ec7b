"""The reception desk: the list of delegates with a button for each. Works without JavaScript."""

import uuid

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from visits.domain import attendance
from visits.permissions import RECEIVE
from visits.queries.desk import reception
from visits.staff import actions, forms
from visits.staff.views import ButtonMixin, ReadableByAuditors, VisitFormView


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
            can_complete=actions.COMPLETE.is_possible(self.object) and not self.is_read_only,
            **kwargs,
        )


class CheckInView(ButtonMixin, VisitFormView):
    """Checks in a person of the list, or annuls a check-in; a double click has no effect."""

    permission_required = RECEIVE
    form_class = forms.CheckInForm
    anchor = ""

    @property
    def back_url(self):
        return reverse("visits_staff:reception", args=[self.object.pk]) + self.anchor

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "visit": self.object}

    def perform(self, form):
        self.anchor = f"#delegate-{form.cleaned_data['delegate'].pk}"
        attendance.record(by=self.request.user, **form.cleaned_data)

    def report(self, values):
        """The list shows what was done."""
