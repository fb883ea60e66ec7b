"""The desk page of a visit with all its data and possible actions, and the page of its history."""

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton

from visits.domain import conversation
from visits.enums import FINISHED
from visits.models.certificate import WITHDRAWN
from visits.permissions import ANY_OF_VISIT, AUDIT, CERTIFY, DECIDE, RECEIVE
from visits.queries.desk import desk
from visits.queries.history import actor_of
from visits.staff import actions, forms
from visits.staff.views import VisitObjectMixin


class DeskView(PermissionCheckedMixin, VisitObjectMixin, TemplateView):
    """Request, letter, contact, delegates, attendance, thread, certificates, rules and history of a visit."""

    any_permission_required = ANY_OF_VISIT
    template_name = "visits/staff/desk.html"
    page_title = _("Visit")
    history_url_name = None
    url_namespace = ""

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": _("Visits")},
            {"url": "", "label": self.object.reference or self.object.organisation},
        ]

    @cached_property
    def header_buttons(self):
        return [HeaderButton(_("History"), url=reverse(self.history_url_name, args=[self.object.pk]), icon_name="history")]

    def get_context_data(self, **kwargs):
        possible = actions.possible_actions(self.object, self.user_has_permission)
        read = desk(self.object)
        other_date = next((action.url_for(self.object) for action in possible if action in (actions.MOVE, actions.PROPOSE)), "")
        may_write = self.user_has_permission(DECIDE) and conversation.can_write(self.object) and bool(self.object.contact_email)
        attended_without = read.present - sum(1 for c in read.certificates if c.delegate_id and c.status not in WITHDRAWN)
        return super().get_context_data(
            desk=read,
            actions=[(action, action.url_for(self.object)) for action in possible],
            other_date_url=other_date,
            write_form=forms.WriteForm() if may_write else None,
            is_finished=self.object.status in FINISHED,
            may_certify=self.user_has_permission(CERTIFY),
            may_read_record=any(self.user_has_permission(permission) for permission in (DECIDE, RECEIVE, AUDIT)),
            may_receive=self.user_has_permission(RECEIVE),
            may_read_reception=self.user_has_permission(RECEIVE) or self.user_has_permission(AUDIT),
            can_issue=actions.CERTIFICATES.is_possible(self.object) and (attended_without > 0 or read.unfinished > 0),
            **kwargs,
        )


class VisitHistoryView(HistoryView):
    """The log of a visit; it links to the desk page, because visits have no edit form."""

    any_permission_required = ANY_OF_VISIT
    inspect_url_name = None

    @cached_property
    def columns(self):
        """Say for the guest who acted, instead of nobody."""
        actor = Column("actor", label=_("Who"), accessor=actor_of, width="25%")
        return [actor if column.name == "user" else column for column in super().columns]

    def get_edit_url(self, instance):
        return reverse(self.inspect_url_name, args=[instance.pk])

    @cached_property
    def header_buttons(self):
        return [HeaderButton(_("To the visit"), url=self.get_edit_url(self.object), icon_name="arrow-left")]
