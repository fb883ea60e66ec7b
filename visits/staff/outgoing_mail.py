"""Viewset of outgoing mail."""

from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from visits.domain import outbox
from visits.domain.errors import Refused
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
    return f"{message.get_problem_display()} ({message.last_error})" if message.problem and message.last_error else message.last_error


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
                get_url=lambda message: reverse("visits_staff:inspect", args=[message.visit_id]) if message.visit_id else None,
            ),
            Column("visit", label=gettext_lazy("Visit"), accessor=_subject_of),
            Column("recipient", label=gettext_lazy("To"), accessor="recipient"),
            Column("status", label=gettext_lazy("Status"), accessor="get_status_display", sort_key="status"),
            Column("problem", label=gettext_lazy("What to do"), accessor=_what_to_do, width="26%"),
            DateColumn("created_at", label=gettext_lazy("Written"), sort_key="created_at"),
        ]
        return [*shown, RetryColumn("retry", label="")] if self.user_has_permission("change") else shown


class RetryView(PermissionCheckedMixin, BaseObjectMixin, WagtailAdminTemplateMixin, View):
    """Queues a failed mail again."""

    model = OutboundMessage
    permission_required = "change"
    http_method_names = ["post", "options"]
    index_url_name = None

    def post(self, request, *args, **kwargs):
        """Only for failed or held mail; pressing twice sends once."""
        try:
            outbox.retry(self.object, by=request.user)
        except Refused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, _("The mail will be sent again."))
        return redirect(reverse(self.index_url_name))


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
        return [*super().get_urlpatterns(), path("retry/<int:pk>/", self.construct_view(RetryView), name="retry")]
