"""What the actions about a date share: the failed rules with their reason, what a visit takes, choosing a session."""

from collections.abc import Iterable

from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from visits.domain import displacement, resources, rule_checks
from visits.domain.errors import Violation
from visits.models import Resource, Visit, VisitSlot
from visits.queries.desk import checklist, open_proposal
from visits.queries.resources import KindChoice, choices
from visits.queries.sessions import month_of_sessions
from visits.staff import forms
from visits.staff.actions import ActionView
from visits.staff.preview import preview


class DateView(ActionView):
    """An action about one session: its rules in words; what failed is overridden with a reason, where that may be."""

    template_name = "visits/staff/schedule.html"
    settled: frozenset[str] = frozenset()
    mail_words = "message"
    button_when_failed = gettext_lazy("Go on all the same")

    def setup(self, request, *args, **kwargs):
        """Check the rules as they stand now."""
        super().setup(request, *args, **kwargs)
        self.slot = self.get_slot()
        self.failed: list[Violation] = []
        if self.slot:
            self.failed = rule_checks.violations(self.object, self.slot, settled=self.settled)

    def get_slot(self) -> VisitSlot | None:
        """The session that this is about."""
        return self.object.slot

    @property
    def can_override(self) -> bool:
        """Whether all failed rules may be overridden."""
        return all(violation.overridable for violation in self.failed)

    @property
    def needs_override(self) -> bool:
        """Whether a reason has to be asked for."""
        return bool(self.failed) and self.can_override

    def get_preview(self, words: str):
        """The mail, with the visit in the session."""
        return preview(self.object, self.mail_kind, note=words, slot=self.slot) if self.slot else None

    def post(self, request, *args, **kwargs):
        """Without a session there is nothing to decide: it was withdrawn meanwhile, or the guest waits for a place."""
        if self.slot is None:
            messages.warning(request, _("There is no session to decide about, or it does not hold any more."))
            return redirect(self.desk_url)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        """Add the session and the checklist."""
        rules = checklist(self.object, self.failed, settled=self.settled) if self.slot else []
        return super().get_context_data(
            slot=self.slot,
            is_other_slot=bool(self.slot) and self.slot.pk != self.object.slot_id,
            rules_failed=[rule for rule in rules if not rule.passed],
            rules_passed=[rule for rule in rules if rule.passed],
            failed=self.failed,
            can_override=self.can_override,
            button_when_failed=self.button_when_failed,
            open_proposal=open_proposal(self.object),
            **kwargs,
        )


class ScheduleView(DateView):
    """Puts the visit into the session: resources are chosen, and who loses the session is listed before and asked after."""

    form_class = forms.ScheduleForm

    @cached_property
    def kinds(self) -> list[KindChoice]:
        """What there is to choose from."""
        return choices(self.object, self.slot) if self.slot else []

    @cached_property
    def first_choice(self) -> list[Resource]:
        """What is ticked at first."""
        return resources.choose(self.object, self.slot) if self.slot else []

    def get_form_kwargs(self):
        """The form knows the kinds."""
        return {**super().get_form_kwargs(), "needs_override": self.needs_override, "kinds": self.kinds}

    def get_initial(self):
        """The first free ones are ticked."""
        return {**super().get_initial(), "resources": [resource.pk for resource in self.first_choice]}

    def displaced(self, form) -> list[Visit]:
        """Who would lose the session to what is ticked."""
        chosen: Iterable[Resource] = form.cleaned_data.get("resources", []) if form.is_bound and form.is_valid() else self.first_choice
        if form.is_bound and not form.is_valid():
            chosen = Resource.objects.filter(pk__in=[pk for pk in form.data.getlist("resources") if pk.isdecimal()])
        return displacement.displaced_by(self.object, self.slot, chosen)

    def form_valid(self, form):
        """Stop where the choice pushes out requests that the page had not listed."""
        if "preview" not in self.request.POST:
            unseen = {visit.pk for visit in self.displaced(form)} - form.cleaned_data["seen"]
            if unseen:
                form.add_error(
                    None, _("This pushes out requests that were not listed before. Look at the list, then press the button again.")
                )
                return self.form_invalid(form)
        return super().form_valid(form)

    def ask_others(self, scheduled: Visit) -> None:
        """After the visit's own transaction: ask those who lost the session for another date, and say whom."""
        asked = displacement.displace_others(scheduled, user=self.request.user)
        if asked:
            sentence = ngettext(
                "%(count)d request lost its session and was asked for a new date: %(who)s.",
                "%(count)d requests lost their session and were asked for a new date: %(who)s.",
                len(asked),
            )
            messages.warning(self.request, sentence % {"count": len(asked), "who": ", ".join(str(visit) for visit in asked)})

    def get_context_data(self, **kwargs):
        """Add the choice and whom it pushes out."""
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


class PickMixin:
    """First a session is chosen by links, a month a page; then the page of the action follows."""

    picker_template_name = "visits/staff/pick_session.html"
    picker_lead = ""

    def setup(self, request, *args, **kwargs):
        """Read the address before the rules are checked."""
        self.address = forms.SessionAddressForm(request.GET)
        self.address.is_valid()
        super().setup(request, *args, **kwargs)

    def get_slot(self):
        """The session that the address names, if it is one of the programme."""
        pk = self.address.cleaned_data.get("slot")
        return self.object.programme.slots.select_related("programme").filter(pk=pk).first() if pk and self.object.programme else None

    def get_template_names(self):
        """The picker until a session is chosen."""
        return [self.template_name if self.slot else self.picker_template_name]

    def post(self, request, *args, **kwargs):
        """A post without a session leads back to the picker."""
        return super().post(request, *args, **kwargs) if self.slot else redirect(request.path)

    def get_context_data(self, **kwargs):
        """Add the sessions of the month while none is chosen."""
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
