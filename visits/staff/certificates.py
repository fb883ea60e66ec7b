"""Pages of the certificates of a visit: issue with progress, seal, replace and revoke."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from visits.documents.certificate_designs import Design
from visits.domain import attendance, certificates
from visits.domain.errors import Refused
from visits.models import Delegate
from visits.models.certificate import WITHDRAWN
from visits.permissions import ANY_OF_VISIT, CERTIFY
from visits.queries.certificates import progress_of
from visits.staff import actions, certificate_forms
from visits.staff.views import ButtonMixin, VisitFormView, VisitObjectMixin


class CertificatesMixin(VisitObjectMixin):
    """A page about the certificates of a visit."""

    @property
    def back_url(self) -> str:
        return reverse("visits_staff:certificates", args=[self.object.pk])

    @cached_property
    def without(self):
        """Delegates who attended and have no certificate."""
        served = self.object.certificates.exclude(status__in=WITHDRAWN).exclude(delegate=None)
        return attendance.attended(self.object).exclude(pk__in=served.values("delegate"))

    def asks_for(self) -> tuple[str, ...]:
        """Fields that the configured signer asks for; empty if the signer does not work."""
        # Imported here because pyHanko takes a second to load and most pages do not need it.
        from visits.documents import signing

        try:
            return signing.chosen().asks_for
        except signing.SigningStopped as error:
            messages.error(self.request, str(error))
            return ()


class CertificatesView(PermissionCheckedMixin, CertificatesMixin, TemplateView):
    """All certificates of a visit with their progress and the possible actions."""

    any_permission_required = ANY_OF_VISIT
    template_name = "visits/staff/certificates.html"
    page_title = gettext_lazy("Certificates")

    def get_context_data(self, **kwargs):
        rows = list(self.object.certificates.select_related("replaced_by", "delegate"))
        may = self.user_has_permission(CERTIFY) and actions.CERTIFICATES.is_possible(self.object)
        progress = progress_of(rows)
        asked = self.asks_for() if may and progress.drawn else ()
        without = list(self.without) if may else []
        return super().get_context_data(
            rows=rows,
            progress=progress,
            issue_form=certificate_forms.IssueForm(people=self.without)
            if may and (without or progress.failed or progress.planned)
            else None,
            seal_form=certificate_forms.SealForm(asks_for=asked) if asked else None,
            may_certify=may,
            **kwargs,
        )


class ProgressView(PermissionCheckedMixin, CertificatesMixin, View):
    """The progress of the certificates, as an HTML fragment."""

    any_permission_required = ANY_OF_VISIT

    def get(self, request, *args, **kwargs):
        context = {"progress": progress_of(self.object.certificates.all()), "visit": self.object}
        return render(request, "visits/staff/_certificates_progress.html", context)


class CertificateFormView(CertificatesMixin, VisitFormView):
    """A form about certificates of the visit."""

    any_permission_required = Design.made_by
    back_label = gettext_lazy("Back to the certificates")


class IssueCertificatesView(ButtonMixin, CertificateFormView):
    """Plans missing certificates and retries failed ones; pressing twice creates none twice."""

    form_class = certificate_forms.IssueForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "people": self.without}

    def perform(self, form):
        template, people = form.cleaned_data["template"], form.cleaned_data["people"]
        if people:
            waiting = len(certificates.plan(self.object, template=template, only={person.pk for person in people}))
        else:
            waiting = certificates.retry(self.object, template=template)
        return {"count": waiting}

    def report(self, values):
        if not values["count"]:
            messages.warning(self.request, _("Everyone who attended has a certificate already."))
            return
        sentence = ngettext("%(count)d certificate is being made.", "%(count)d certificates are being made.", values["count"])
        messages.success(self.request, sentence % values)


@method_decorator(sensitive_post_parameters("passphrase", "totp"), name="dispatch")
class SealView(ButtonMixin, CertificateFormView):
    """Seals drawn certificates with the passphrase or code of this request, which is not stored."""

    form_class = certificate_forms.SealForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "asks_for": self.asks_for()}

    def perform(self, form):
        """Seal. What was sealed before an error stays sealed."""
        from visits.documents import issue, paper_files, signing

        try:
            issued = issue.seal_drawn(self.object.pk, signing.Secrets(**form.cleaned_data))
        except (signing.SigningStopped, paper_files.DiskRefused) as error:
            raise Refused(str(error)) from error
        return {"count": issued}

    def report(self, values):
        sentence = ngettext("%(count)d certificate is sealed.", "%(count)d certificates are sealed.", values["count"])
        messages.success(self.request, sentence % values)


class CodeView(ButtonMixin, CertificateFormView):
    """Asks the signing service to send a one-time code to the keeper of the seal."""

    success_message = gettext_lazy("The code was asked for. It comes to the keeper of the seal.")

    def perform(self, form):
        from visits.documents import signing

        try:
            signer = signing.chosen()
            if hasattr(signer, "request_code"):
                signer.request_code()
        except signing.SigningStopped as error:
            raise Refused(str(error)) from error


class SpeakerView(CertificateFormView):
    """A certificate for a speaker who is not a delegate."""

    form_class = certificate_forms.SpeakerForm
    page_title = gettext_lazy("Certificate for a speaker")
    explanation = gettext_lazy("For somebody who spoke at this visit and is not on the list of delegates.")
    button = gettext_lazy("Issue the certificate")
    success_message = gettext_lazy("Certificate %(number)s is being made.")

    def perform(self, form):
        person = {name: form.cleaned_data[name] for name in ("name", "position", "unit")}
        certificate = certificates.plan_for_speaker(self.object, Delegate(**person), template=form.cleaned_data["template"])
        return {"number": certificate.number}


class _OneCertificateView(CertificateFormView):
    def setup(self, request, *args, **kwargs):
        """Read the certificate of the visit."""
        super().setup(request, *args, **kwargs)
        rows = self.object.certificates.select_related("visit", "delegate", "template")
        self.certificate = get_object_or_404(rows, pk=kwargs["certificate_pk"])

    def get_obstacle(self):
        return _("This certificate is withdrawn already.") if self.certificate.status in WITHDRAWN else ""

    def get_explanation(self):
        return self.explanation % {"number": self.certificate.number, "name": self.certificate.snapshot["name"]}


class RevokeView(_OneCertificateView):
    """Revokes a certificate with a reason."""

    form_class = certificate_forms.RevokeForm
    page_title = gettext_lazy("Revoke a certificate")
    explanation = gettext_lazy(
        "Certificate %(number)s of %(name)s will no longer be valid. Its number stays taken and its verification page says that "
        "it is revoked. This cannot be undone."
    )
    button = gettext_lazy("Revoke")
    is_danger = True
    success_message = gettext_lazy("Certificate %(number)s is revoked.")

    def perform(self, form):
        certificates.revoke(self.certificate, by=self.request.user, reason=form.cleaned_data["reason"])
        return {"number": self.certificate.number}


class ReplaceView(_OneCertificateView):
    """Replaces a certificate by one with the current data of the list of delegates."""

    form_class = certificate_forms.ReplaceForm
    page_title = gettext_lazy("Replace a certificate")
    explanation = gettext_lazy(
        "Certificate %(number)s of %(name)s will be replaced by a new one with a new number, which says what the list of delegates "
        "says now. Correct the list first. The verification page of the old one leads to the new one."
    )
    button = gettext_lazy("Replace")
    success_message = gettext_lazy("Certificate %(number)s is replaced by %(replacement)s.")

    def get_form_kwargs(self):
        """Speakers are corrected in this form, because they are not on the list of delegates."""
        snapshot = self.certificate.snapshot
        speaker = None
        if self.certificate.delegate_id is None:
            speaker = Delegate(name=snapshot["name"], position=snapshot["position"], unit=snapshot["organisation"])
        return {**super().get_form_kwargs(), "speaker": speaker}

    def perform(self, form):
        person = {name: form.cleaned_data[name] for name in ("name", "position", "unit") if name in form.cleaned_data}
        new = certificates.replace(
            self.certificate,
            by=self.request.user,
            reason=form.cleaned_data["reason"],
            template=form.cleaned_data["template"],
            speaker=Delegate(visit=self.object, **person) if person else None,
        )
        return {"number": self.certificate.number, "replacement": new.number}
