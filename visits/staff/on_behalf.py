"""A request that staff enter for a guest who wrote or phoned: programme and size, then a session, then the rest."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from visits.domain import booking
from visits.domain.errors import MoveRefused
from visits.models import Programme, Visit, VisitSlot
from visits.queries import regions
from visits.queries.dates import nearest_to
from visits.queries.sessions import month_of_sessions
from visits.staff.on_behalf_forms import BehalfForm, WishForm

KEPT = "on_behalf"
"""Where the browser's session holds what was typed while another session is looked for."""


class OnBehalfView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Three pages on one address; what was chosen stands in the address, what was typed is kept when the form comes back."""

    model = Visit
    permission_required = "add"
    page_title = gettext_lazy("Enter a request")
    header_icon = "plus"
    form_class = BehalfForm
    template_name = "visits/staff/on_behalf.html"
    index_url_name = None
    inspect_url_name = None

    def setup(self, request, *args, **kwargs):
        """Read the wish from the address."""
        super().setup(request, *args, **kwargs)
        self.wish = WishForm(request.GET or None)
        self.is_wished = self.wish.is_valid()
        self.chosen = None
        if self.is_wished and (pk := self.wish.cleaned_data["slot"]):
            self.chosen = self.programme.slots.select_related("programme").filter(pk=pk, starts_at__gt=timezone.now()).first()

    @property
    def programme(self) -> Programme:
        """The programme of the wish."""
        return self.wish.cleaned_data["programme"]

    @property
    def is_ready(self) -> bool:
        """Whether a session or the waiting list was chosen."""
        return self.is_wished and bool(self.chosen or (self.wish.cleaned_data["wait"] and self.programme.waiting_list))

    def get_template_names(self):
        """The page of the step."""
        return [self.template_name if self.is_ready else "visits/staff/on_behalf_session.html"]

    def get_form(self, form_class=None):
        """Only the last page has the form."""
        return super().get_form(form_class) if self.is_ready else None

    @cached_property
    def slots(self) -> list[VisitSlot]:
        """The chosen session and those around it, in case it is taken meanwhile."""
        if not self.chosen:
            return []
        others = nearest_to(self.chosen, persons=self.wish.cleaned_data["persons"], now=timezone.now(), count=4)
        return sorted([self.chosen, *others], key=lambda slot: slot.starts_at)

    def get_form_kwargs(self):
        """The form knows programme and sessions."""
        return {**super().get_form_kwargs(), "programme": self.programme, "slots": self.slots}

    def get_initial(self):
        """Size and session as they were chosen, and what was typed before another session was looked for."""
        kept = self.request.session.get(KEPT, {}).get(str(self.wish.cleaned_data["kept"]), {})
        return {**kept, "group_size": self.wish.cleaned_data["persons"], "slot": self.chosen.pk if self.chosen else None}

    def post(self, request, *args, **kwargs):
        """A post without a chosen session leads back to the first page."""
        if not self.is_ready:
            return redirect(request.path)
        return self.look_for_another_session() if "sessions" in request.POST else super().post(request, *args, **kwargs)

    def look_for_another_session(self):
        """Back to all sessions; what was typed is kept meanwhile, right or wrong, and shown again with the session that is chosen."""
        form = self.get_form()
        key, size = form["submission_key"].value(), form["group_size"].value()
        values = {name: form[name].value() for name in form.fields if name not in ("slot", "group_size", "letter_file")}
        # Only the last one: who begins with another guest does not need it any more.
        self.request.session[KEPT] = {key: values}
        address = WishForm({"programme": self.programme.pk, "persons": size, "kept": key})
        if address.is_valid():
            self.wish = address
        return redirect(f"{self.request.path}?{self.back()}")

    def form_valid(self, form):
        """Let the domain decide; what it refuses comes back with all that was typed."""
        try:
            visit = booking.submit_for_guest(form.draft(), user=self.request.user, override_reason=form.cleaned_data["override_reason"])
        except MoveRefused as refusal:
            for violation in refusal.violations or [refusal]:
                form.add_error(None, str(violation))
            form.can_override = bool(refusal.violations) and all(violation.overridable for violation in refusal.violations)
            return self.form_invalid(form)
        self.request.session.pop(KEPT, None)
        messages.success(self.request, _("%(visit)s is entered and waits for an answer.") % {"visit": visit})
        if not visit.contact_email:
            messages.warning(self.request, _("There is no e-mail address: tell the guest yourself."))
        return redirect(reverse(self.inspect_url_name, args=[visit.pk]))

    def get_breadcrumbs_items(self):
        """Home, list, this page."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": gettext_lazy("Visits")},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs):
        """Add what the step shows."""
        context = super().get_context_data(**kwargs) | {"wish": self.wish, "index_url": reverse(self.index_url_name)}
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
        """The wish without a session, as a query."""
        kept = self.wish.cleaned_data["kept"]
        return f"programme={self.programme.pk}&persons={self.wish.cleaned_data['persons']}" + (f"&kept={kept}" if kept else "")
