"""Pages of the actions about the date of a visit: approve, propose another date, answer the guest's proposal, move.

Move and propose have two pages: choose a session, then confirm with the broken rules, resources and requests that lose the session.
"""

from collections.abc import Iterable, Mapping

from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override
from wagtail.admin import messages

from visits.domain import decisions, displacement, headcount, place, resources, rule_checks, scheduling
from visits.domain.errors import Violation
from visits.domain.rules import Settled
from visits.enums import Actor, MessageKind, VisitStatus
from visits.mail.messages import preview
from visits.models import Proposal, Resource, Visit, VisitSlot
from visits.queries.desk import checklist
from visits.queries.resources import KindChoice, choices
from visits.queries.sessions import month_of_sessions
from visits.staff import actions, forms
from visits.staff.action_views import ActionView


class DateView(ActionView):
    """An action about a session, with its rules. Broken rules may be overridden with a reason, if the rules allow it."""

    template_name = "visits/staff/schedule.html"
    settled: Settled | None = None
    mail_field = "message"
    button_when_failed = gettext_lazy("Go on all the same")

    def setup(self, request, *args, **kwargs):
        """Check the rules now."""
        super().setup(request, *args, **kwargs)
        self.slot = self.get_slot()
        self.failed: list[Violation] = []
        if self.slot:
            self.failed = rule_checks.violations(self.object, self.slot, settled=self.settled)

    def get_slot(self) -> VisitSlot | None:
        """The session of the action."""
        return self.object.slot

    @property
    def can_override(self) -> bool:
        """Whether all broken rules may be overridden."""
        return all(violation.overridable for violation in self.failed)

    @property
    def needs_override(self) -> bool:
        """Whether a reason has to be asked for."""
        return bool(self.failed) and self.can_override

    def get_preview(self, words: str):
        """Preview of the mail, as if the visit had this session."""
        return preview(self.object, self.mail_kind, note=words, slot=self.slot) if self.slot else None

    def post(self, request, *args, **kwargs):
        """Go back if there is no session: the proposal was withdrawn, or the guest waits for a place."""
        if self.slot is None:
            return self.go_back(_("There is no session to decide about, or it does not hold any more."))
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        rules = checklist(self.object, self.failed, settled=self.settled) if self.slot else []
        return super().get_context_data(
            slot=self.slot,
            is_other_slot=bool(self.slot) and self.slot.pk != self.object.slot_id,
            rules_failed=[rule for rule in rules if not rule.passed],
            rules_passed=[rule for rule in rules if rule.passed],
            failed=self.failed,
            can_override=self.can_override,
            button_when_failed=self.button_when_failed,
            open_proposal=self.object.open_proposal,
            **kwargs,
        )


