"""Pages of the actions on a visit, except those about its date (date_views.py).

Every form contains the revision of the visit. If somebody changed the visit meanwhile, the domain refuses, and the form is shown again.
"""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from visits.domain import closing, conversation, decisions
from visits.enums import Actor, MessageKind
from visits.mail.messages import preview
from visits.permissions import DECIDE
from visits.queries.desk import reception
from visits.staff import actions, forms
from visits.staff.views import VisitFormView


class ActionView(VisitFormView):
    """An action on a visit. Subclasses declare action, form, sentences and mail, and call the domain in decide().

    Attributes:
        mail_kind: the mail that the guest gets, previewed beside the form; None if there is none.
        mail_field: the form field whose text is part of that mail.
    """

    action: actions.Action
    template_name = "visits/staff/action.html"
    mail_kind: MessageKind | None = None
    mail_field = ""

    @property
    def permission_required(self):
        return self.action.permission

    def get_page_title(self):
        return self.action.label

    def get_obstacle(self):
        if self.action.is_possible(self.object):
            return ""
        return _("“%(action)s” is not possible: the visit is “%(status)s”.") % {
            "action": self.action.label,
            "status": self.object.get_status_display(),
        }

    def get_initial(self):
        return {"revision": self.object.revision}

    def form_valid(self, form):
        """Decide, or only preview the mail with the typed text."""
        if "preview" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        return super().form_valid(form)

    def perform(self, form):
        data = dict(form.cleaned_data)
        self.object.revision = data.pop("revision")
        self.decide(**data)
        return {"visit": self.object}

    def decide(self, **data) -> None:
        """Call the domain with the cleaned data.

        Raises:
            Refused: the visit cannot make this move, or somebody else changed it meanwhile.
        """
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        context = super().get_context_data(action=self.action, **kwargs)
        if self.mail_kind:
            context["mail"] = self.get_preview(context["form"][self.mail_field].value() or "")
        return context

    def get_preview(self, words: str):
        """Preview of the mail with this text."""
        return preview(self.object, self.mail_kind, note=words)


class DeclineView(ActionView):
    """Decline the request with a reason."""

    action = actions.DECLINE
    form_class = forms.DeclineForm
    explanation = gettext_lazy("The seats are free at once and the guest reads your reason. This cannot be undone.")
    success_message = gettext_lazy("%(visit)s is declined. The guest gets your reason by mail.")
    mail_kind = MessageKind.DECLINED
    mail_field = "reason"

    def decide(self, **data):
        decisions.decline(self.object, by=self.request.user, **data)


class AskView(ActionView):
    """Ask the guest for what is missing."""

    action = actions.ASK
    form_class = forms.AskForm
    explanation = gettext_lazy("The seats stay held while you wait. The date of your answer is set anew when the guest has replied.")
    success_message = gettext_lazy("Your question about %(visit)s is on its way.")
    mail_kind = MessageKind.NEEDS_INFO
    mail_field = "question"

    def decide(self, **data):
        decisions.ask_for_information(self.object, by=self.request.user, **data)


class CancelView(ActionView):
    """Cancel the visit for the host."""

    action = actions.CANCEL
    form_class = forms.ReasonForm
    explanation = gettext_lazy("The seats are free at once. If an invitation was sent, it is withdrawn from the guest's calendar.")
    success_message = gettext_lazy("%(visit)s is cancelled. The guest gets your reason by mail.")
    mail_kind = MessageKind.CANCELLED
    mail_field = "reason"

    def decide(self, **data):
        decisions.cancel(self.object, by=Actor.STAFF, user=self.request.user, **data)


class CompleteView(ActionView):
    """Close the visit: what is missing with a link to where it is done, and everything else in one press."""

    action = actions.COMPLETE
    template_name = "visits/staff/complete.html"
    form_class = forms.CloseForm
    success_message = gettext_lazy("%(visit)s is completed. The guest is thanked; papers and certificates are being made.")
    mail_kind = MessageKind.THANKS
    mail_field = "message"

    def setup(self, request, *args, **kwargs):
        """Read what is missing."""
        super().setup(request, *args, **kwargs)
        self.items = closing.items(self.object)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "is_incomplete": any(item.missing for item in self.items)}

    def decide(self, **data):
        _visit, self.note = closing.close(self.object, by=self.request.user, **data)

    def report(self, values):
        """The success message, with a link to the draft for those who may write notes."""
        may_edit = self.note is not None and self.note.permissions_for_user(self.request.user).can_edit()
        buttons = [messages.button(reverse("wagtailadmin_pages:edit", args=[self.note.pk]), _("Edit the visit note"))] if may_edit else []
        messages.success(self.request, self.success_message % values, buttons=buttons)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            reception=reception(self.object),
            items=[(item, reverse(f"visits_staff:{DONE_ON[item.code]}", args=[self.object.pk])) for item in self.items],
            **kwargs,
        )


DONE_ON = {
    closing.ATTENDANCE: "reception",
    closing.MINUTES: "minutes",
    closing.UNREAD: "questions",
    closing.ANSWERS: "minutes",
    closing.CONSENT: "photos",
    closing.GIFTS: "gifts",
    closing.VISUM: "visum",
}
"""Name of the page on which each item of the closing is done."""


class NoShowView(ActionView):
    """Close a visit to which nobody came."""

    action = actions.NO_SHOW
    form_class = forms.NoShowForm
    explanation = gettext_lazy("For a visit to which nobody came. No certificates are made.")
    success_message = gettext_lazy("%(visit)s is closed: the guests did not come.")

    def decide(self, **data):
        decisions.close_as_no_show(self.object, by=self.request.user, **data)


DECISION_VIEWS: tuple[type[ActionView], ...] = (AskView, DeclineView, CompleteView, NoShowView, CancelView)


class WriteView(VisitFormView):
    """Write a message to the guest. The form is part of the desk page; this page shows it again with errors."""

    permission_required = DECIDE
    template_name = "visits/staff/write.html"
    form_class = forms.WriteForm
    page_title = gettext_lazy("Write to the guest")
    button = gettext_lazy("Send")
    success_message = gettext_lazy("Your message is on its way to the guest.")

    def perform(self, form):
        conversation.write(self.object, form.cleaned_data["text"], author=self.request.user)

    def get_success_url(self):
        return f"{self.desk_url}#thread-heading"
