"""Bulk actions on visits of the list: each visit is decided separately, and a page lists the results."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.bulk_action import BulkAction

from visits.domain import assignment, decisions
from visits.domain.errors import Refused
from visits.models import Visit
from visits.permissions import DECIDE
from visits.staff import actions, forms

MAX_VISITS = 100
"""More than a page of the list has; additional visits are ignored."""


@dataclass(frozen=True)
class Outcome:
    """Result for a visit; ``refusal`` says why it was not changed."""

    visit: Visit
    refusal: str = ""


class VisitBulkAction(BulkAction):
    """One form, and a decision with its own transaction for each visit."""

    models = [Visit]
    action: actions.Action
    template_name = "visits/staff/bulk.html"

    def dispatch(self, request, *args, **kwargs):
        """Check the permission before any names of visits are shown."""
        if not request.user.has_perm(f"visits.{DECIDE}_visit"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def check_perm(self, obj):
        """Whether the action is possible for the visit."""
        return self.action.is_possible(obj)

    def get_actionable_objects(self):
        """Only the selected visits; “select all” is not supported."""
        wanted = forms.SelectedVisitsForm(self.request.GET)
        keys = wanted.cleaned_data["id"] if wanted.is_valid() else []
        rows = (
            Visit.objects.select_related("programme", "slot", "region").filter(pk__in=keys[:MAX_VISITS]).order_by("slot__starts_at", "pk")
        )
        possible, impossible = [], []
        for visit in rows:
            (possible if self.check_perm(visit) else impossible).append(visit)
        return possible, {"items_with_no_access": impossible}

    def decide(self, visit: Visit, data: dict) -> None:
        """Call the domain for one visit. Raises Refused."""
        raise NotImplementedError

    def form_valid(self, form):
        """Decide about each visit with the revision that the page showed."""
        data = dict(form.cleaned_data)
        shown = data.pop("revisions")
        visits, others = self.get_actionable_objects()
        outcomes = []
        for visit in visits:
            visit.revision = shown.get(visit.pk, visit.revision)
            try:
                self.decide(visit, data)
                outcomes.append(Outcome(visit))
            except Refused as refusal:
                outcomes.append(Outcome(visit, str(refusal)))
        not_possible = _("Not possible for a visit that is “%(status)s”.")
        outcomes += [Outcome(visit, str(not_possible) % {"status": visit.get_status_display()}) for visit in others["items_with_no_access"]]
        context = {
            "action": self.action,
            "done": [outcome for outcome in outcomes if not outcome.refusal],
            "refused": [outcome for outcome in outcomes if outcome.refusal],
            "next": self.next_url,
        }
        return render(self.request, "visits/staff/bulk_done.html", context)

    def get_context_data(self, **kwargs):
        """Add the action and the revisions of the visits."""
        context = super().get_context_data(**kwargs)
        visits = [item["item"] for item in context["items"]]
        return context | {
            "action": self.action,
            "visits": visits,
            "revisions": ",".join(f"{visit.pk}:{visit.revision}" for visit in visits),
        }


class AskBulkAction(VisitBulkAction):
    """Ask several guests the same question."""

    action = actions.ASK
    display_name = _("Ask for information")
    aria_label = _("Ask the selected guests for information")
    action_type = "ask"
    action_priority = 10
    form_class = forms.BulkAskForm

    def decide(self, visit, data):
        decisions.ask_for_information(visit, by=self.request.user, **data)


class DeclineBulkAction(VisitBulkAction):
    """Decline several requests with one reason."""

    action = actions.DECLINE
    display_name = _("Decline")
    aria_label = _("Decline the selected requests")
    action_type = "decline"
    action_priority = 20
    classes = {"serious"}
    form_class = forms.BulkDeclineForm

    def decide(self, visit, data):
        decisions.decline(visit, by=self.request.user, **data)


class AssignBulkAction(VisitBulkAction):
    """Give several visits to an officer."""

    action = actions.ASSIGN
    display_name = _("Assign to an officer")
    aria_label = _("Assign the selected visits to an officer")
    action_type = "assign"
    action_priority = 5
    form_class = forms.AssignForm

    def decide(self, visit, data):
        assignment.assign(visit, data["officer"], by=self.request.user)


BULK_ACTIONS = (AssignBulkAction, AskBulkAction, DeclineBulkAction)