class ScheduleView(DateView):
    """Schedules the visit: resources are chosen, and requests that lose the session are listed before and named after."""

    form_class = forms.ScheduleForm

    @cached_property
    def kinds(self) -> list[KindChoice]:
        """Resources to choose from."""
        return choices(self.object, self.slot) if self.slot else []

    @cached_property
    def first_choice(self) -> list[Resource]:
        """Resources that are ticked by default."""
        return resources.choose(self.object, self.slot) if self.slot else []

    def get_form_kwargs(self):
        is_online = bool(self.object.programme and self.object.programme.is_online)
        return {**super().get_form_kwargs(), "needs_override": self.needs_override, "kinds": self.kinds, "is_online": is_online}

    def get_initial(self):
        """The first choice of resources, and the place that guests would be told."""
        with override(self.object.language):
            told = place.as_fields(place.place_of(self.object, rooms=place.rooms_among(self.first_choice)))
        return {**super().get_initial(), **told, "resources": [resource.pk for resource in self.first_choice]}

    def get_preview(self, words: str):
        """Preview of the mail with the ticked room and the typed place, as far as they are valid."""
        if self.slot is None:
            return None
        chosen, details = self.first_choice, {}
        if self.request.method == "POST" and (form := self.get_form()).is_valid():
            chosen, details = form.cleaned_data["resources"], form.typed_details()
        return preview(self.object, self.mail_kind, note=words, slot=self.slot, rooms=place.rooms_among(chosen), details=details)

    def displaced(self, form) -> list[Visit]:
        """Requests that would lose the session because of the ticked resources."""
        chosen: Iterable[Resource] = form.cleaned_data.get("resources", []) if form.is_bound and form.is_valid() else self.first_choice
        if form.is_bound and not form.is_valid():
            chosen = Resource.objects.filter(pk__in=[pk for pk in form.data.getlist("resources") if pk.isdecimal()])
        return displacement.displaced_by(self.object, self.slot, chosen)

    def form_valid(self, form):
        """Show the form again if requests would lose the session that the page did not list."""
        if "preview" not in self.request.POST:
            unseen = {visit.pk for visit in self.displaced(form)} - form.cleaned_data["seen"]
            if unseen:
                form.add_error(
                    None, _("This pushes out requests that were not listed before. Look at the list, then press the button again.")
                )
                return self.form_invalid(form)
        return super().form_valid(form)

    def schedule(self, *, message: str, override_reason: str, chosen: Iterable[Resource], details: Mapping[str, str]) -> Visit:
        """Call the domain; returns the scheduled visit. Raises Refused."""
        raise NotImplementedError

    def perform(self, form):
        """Decide with the typed details of the place."""
        form.cleaned_data["details"] = form.typed_details()
        return super().perform(form)

    def decide(self, **data):
        """Schedule, and name in a message the requests that lost the session and were asked for a new date."""
        losing = displacement.displaced_by(self.object, self.slot, data["resources"])
        self.schedule(
            message=data["message"],
            override_reason=data.get("override_reason", ""),
            chosen=data["resources"],
            details=data["details"],
        )
        asked = displacement.asked_among(losing)
        if asked:
            sentence = ngettext(
                "%(count)d request lost its session and was asked for a new date: %(who)s.",
                "%(count)d requests lost their session and were asked for a new date: %(who)s.",
                len(asked),
            )
            messages.warning(self.request, sentence % {"count": len(asked), "who": ", ".join(str(visit) for visit in asked)})

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        form = context["form"]
        if self.slot and "resources" in form.fields:
            ticked = {str(pk) for pk in form["resources"].value() or []}
            context |= {
                "kinds": self.kinds,
                "ticked": {option.resource.pk for kind in self.kinds for option in kind.options if str(option.resource.pk) in ticked},
                "displaced": self.displaced(form),
            }
        return context


class PickSessionMixin:
    """Adds a page before the action on which a session is chosen, a month at a time."""

    picker_template_name = "visits/staff/pick_session.html"
    picker_lead = ""

    def setup(self, request, *args, **kwargs):
        """Read the query parameters before the rules are checked."""
        self.address = forms.SessionQueryForm(request.GET)
        self.address.is_valid()
        super().setup(request, *args, **kwargs)

    def get_slot(self):
        """The session of the query parameter, if it belongs to the programme."""
        pk = self.address.cleaned_data.get("slot")
        return self.object.programme.slots.select_related("programme").filter(pk=pk).first() if pk and self.object.programme else None

    def get_template_names(self):
        return [self.template_name if self.slot else self.picker_template_name]

    def post(self, request, *args, **kwargs):
        """Redirect to the first page without a session."""
        return super().post(request, *args, **kwargs) if self.slot else redirect(request.path)

    def get_context_data(self, **kwargs):
        """Add the sessions of the month, if none is chosen."""
        context = super().get_context_data(**kwargs)
        if self.slot is None:
            context |= {
                "picker_lead": self.picker_lead,
                "month": month_of_sessions(
                    self.object.programme,
                    persons=self.object.group_size or 0,
                    now=timezone.now(),
                    month=self.address.cleaned_data.get("month"),
                    visit=self.object,
                ),
                "alternatives": list(self.object.alternative_slots.filter(starts_at__gt=timezone.now())),
            }
        return context


