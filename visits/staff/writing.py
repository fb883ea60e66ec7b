"""Free words to the guest from the desk."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from visits.domain import conversation
from visits.domain.errors import MoveRefused
from visits.permissions import DECIDE
from visits.staff import forms
from visits.staff.actions import VisitObjectMixin


class WriteView(PermissionCheckedMixin, VisitObjectMixin, FormView):
    """Add words to the thread and mail them. The form stands on the desk page; here it comes back with what was typed."""

    permission_required = DECIDE
    template_name = "visits/staff/write.html"
    form_class = forms.WriteForm
    page_title = gettext_lazy("Write to the guest")

    def form_valid(self, form):
        """Write; what the domain refuses comes back as a sentence."""
        try:
            conversation.write(self.object, form.cleaned_data["text"], author=self.request.user)
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("Your message is on its way to the guest."))
        return redirect(f"{self.desk_url}#thread-heading")
