"""Mail that arrived and belongs to no visit yet, and the button with which staff say that they looked at one."""

from django import forms
from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet

from visits.domain import answers
from visits.models import InboundMessage, MailboxReading, Visit
from visits.permissions import AUDIT, DECIDE, REGISTER
from visits.staff.views import ButtonMixin, StaffFormView

MOST_MAILS = 30
"""Mails that the page shows; the next ones come when these are filed."""


class ReceivedMailView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """The mails that belong to no visit yet, the oldest first."""

    model = Visit
    any_permission_required = [REGISTER, DECIDE, AUDIT]
    template_name = "visits/staff/received_mail.html"
    page_title = gettext_lazy("Received mail")
    header_icon = "mail"

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        waiting = answers.not_assigned()
        return super().get_context_data(
            mails=[(mail, answers.possible_visit(mail)) for mail in waiting[:MOST_MAILS]],
            count=waiting.count(),
            reading=MailboxReading.objects.first(),
            is_on=bool(settings.INBOX_URL),
            may_file=self.user_has_permission(REGISTER) or self.user_has_permission(DECIDE),
            **kwargs,
        )


class AssignForm(forms.Form):
    """The visit to which a mail belongs."""

    reference = forms.CharField(
        max_length=20, error_messages={"required": gettext_lazy("Enter the reference of the visit, for example KJ-2026-0042.")}
    )


class _MailButton(ButtonMixin, StaffFormView):
    """A button on one mail."""

    model = Visit
    any_permission_required = [REGISTER, DECIDE]

    @cached_property
    def mail(self) -> InboundMessage:
        """The mail of the URL."""
        return get_object_or_404(InboundMessage.objects.select_related("visit"), pk=self.kwargs["pk"])

    @property
    def back_url(self) -> str:
        if self.mail.visit_id:
            return f"{reverse('visits_staff:inspect', args=[self.mail.visit_id])}#thread-heading"
        return reverse("visits_received_mail:index")


class AssignView(_MailButton):
    """Files a mail with a visit."""

    form_class = AssignForm
    success_message = gettext_lazy("The mail is filed with %(visit)s.")

    def perform(self, form):
        return {"visit": answers.assign(self.mail, form.cleaned_data["reference"], by=self.request.user).reference}


class SettleView(_MailButton):
    """Says that a mail was looked at."""

    success_message = gettext_lazy("Settled.")

    def perform(self, form):
        answers.settle(self.mail, by=self.request.user)


class ReceivedMailMenuItem(MenuItem):
    """Shown to those who may read the list."""

    def is_shown(self, request):
        return any(request.user.has_perm(f"visits.{action}_visit") for action in ReceivedMailView.any_permission_required)


class ReceivedMailViewSet(ViewSet):
    """Mail that arrived."""

    name = "visits_received_mail"
    url_prefix = "visits/received-mail"
    icon = "mail"
    menu_label = gettext_lazy("Received mail")
    menu_item_class = ReceivedMailMenuItem

    def get_urlpatterns(self):
        return [
            path("", ReceivedMailView.as_view(), name="index"),
            path("<int:pk>/assign/", AssignView.as_view(), name="assign"),
            path("<int:pk>/settle/", SettleView.as_view(), name="settle"),
        ]
