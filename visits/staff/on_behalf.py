"""Entering a request for a guest who wrote or phoned: programme and size, then a session, then everything else."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from visits.domain import booking
from visits.models import Programme, Visit, VisitSlot
from visits.queries import regions
from visits.queries.dates import nearest_to
from visits.queries.sessions import month_of_sessions
from visits.staff.on_behalf_forms import OnBehalfForm, RequestQueryForm
from visits.staff.views import StaffFormView

KEPT = "on_behalf"
"""Session key for values that were typed before another session is chosen."""


class OnBehalfView(StaffFormView):
    """Three pages at one URL; choices are query parameters."""

    model = Visit
    permission_required = "add"
    page_title = gettext_lazy("Enter a request")
    button = gettext_lazy("Enter the request")
    success_message = gettext_lazy("%(visit)s is entered and waits for an answer.")
    header_icon = "plus"
    form_class = OnBehalfForm
    template_name = "visits/staff/on_behalf.html"
    index_label = gettext_lazy("Visits")
    inspect_url_name = None

    def setup(self, request, *args, **kwargs):
        """Read the query parameters."""
        super().setup(request, *args, **kwargs)
        self.wish = RequestQueryForm(request.GET or None)
        self.is_wished = self.wish.is_valid()
        self.chosen = None
        if self.is_wished and (pk := self.wish.cleaned_data["slot"]):
            self.chosen = self.programme.slots.select_related("programme").filter(pk=pk, starts_at__gt=timezone.now()).first()

    @property
    def programme(self) -> Programme:
        """The chosen programme."""
        return self.wish.cleaned_data["programme"]

    @property
    def is_ready(self) -> bool:
        """Whether a session or the waiting list was chosen."""
        return self.is_wished and bool(self.chosen or (self.wish.cleaned_data["wait"] and self.programme.waiting_list))

    def get_template_names(self):
        return [self.template_name if self.is_ready else "visits/staff/on_behalf_session.html"]

    def get_form(self, form_class=None):
        return super().get_form(form_class) if self.is_ready else None

    @cached_property
    def slots(self) -> list[VisitSlot]:
        """The chosen session and those near it, in case it is taken meanwhile."""
        if not self.chosen:
            return []
        others = nearest_to(self.chosen, persons=self.wish.cleaned_data["persons"], now=timezone.now(), count=4)
        return sorted([self.chosen, *others], key=lambda slot: slot.starts_at)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "programme": self.programme, "slots": self.slots}

    def get_initial(self):
        """Chosen size and session, and values that were typed before another session was chosen."""
        kept = self.request.session.get(KEPT, {}).get(str(self.wish.cleaned_data["kept"]), {})
        return {**kept, "group_size": self.wish.cleaned_data["persons"], "slot": self.chosen.pk if self.chosen else None}

    def post(self, request, *args, **kwargs):
        """Redirect to the first page without a session; otherwise choose another session, or enter the request."""
        if not self.is_ready:
            return redirect(request.path)
        return self.look_for_another_session() if "sessions" in request.POST else super().post(request, *args, **kwargs)

    def look_for_another_session(self):
        """Redirect to all sessions; typed values are kept in the session, valid or not, and shown again afterwards."""
        form = self.get_form()
        key, size = form["submission_key"].value(), form["group_size"].value()
        values = {name: form[name].value() for name in form.fields if name not in ("slot", "group_size", "letter_file")}
        # Only the last request is kept.
        self.request.session[KEPT] = {key: values}
        address = RequestQueryForm({"programme": self.programme.pk, "persons": size, "kept": key})
        if address.is_valid():
            self.wish = address
        return redirect(f"{self.request.path}?{self.back()}")

    def perform(self, form):
        reason = form.cleaned_data["override_reason"]
        self.visit = booking.submit_for_guest(form.draft(), user=self.request.user, override_reason=reason)
        return {"visit": self.visit}

    def add_refusal(self, form, refusal):
        """Add each violation separately, and whether all can be overridden."""
        for violation in refusal.violations or [refusal]:
            form.add_error(None, str(violation))
        form.can_override = bool(refusal.violations) and all(violation.overridable for violation in refusal.violations)

    def report(self, values):
        """Show the message, and warn if the guest gets no mail."""
        super().report(values)
        self.request.session.pop(KEPT, None)
        if not self.visit.contact_email:
            messages.warning(self.request, _("There is no e-mail address: tell the guest yourself."))

    def get_success_url(self):
        return reverse(self.inspect_url_name, args=[self.visit.pk])

    def get_context_data(self, **kwargs):
        context = super().get_context_data(wish=self.wish, **kwargs)
        if self.is_ready:
            form = context["form"]
            asks = bool(form.data.get("override_reason")) or getattr(form, "can_override", False)
            return context | {"regions": regions.options(), "asks_for_override": asks, "programme": self.programme, "back": self.back()}
        if self.is_wished:
            context |= {
                "programme": self.programme,
                "month": month_of_sessions(
                    self.programme,
                    persons=self.wish.cleaned_data["persons"],
                    now=timezone.now(),
                    month=self.wish.cleaned_data["month"],
                ),
                "query": self.back() + "&",
            }
        return context

    def back(self) -> str:
        """The query string without a session."""
        kept = self.wish.cleaned_data["kept"]
        return f"programme={self.programme.pk}&persons={self.wish.cleaned_data['persons']}" + (f"&kept={kept}" if kept else "")
