"""What staff can do with a visit: one page per action, a form that posts, and the domain that decides.

Every page carries the revision of the visit that it showed; if somebody acted meanwhile, the domain refuses and the form
comes back with a sentence and with what was typed.
"""

from django.db.models import Prefetch
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from visits.domain import decisions
from visits.domain.errors import MoveRefused
from visits.enums import Actor, MessageKind
from visits.models import Proposal, Visit
from visits.queries.desk import reception
from visits.staff import forms, offers
from visits.staff.preview import preview


class VisitObjectMixin(BaseObjectMixin, WagtailAdminTemplateMixin):
    """A page about one visit: its row with all that is shown, its trail and its way back."""

    model = Visit
    index_url_name = None
    inspect_url_name = None
    header_icon = "calendar-check"

    def get_base_object_queryset(self):
        """The visit with programme, session and region, and its proposed dates; two queries."""
        return Visit.objects.select_related("programme", "slot", "region__parent", "decided_by").prefetch_related(
            Prefetch("proposals", Proposal.objects.select_related("slot__programme", "author"))
        )

    def get_page_subtitle(self):
        """Reference and organisation."""
        return str(self.object)

    @property
    def desk_url(self) -> str:
        """The desk page of the visit."""
        return reverse(self.inspect_url_name, args=[self.object.pk])

    def get_breadcrumbs_items(self):
        """Home, list, visit, this page."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": gettext_lazy("Visits")},
            {"url": self.desk_url, "label": self.object.reference or self.object.organisation},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs):
        """Add the visit."""
        return super().get_context_data(visit=self.object, desk_url=self.desk_url, **kwargs)


class ActionView(PermissionCheckedMixin, VisitObjectMixin, FormView):
    """A move of a visit. Subclasses name the permission, the form and the function of the domain."""

    offer: offers.Offer
    template_name = "visits/staff/action.html"
    explanation = ""
    done = ""
    mail_kind: MessageKind | None = None
    mail_words = ""

    @property
    def permission_required(self):
        """The action's own permission; checked before anything happens."""
        return self.offer.permission

    def get_page_title(self):
        """The action's name."""
        return self.offer.label

    def dispatch(self, request, *args, **kwargs):
        """Show the form only while the action is possible; a post is always decided by the domain."""
        response = super().dispatch(request, *args, **kwargs)
        if request.method == "GET" and not self.offer.is_possible(self.object):
            messages.warning(
                request,
                _("“%(action)s” is not possible: the visit is “%(status)s”.")
                % {"action": self.offer.label, "status": self.object.get_status_display()},
            )
            return redirect(self.desk_url)
        return response

    def get_initial(self):
        """The revision that this page shows."""
        return {"revision": self.object.revision}

    def perform(self, visit: Visit, data: dict) -> None:
        """Call the domain; raises MoveRefused."""
        raise NotImplementedError

    def form_valid(self, form):
        """Let the domain decide; what it refuses comes back as a sentence with the form kept."""
        if "preview" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        data = dict(form.cleaned_data)
        self.object.revision = data.pop("revision")
        try:
            self.perform(self.object, data)
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, self.done % {"visit": self.object})
        return redirect(self.desk_url)

    def get_context_data(self, **kwargs):
        """Add what the page says and the mail that will leave."""
        context = super().get_context_data(**kwargs)
        context |= {"offer": self.offer, "explanation": self.explanation}
        if self.mail_kind:
            context["mail"] = self.get_preview(context["form"][self.mail_words].value() or "")
        return context

    def get_preview(self, words: str):
        """The mail that will leave with these words."""
        return preview(self.object, self.mail_kind, note=words)


class DeclineView(ActionView):
    """Refuse the request."""

    offer = offers.DECLINE
    form_class = forms.DeclineForm
    explanation = gettext_lazy("The seats are free at once and the guest reads your reason. This cannot be undone.")
    done = gettext_lazy("%(visit)s is declined. The guest gets your reason by mail.")
    mail_kind = MessageKind.DECLINED
    mail_words = "reason"

    def perform(self, visit, data):
        """Decline."""
        decisions.decline(visit, by=self.request.user, **data)


class AskView(ActionView):
    """Ask for what is missing."""

    offer = offers.ASK
    form_class = forms.AskForm
    explanation = gettext_lazy("The seats stay held while you wait. The date of your answer is set anew when the guest has replied.")
    done = gettext_lazy("Your question about %(visit)s is on its way.")
    mail_kind = MessageKind.NEEDS_INFO
    mail_words = "question"

    def perform(self, visit, data):
        """Ask."""
        decisions.ask_for_information(visit, by=self.request.user, **data)


class CancelView(ActionView):
    """Call the visit off."""

    offer = offers.CANCEL
    form_class = forms.ReasonForm
    explanation = gettext_lazy("The seats are free at once. If an invitation was sent, it is withdrawn from the guest's calendar.")
    done = gettext_lazy("%(visit)s is cancelled. The guest gets your reason by mail.")
    mail_kind = MessageKind.CANCELLED
    mail_words = "reason"

    def perform(self, visit, data):
        """Cancel as host."""
        decisions.cancel(visit, by=Actor.STAFF, user=self.request.user, **data)


class CompleteView(ActionView):
    """Close the visit; certificates are made for everyone who attended."""

    offer = offers.COMPLETE
    template_name = "visits/staff/complete.html"
    form_class = forms.RevisionForm
    explanation = gettext_lazy("Everyone who is checked in gets a certificate. After this, nobody can be added to the list.")
    done = gettext_lazy("%(visit)s is completed. The certificates are being made.")

    def perform(self, visit, data):
        """Complete."""
        decisions.complete(visit, by=Actor.STAFF, user=self.request.user)

    def get_context_data(self, **kwargs):
        """Add who is there and who is not."""
        return super().get_context_data(reception=reception(self.object), **kwargs)


class NoShowView(ActionView):
    """Close the visit: nobody came."""

    offer = offers.NO_SHOW
    form_class = forms.NoShowForm
    explanation = gettext_lazy("For a visit to which nobody came. No certificates are made.")
    done = gettext_lazy("%(visit)s is closed: the guests did not come.")

    def perform(self, visit, data):
        """Close."""
        decisions.close_as_no_show(visit, by=self.request.user, **data)


DECISION_VIEWS: tuple[type[ActionView], ...] = (AskView, DeclineView, CompleteView, NoShowView, CancelView)
"""All of these; those about a date are in dates.py."""