class ApproveView(ScheduleView):
    """Schedules the visit on its requested session."""

    action = actions.APPROVE
    explanation = gettext_lazy("The held seats become final and the guest gets an invitation with a calendar file.")
    success_message = gettext_lazy("%(visit)s is scheduled. The invitation is on its way.")
    button_when_failed = gettext_lazy("Approve all the same")
    mail_kind = MessageKind.INVITATION

    def schedule(self, **choice):
        return decisions.approve(self.object, by=self.request.user, **choice)


class MoveView(PickSessionMixin, ScheduleView):
    """Moves a scheduled visit to another session."""

    action = actions.MOVE
    settled = Settled.REQUEST
    explanation = gettext_lazy("The visit changes to the new session in one step; the guest's calendar is updated by mail.")
    picker_lead = gettext_lazy("Choose the session that the visit moves to. Nothing changes before you press the button on the next page.")
    success_message = gettext_lazy("%(visit)s is moved. The guest gets the new date by mail.")
    button_when_failed = gettext_lazy("Move all the same")
    mail_kind = MessageKind.MOVED

    def schedule(self, **choice):
        return scheduling.move(self.object, self.slot, user=self.request.user, **choice)


class PlaceView(ScheduleView):
    """Changes place, room, link or contact of a scheduled visit; day and time stay."""

    action = actions.PLACE
    template_name = "visits/staff/place.html"
    form_class = forms.ChangePlaceForm
    explanation = gettext_lazy("Day and time stay. The guest gets the new place by mail, and the calendar is corrected.")
    success_message = gettext_lazy("The place of %(visit)s is changed. The guest gets it by mail.")
    mail_kind = MessageKind.PLACE_CHANGED

    @cached_property
    def first_choice(self):
        """What the visit has."""
        held = self.object.allocations.filter(active=True).select_related("resource").order_by("resource__name")
        return [allocation.resource for allocation in held]

    @property
    def needs_override(self):
        """No rule is checked: the session stays."""
        return False

    def displaced(self, form):
        """None: requests that lose their room are asked after the change."""
        return []

    def form_valid(self, form):
        """Without the question about requests that lose the session."""
        return ActionView.form_valid(self, form)

    def schedule(self, *, override_reason, **choice):
        return scheduling.change_place(self.object, user=self.request.user, **choice)


class ProposeView(PickSessionMixin, DateView):
    """Proposes another date to the guest."""

    action = actions.PROPOSE
    form_class = forms.ProposeForm
    settled = Settled.REQUEST
    explanation = gettext_lazy("The seats of the proposed session are held while the guest decides; the present date stays until then.")
    picker_lead = gettext_lazy("Choose the session that you propose. Nothing is sent before you press the button on the next page.")
    success_message = gettext_lazy("The date is proposed; the guest answers on the page of the visit %(visit)s.")
    button_when_failed = gettext_lazy("Propose all the same")
    mail_kind = MessageKind.PROPOSAL

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "needs_override": self.needs_override}

    @property
    def proposal(self) -> Proposal:
        """The unsaved proposal."""
        until = scheduling.proposal_expiry(Actor.STAFF, self.slot, self.object, timezone.now())
        return Proposal(visit=self.object, by=Actor.STAFF, slot=self.slot, expires_at=until)

    def get_preview(self, words):
        """Preview of the mail with the proposal."""
        return preview(self.object, self.mail_kind, note=words, proposal=self.proposal) if self.slot else None

    def get_context_data(self, **kwargs):
        return super().get_context_data(answer_until=self.proposal.expires_at if self.slot else None, **kwargs)

    def decide(self, **data):
        scheduling.propose(self.object, self.slot, by=Actor.STAFF, user=self.request.user, **data)


