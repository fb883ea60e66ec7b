"""Staff enter and correct the delegates of a visit, at any time, also after its completion."""

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from visits.domain import attendance, delegate_corrections
from visits.domain.delegate_corrections import CorrectedRow, Correction
from visits.domain.delegates import DelegatesRefused
from visits.domain.errors import Refused
from visits.enums import VisitStatus
from visits.permissions import CERTIFY, DECIDE, RECEIVE
from visits.staff import delegate_forms
from visits.staff.views import VisitFormView, VisitObjectMixin

CORRECTING = [DECIDE, RECEIVE, CERTIFY]
"""Any of these corrects delegates."""


def _report(request, done: Correction) -> None:
    """Say what was saved."""
    if done.is_empty:
        messages.warning(request, _("Nothing was changed."))
        return
    sentences = [_("Saved. The guest is told by mail.")]
    if done.certificates:
        sentences.append(
            ngettext("%(count)d certificate is being made.", "%(count)d certificates are being made.", done.certificates)
            % {"count": done.certificates}
        )
    messages.success(request, " ".join(sentences))


def _obstacle(visit) -> str:
    if delegate_corrections.staff_may_correct(visit):
        return ""
    return _("The list of a visit that is “%(status)s” cannot be changed.") % {"status": visit.get_status_display()}


class DelegatesView(PermissionCheckedMixin, VisitObjectMixin, TemplateView):
    """The whole list as a form; saved as a whole or not at all."""

    any_permission_required = CORRECTING
    template_name = "visits/staff/delegates.html"
    page_title = gettext_lazy("Delegates")

    def get(self, request, *args, **kwargs):
        """Show the list, or go back if the visit has none."""
        if obstacle := _obstacle(self.object):
            messages.warning(request, obstacle)
            return redirect(self.desk_url)
        return self.render_to_response(self.get_context_data(formset=self.list_of(delegate_forms.EMPTY_ROWS)))

    def list_of(self, empty: int):
        """The formset with everybody on the list and empty rows."""
        initial = [delegate_forms.shown(delegate) for delegate in self.object.delegates.all()] + [{}] * empty
        formset = delegate_forms.RowFormSet(initial=initial)
        formset.extra = 0
        return formset

    def post(self, request, *args, **kwargs):
        """Save everything, or show the errors with what was typed. ``more`` adds empty rows."""
        data = request.POST.copy()
        if "more" in data and data.get("form-TOTAL_FORMS", "").isdecimal():
            data["form-TOTAL_FORMS"] = str(min(int(data["form-TOTAL_FORMS"]) + 5, delegate_forms.MOST_ROWS))
        formset, reason = delegate_forms.RowFormSet(data), delegate_forms.ReasonForm(data)
        valid = formset.is_valid() & reason.is_valid()
        if "more" in data:
            return self.render_to_response(self.get_context_data(formset=formset, reason_form=reason))
        if valid and self.save(formset, reason):
            return redirect(request.path)
        messages.error(request, _("Nothing was saved yet: correct the marked entries first."))
        return self.render_to_response(self.get_context_data(formset=formset, reason_form=reason))

    def save(self, formset, reason) -> bool:
        """Call the domain; returns whether it accepted the list, else the forms hold the errors."""
        numbered = {number: form for number, form in enumerate(formset.forms, start=1) if form.corrected(number)}
        rows = [form.corrected(number) for number, form in numbered.items()]
        try:
            done = delegate_corrections.correct(self.object, rows, by=self.request.user, reason=reason.cleaned_data["reason"])
        except DelegatesRefused as refusal:
            for error in refusal.errors:
                form = numbered.get(error.row)
                if form is None:
                    reason.add_error(None, error.message)
                else:
                    form.add_error(error.field or None, error.message)
            return False
        except Refused as refusal:
            reason.add_error("reason", str(refusal))
            return False
        _report(self.request, done)
        return True

    def get_context_data(self, *, formset, reason_form=None, **kwargs):
        """Add the rows of the formset."""
        present = set(attendance.attended(self.object).values_list("pk", flat=True))
        return super().get_context_data(
            formset=formset,
            rows=delegate_forms.rows_of(formset, present),
            form=reason_form or delegate_forms.ReasonForm(),
            may_come=delegate_corrections.day_has_come(self.object),
            is_completed=self.object.status == VisitStatus.COMPLETED,
            **kwargs,
        )


class CorrectDelegateView(VisitFormView):
    """Correct one person, and the certificate if there is one."""

    any_permission_required = CORRECTING
    template_name = "visits/staff/correct_delegate.html"
    form_class = delegate_forms.CorrectForm
    page_title = gettext_lazy("Correct a delegate")
    explanation = gettext_lazy(
        "The certificate is replaced in the same step: the new one carries a new number, and the verification page of the old one leads "
        "to it. The guest is told by mail and on the page of the visit."
    )

    def setup(self, request, *args, **kwargs):
        """Read the delegate of the visit."""
        super().setup(request, *args, **kwargs)
        self.delegate = get_object_or_404(self.object.delegates, pk=kwargs["delegate_pk"])

    @property
    def back_url(self):
        return reverse("visits_staff:delegates", args=[self.object.pk])

    back_label = gettext_lazy("Back to the list")

    def get_obstacle(self):
        return _obstacle(self.object)

    def go_back(self, warning):
        """To the visit: the list cannot be opened either."""
        messages.warning(self.request, warning)
        return redirect(self.desk_url)

    def get_initial(self):
        return delegate_forms.shown(self.delegate)

    def get_form_kwargs(self):
        may_come = delegate_corrections.day_has_come(self.object)
        present = may_come and attendance.attended(self.object).filter(pk=self.delegate.pk).exists()
        return {**super().get_form_kwargs(), "may_come": may_come and not present}

    def perform(self, form):
        data = form.cleaned_data
        row = CorrectedRow(form.person(1), self.delegate.pk, data["seen"], bool(data.get("came")))
        return {"done": delegate_corrections.correct(self.object, [row], by=self.request.user, reason=data["reason"])}

    def report(self, values):
        _report(self.request, values["done"])

    def add_refusal(self, form, refusal):
        """Show the errors of the row at their fields."""
        if not isinstance(refusal, DelegatesRefused):
            super().add_refusal(form, refusal)
            return
        for error in refusal.errors:
            form.add_error(error.field or None, error.message)

    def get_context_data(self, **kwargs):
        """Add the valid certificate of the person."""
        certificate = self.delegate.certificates.filter(status="issued").first()
        return super().get_context_data(
            delegate=self.delegate, certificate=certificate, may_certify=self.user_has_permission(CERTIFY), **kwargs
        )
