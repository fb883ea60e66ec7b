"""The date of a visit: approving it, proposing another, answering the guest's wish, moving.

Two pages each at most: choose a session, then see what stands against it, what it takes and whom it pushes out.
"""

from django.utils import timezone
from django.utils.translation import gettext_lazy

from visits.domain import decisions, scheduling
from visits.domain.rules import Settled
from visits.enums import Actor, MessageKind, VisitStatus
from visits.models import Proposal
from visits.queries.desk import open_proposal
from visits.staff import forms, offers
from visits.staff.actions import ActionView
from visits.staff.date_pages import DateView, PickMixin, ScheduleView
from visits.staff.preview import preview


class ApproveView(ScheduleView):
    """Schedule the visit on the session that it asked for."""

    offer = offers.APPROVE
    explanation = gettext_lazy("The held seats become final and the guest gets an invitation with a calendar file.")
    done = gettext_lazy("%(visit)s is scheduled. The invitation is on its way.")
    button_when_failed = gettext_lazy("Approve all the same")
    mail_kind = MessageKind.INVITATION

    def perform(self, visit, data):
        """Approve, as the member of staff who is signed in."""
        scheduled = decisions.approve(
            visit,
            by=self.request.user,
            message=data["message"],
            override_reason=data.get("override_reason", ""),
            chosen=data["resources"],
        )
        self.ask_others(scheduled)


class MoveView(PickMixin, ScheduleView):
    """Move a scheduled visit."""

    offer = offers.MOVE
    settled = Settled.REQUEST
    explanation = gettext_lazy("The visit changes to the new session in one step; the guest's calendar is updated by mail.")
    picker_lead = gettext_lazy("Choose the session that the visit moves to. Nothing changes before you press the button on the next page.")
    done = gettext_lazy("%(visit)s is moved. The guest gets the new date by mail.")
    button_when_failed = gettext_lazy("Move all the same")
    mail_kind = MessageKind.MOVED

    def perform(self, visit, data):
        """Move."""
        moved = scheduling.move(
            visit,
            self.slot,
            user=self.request.user,
            message=data["message"],
            override_reason=data.get("override_reason", ""),
            chosen=data["resources"],
        )
        self.ask_others(moved)


class ProposeView(PickMixin, DateView):
    """Propose another date to the guest."""

    offer = offers.PROPOSE
    form_class = forms.ProposeForm
    settled = Settled.REQUEST
    explanation = gettext_lazy("The seats of the proposed session are held while the guest decides; the present date stays until then.")
    picker_lead = gettext_lazy("Choose the session that you propose. Nothing is sent before you press the button on the next page.")
    done = gettext_lazy("The date is proposed; the guest answers on the page of the visit %(visit)s.")
    button_when_failed = gettext_lazy("Propose all the same")
    mail_kind = MessageKind.PROPOSAL

    def get_form_kwargs(self):
        """Ask for a reason where rules failed."""
        return {**super().get_form_kwargs(), "needs_override": self.needs_override}

    @property
    def proposal(self) -> Proposal:
        """The proposal as it would be."""
        until = scheduling.expiry(Actor.STAFF, self.slot, self.object, timezone.now())
        return Proposal(visit=self.object, by=Actor.STAFF, slot=self.slot, expires_at=until)

    def get_preview(self, words):
        """The mail, with the proposal as it would be."""
        return preview(self.object, self.mail_kind, note=words, proposal=self.proposal) if self.slot else None

    def get_context_data(self, **kwargs):
        """Add until when the guest may answer."""
        return super().get_context_data(answer_until=self.proposal.expires_at if self.slot else None, **kwargs)

    def perform(self, visit, data):
        """Propose."""
        scheduling.propose(
            visit,
            self.slot,
            by=Actor.STAFF,
            user=self.request.user,
            message=data["message"],
            override_reason=data.get("override_reason", ""),
        )


class AcceptDateView(ScheduleView):
    """Accept the date that the guest asks for."""

    offer = offers.ACCEPT_DATE
    settled = Settled.PROPOSAL
    explanation = gettext_lazy("The visit is scheduled on the date that the guest asks for; the session that it had is free again.")
    done = gettext_lazy("%(visit)s is scheduled on the guest's date.")
    button_when_failed = gettext_lazy("Accept all the same")

    def get_slot(self):
        """The session of the guest's proposal."""
        proposal = open_proposal(self.object)
        return proposal.slot if proposal and proposal.by == Actor.GUEST else None

    @property
    def mail_kind(self):
        """A scheduled visit moves; a request is invited."""
        return MessageKind.MOVED if self.object.status == VisitStatus.APPROVED else MessageKind.INVITATION

    def perform(self, visit, data):
        """Accept."""
        scheduled = scheduling.accept(
            visit,
            by=Actor.STAFF,
            user=self.request.user,
            message=data["message"],
            override_reason=data.get("override_reason", ""),
            chosen=data["resources"],
        )
        self.ask_others(scheduled)


class EndProposalView(ActionView):
    """End an open proposal; the visit keeps the session that it has."""

    form_class = forms.EndProposalForm
    mail_kind = MessageKind.PROPOSAL_ENDED
    mail_words = "reason"

    def perform(self, visit, data):
        """Refuse or withdraw."""
        scheduling.end_proposal(visit, by=Actor.STAFF, user=self.request.user, reason=data["reason"])


class RefuseDateView(EndProposalView):
    """Refuse the date that the guest asks for."""

    offer = offers.REFUSE_DATE
    explanation = gettext_lazy(
        "The guest reads your reason. The visit keeps the session that it has; a request waits for your answer again."
    )
    done = gettext_lazy("The proposed date of %(visit)s is refused.")


class WithdrawDateView(EndProposalView):
    """Take back the date that was proposed to the guest."""

    offer = offers.WITHDRAW_DATE
    explanation = gettext_lazy("The guest can no longer accept the date; its seats are free at once.")
    done = gettext_lazy("The proposed date of %(visit)s is withdrawn.")


DATE_VIEWS: tuple[type[ActionView], ...] = (
    ApproveView,
    AcceptDateView,
    RefuseDateView,
    MoveView,
    ProposeView,
    WithdrawDateView,
)
"""In the order of their buttons."""