class AcceptDateView(ScheduleView):
    """Accepts the guest's proposed date."""

    action = actions.ACCEPT_DATE
    settled = Settled.PROPOSAL
    explanation = gettext_lazy("The visit is scheduled on the date that the guest asks for; the session that it had is free again.")
    success_message = gettext_lazy("%(visit)s is scheduled on the guest's date.")
    button_when_failed = gettext_lazy("Accept all the same")

    def get_slot(self):
        """The session of the guest's proposal."""
        proposal = self.object.open_proposal
        return proposal.slot if proposal and proposal.by == Actor.GUEST else None

    @property
    def mail_kind(self):
        """A scheduled visit is moved, a request is invited."""
        return MessageKind.MOVED if self.object.status == VisitStatus.APPROVED else MessageKind.INVITATION

    def schedule(self, **choice):
        return scheduling.accept(self.object, by=Actor.STAFF, user=self.request.user, **choice)


class EndProposalView(ActionView):
    """Ends an open proposal; the visit keeps its session."""

    form_class = forms.EndProposalForm
    mail_kind = MessageKind.PROPOSAL_ENDED
    mail_field = "reason"

    def decide(self, **data):
        scheduling.end_proposal(self.object, by=Actor.STAFF, user=self.request.user, **data)


class RefuseDateView(EndProposalView):
    """Refuses the guest's proposed date."""

    action = actions.REFUSE_DATE
    explanation = gettext_lazy(
        "The guest reads your reason. The visit keeps the session that it has; a request waits for your answer again."
    )
    success_message = gettext_lazy("The proposed date of %(visit)s is refused.")


class WithdrawDateView(EndProposalView):
    """Withdraws the date that was proposed to the guest."""

    action = actions.WITHDRAW_DATE
    explanation = gettext_lazy("The guest can no longer accept the date; its seats are free at once.")
    success_message = gettext_lazy("The proposed date of %(visit)s is withdrawn.")


class GrantSeatsView(DateView):
    """Accepts the larger group that the guest asks for."""

    action = actions.GRANT_SEATS
    template_name = "visits/staff/seats.html"
    form_class = forms.GrantSeatsForm
    settled = Settled.PROPOSAL
    success_message = gettext_lazy("%(visit)s may come with more people. The guest gets a mail.")
    button_when_failed = gettext_lazy("Accept all the same")
    mail_kind = MessageKind.SEATS_GRANTED

    def setup(self, request, *args, **kwargs):
        """Check the rules for the larger group."""
        super().setup(request, *args, **kwargs)
        self.asked = self.object.open_seat_request
        self.failed = headcount.new_violations(self.object, self.asked.group_size) if self.asked else []

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "needs_override": self.needs_override}

    def get_initial(self):
        return {**super().get_initial(), "group_size": self.asked.group_size if self.asked else None}

    def get_explanation(self):
        """Both numbers and the free seats."""
        if not self.asked or not self.slot:
            return ""
        sentence = _("The guest asks to come with %(asked)d people instead of %(now)d; %(free)d further seats are free in the session.")
        return sentence % {"asked": self.asked.group_size, "now": self.object.group_size or 0, "free": self.slot.free_persons}

    def get_preview(self, words):
        """Preview of the mail with the larger number."""
        return preview(self.object, self.mail_kind, note=words, details={"group_size": self.asked.group_size}) if self.asked else None

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(asked=self.asked, **kwargs), "open_proposal": None}

    def decide(self, **data):
        headcount.grant(self.object, by=self.request.user, **data)


class RefuseSeatsView(ActionView):
    """Refuses the larger group; the number stays."""

    action = actions.REFUSE_SEATS
    form_class = forms.EndProposalForm
    explanation = gettext_lazy("The guest reads your reason. The number of people stays as it is.")
    success_message = gettext_lazy("%(visit)s keeps its number of people. The guest gets your reason by mail.")
    mail_kind = MessageKind.SEATS_REFUSED
    mail_field = "reason"

    def decide(self, **data):
        headcount.refuse(self.object, by=self.request.user, **data)


DATE_VIEWS: tuple[type[ActionView], ...] = (
    ApproveView,
    AcceptDateView,
    RefuseDateView,
    GrantSeatsView,
    RefuseSeatsView,
    MoveView,
    PlaceView,
    ProposeView,
    WithdrawDateView,
)
"""In the order of the buttons."""
