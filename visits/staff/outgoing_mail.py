"""Viewset of outgoing mail."""

from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from visits.domain import mail_decisions
from visits.domain.errors import Refused
from visits.enums import MessageStatus
from visits.mail import secret_links
from visits.mail.messages import CALENDAR_FILE, write
from visits.models import OutboundMessage
from visits.staff.tables import ReadOnlyViewSet


class MessageFilterSet(WagtailFilterSet):
    """Filters by status and kind."""

    class Meta:
        model = OutboundMessage
        fields = ["status", "kind"]


def _subject_of(message: OutboundMessage) -> str:
    """What the mail is about: the visit, or a request that is only saved so far."""
    if message.data_request_id:
        return _("Request about personal data")
    return message.visit.reference or message.visit.organisation if message.visit else _("Saved request")


def _what_to_do(message: OutboundMessage) -> str:
    """Why a mail did not leave and what helps, with the words of the mail server for the operator."""
    if not message.problem:
        return message.last_error
    return f"{message.get_problem_display()} ({message.last_error})" if message.last_error else message.get_problem_display()


class RetryColumn(Column):
    """A button to send a failed or held mail again."""

    cell_template_name = "visits/staff/cells/retry.html"


class MessageIndexView(IndexView):
    """The outbox, newest first."""

    def get_base_queryset(self):
        return OutboundMessage.objects.select_related("visit").order_by("-created_at", "-pk")

    @cached_property
    def columns(self):
        """Computed for each request, because only some users may retry."""
        shown = [
            TitleColumn(
                "kind",
                label=gettext_lazy("Mail"),
                accessor="get_kind_display",
                width="24%",
                get_url=lambda message: reverse("visits_mail:view", args=[message.pk]),
            ),
            TitleColumn(
                "visit",
                label=gettext_lazy("Visit"),
                accessor=_subject_of,
                get_url=lambda message: reverse("visits_staff:inspect", args=[message.visit_id]) if message.visit_id else None,
            ),
            Column("recipient", label=gettext_lazy("To"), accessor="recipient"),
            Column("status", label=gettext_lazy("Status"), accessor="get_status_display", sort_key="status"),
            Column("problem", label=gettext_lazy("What to do"), accessor=_what_to_do, width="26%"),
            DateColumn("created_at", label=gettext_lazy("Written"), sort_key="created_at"),
        ]
        return [*shown, RetryColumn("retry", label="")] if self.user_has_permission("change") else shown


class MessageView(PermissionCheckedMixin, BaseObjectMixin, WagtailAdminTemplateMixin, TemplateView):
    """One mail as it was written, without its secret link; who may can hold it back or send it again."""

    model = OutboundMessage
    permission_required = "view"
    template_name = "visits/staff/mail.html"
    page_title = gettext_lazy("Outgoing mail")
    header_icon = "mail"
    index_url_name = None
    decide_url_name = None

    def get_page_subtitle(self):
        return self.object.title

    def get_breadcrumbs_items(self):
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(self.index_url_name), "label": self.page_title},
            {"url": "", "label": self.object.title},
        ]

    def get_context_data(self, **kwargs):
        """A mail that has no text yet, see outbox.queue_first(), is shown as it would leave now."""
        message = self.object
        if not message.text:
            write(message)
        may_decide = self.user_has_permission("change")
        return super().get_context_data(
            mail=message,
            text=secret_links.masked(message.text),
            what_to_do=_what_to_do(message),
            decide_url=reverse(self.decide_url_name, args=[message.pk]),
            can_hold=may_decide and message.status == MessageStatus.QUEUED,
            can_send=may_decide and message.status in mail_decisions.MAY_BE_SENT,
            file=CALENDAR_FILE if message.calendar else "",
            **kwargs,
        )


class DecideView(PermissionCheckedMixin, BaseObjectMixin, WagtailAdminTemplateMixin, View):
    """Holds a waiting mail back, or sends a mail again."""

    model = OutboundMessage
    permission_required = "change"
    http_method_names = ["post", "options"]
    index_url_name = None
    view_url_name = None

    def post(self, request, *args, **kwargs):
        """Back to where the button was pressed; pressing twice sends once."""
        try:
            if request.POST.get("action") == "hold":
                mail_decisions.hold(self.object, by=request.user)
                messages.success(request, _("The mail is held back. The recipient knows nothing of it."))
            else:
                mail_decisions.send(self.object, seen=request.POST.get("seen", ""), by=request.user)
                messages.success(request, _("The mail will be sent again."))
        except Refused as refused:
            messages.warning(request, str(refused))
        if request.POST.get("from") == "list":
            return redirect(reverse(self.index_url_name))
        return redirect(reverse(self.view_url_name, args=[self.object.pk]))


class MessageViewSet(ReadOnlyViewSet):
    """The outbox."""

    model = OutboundMessage
    name = "visits_mail"
    url_prefix = "visits/mail"
    icon = "mail"
    menu_label = gettext_lazy("Outgoing mail")
    index_view_class = MessageIndexView
    filterset_class = MessageFilterSet
    search_fields = ["recipient", "visit__reference", "visit__organisation"]
    list_per_page = 50

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/", self.construct_view(MessageView), name="view"),
            path("<int:pk>/decide/", self.construct_view(DecideView), name="decide"),
        ]

    def get_common_view_kwargs(self, **kwargs):
        names = {"view_url_name": self.get_url_name("view"), "decide_url_name": self.get_url_name("decide")}
        return super().get_common_view_kwargs(**{**names, **kwargs})
