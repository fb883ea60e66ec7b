"""The desk page of a visit with all its data and possible actions, and the page of its history."""

from functools import cache
from urllib.parse import urlencode

from django.forms import BooleanField, Form
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton

from visits.domain import conversation
from visits.domain.calendar_days import local_date
from visits.enums import FINISHED
from visits.models import ReplyLetter
from visits.permissions import ANY_OF_VISIT, AUDIT, CERTIFY, DECIDE, RECEIVE, REGISTER, WRITING_TO_GUESTS
from visits.queries.desk import clip, desk, read_visits
from visits.queries.history import actor_of
from visits.queries.missing import Missing
from visits.staff import actions, forms
from visits.staff.delegates import CORRECTING
from visits.staff.views import VisitObjectMixin


class LookForm(Form):
    """Query parameter: whether long lists are shown completely."""

    all = BooleanField(required=False)


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

    def get_base_object_queryset(self):
        """Without the rows that desk() reads."""
        return read_visits()

    def get_context_data(self, **kwargs):
        may = cache(self.user_has_permission)
        look = LookForm(self.request.GET)
        everything = look.is_valid() and look.cleaned_data["all"]
        read = desk(self.object, may=may, everything=everything)
        possible = actions.possible_actions(self.object, may)
        other_date = next((action.url_for(self.object) for action in possible if action in (actions.MOVE, actions.PROPOSE)), "")
        may_write = may(DECIDE) and conversation.can_write(self.object) and bool(self.object.contact_email)
        settled = [(each, self.url_of(each, may)) for each in read.missing]
        reads_record = any(may(permission) for permission in (DECIDE, RECEIVE, AUDIT))
        return super().get_context_data(
            desk=read,
            missing=settled,
            lists=read.lists | {"missing": clip("missing", settled, everything=everything)},
            today=local_date(timezone.now()),
            actions=[(action, action.url_for(self.object)) for action in possible],
            other_date_url=other_date,
            assign_url=self.assign_url if may(DECIDE) and actions.ASSIGN.is_possible(self.object) else "",
            write_form=forms.WriteForm() if may_write else None,
            is_finished=self.object.status in FINISHED,
            may_certify=may(CERTIFY),
            may_decide=may(DECIDE),
            may_correct=any(may(permission) for permission in CORRECTING),
            may_read_record=reads_record,
            may_read_needs=reads_record,
            may_reach_guests=any(may(permission) for permission in WRITING_TO_GUESTS),
            may_file_mail=may(DECIDE) or may(REGISTER),
            may_receive=may(RECEIVE),
            may_read_reception=may(RECEIVE) or may(AUDIT),
            may_preview_letter=may(DECIDE) and any(reply.state == ReplyLetter.State.DRAFT for reply in read.replies),
            can_issue=actions.CERTIFICATES.is_possible(self.object) and (read.without_certificate > 0 or read.unfinished > 0),
            **kwargs,
        )

    @property
    def assign_url(self) -> str:
        """The page that gives this visit to an officer."""
        query = urlencode({"id": self.object.pk, "next": self.desk_url})
        return f"{reverse('wagtail_bulk_action', args=['visits', 'visit', 'assign'])}?{query}"

    def url_of(self, each: Missing, may) -> str:
        """Address of the page that settles a missing thing, for those who may open it."""
        permissions = SETTLED_BY.get(each.page, ())
        return reverse(f"visits_staff:{each.page}", args=[self.object.pk]) if any(map(may, permissions)) else ""


SETTLED_BY = {
    "accept_date": (DECIDE,),
    "approve": (DECIDE,),
    "grant_seats": (DECIDE,),
    "place": (DECIDE,),
    "register": (DECIDE, REGISTER),
    "agenda": (DECIDE, RECEIVE),
    "delegates": CORRECTING,
    "correspondence": ANY_OF_VISIT,
    "preparation": ANY_OF_VISIT,
}
"""Pages on which missing things are settled, and who opens them."""


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
