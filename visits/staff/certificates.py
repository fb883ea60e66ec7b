"""Certificates: making those that are missing or failed, and revoking one."""

from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from visits.domain import certificates
from visits.domain.errors import MoveRefused
from visits.enums import CertificateStatus
from visits.permissions import CERTIFY
from visits.staff import forms
from visits.staff.actions import VisitObjectMixin


class IssueCertificatesView(PermissionCheckedMixin, VisitObjectMixin, View):
    """Plan what is missing and try again what failed; pressing twice makes nothing twice."""

    permission_required = CERTIFY
    http_method_names = ["post", "options"]

    def post(self, request, *args, **kwargs):
        """Put them in line."""
        try:
            waiting = certificates.retry(self.object)
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
        else:
            if waiting:
                messages.success(
                    request,
                    ngettext("%(count)d certificate is being made.", "%(count)d certificates are being made.", waiting)
                    % {"count": waiting},
                )
            else:
                messages.warning(request, _("Everyone who attended has a certificate already."))
        return redirect(self.desk_url)


class RevokeView(PermissionCheckedMixin, VisitObjectMixin, FormView):
    """Withdraw one certificate with a reason."""

    permission_required = CERTIFY
    template_name = "visits/staff/revoke.html"
    form_class = forms.RevokeForm
    page_title = gettext_lazy("Revoke a certificate")

    def setup(self, request, *args, **kwargs):
        """Read the certificate; it must belong to the visit."""
        super().setup(request, *args, **kwargs)
        self.certificate = get_object_or_404(self.object.certificates.select_related("visit"), pk=kwargs["certificate_pk"])

    def get(self, request, *args, **kwargs):
        """Ask for the reason, unless it is revoked already."""
        if self.certificate.status == CertificateStatus.REVOKED:
            messages.warning(request, _("This certificate is revoked already."))
            return redirect(self.desk_url)
        return super().get(request, *args, **kwargs)

    def form_valid(self, form):
        """Revoke."""
        try:
            certificates.revoke(self.certificate, by=self.request.user, reason=form.cleaned_data["reason"])
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("Certificate %(number)s is revoked.") % {"number": self.certificate.number})
        return redirect(self.desk_url)

    def get_context_data(self, **kwargs):
        """Add the certificate."""
        return super().get_context_data(certificate=self.certificate, **kwargs)
