"""Views that the pages of staff are built from: a form whose work one function of the domain does, and a page about one visit.

Every form of staff that changes something uses StaffFormView, so that a refusal of the domain is shown in the same way everywhere.
"""

from django import forms
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from visits.domain.errors import MoveRefused
from visits.models import Proposal, Visit


class StaffFormView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """A form whose work one function of the domain does.

    Subclasses declare the permission, the form and the sentences, and call the domain in perform(). If the domain refuses, its
    sentence becomes an error of the form, and the page comes back with everything that was typed.

    Attributes:
        explanation: what the page says above the form.
        button: the words of its button.
        is_danger: whether what the button does cannot be undone.
        success_message: may name what perform() returns, for example ``%(number)s``.
        index_label: the name of the list that the page leads back to.
        back_label: the words of the link to it.
    """

    template_name = "visits/staff/form.html"
    explanation: str | Promise = ""
    button: str | Promise = _("Save")
    is_danger = False
    success_message: str | Promise = ""
    index_url_name: str | None = None
    index_label: str | Promise = ""
    back_label: str | Promise = _("Back to the list")

    @property
    def back_url(self) -> str:
        """The page that this one was opened from."""
        return reverse(self.index_url_name)

    def get_breadcrumbs_items(self):
        """Home, list, this page."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": self.index_label},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_obstacle(self) -> str:
        """Why the form makes no sense now; empty if nothing prevents it. What is posted is decided by the domain."""
        return ""

    def get(self, request, *args, **kwargs):
        """Show the form, or go back with a sentence that says why not."""
        if obstacle := self.get_obstacle():
            return self.go_back(obstacle)
        return super().get(request, *args, **kwargs)

    def go_back(self, warning: str) -> HttpResponse:
        """Redirect to the page that this one was opened from, with a warning."""
        messages.warning(self.request, warning)
        return redirect(self.back_url)

    def perform(self, form: forms.Form) -> dict | None:
        """Call the domain with a valid form; returns the values that the success message names.

        Raises:
            MoveRefused: what was asked for may not happen.
        """
        raise NotImplementedError

    def form_valid(self, form):
        """Perform and go on, or show the form again with the refusal."""
        try:
            values = self.perform(form)
        except MoveRefused as refusal:
            self.add_refusal(form, refusal)
            return self.form_invalid(form)
        self.report(values or {})
        return redirect(self.get_success_url())

    def report(self, values: dict) -> None:
        """Show what was done."""
        messages.success(self.request, self.success_message % values)

    def add_refusal(self, form: forms.Form, refusal: MoveRefused) -> None:
        """Put the sentence of a refusal into the form."""
        form.add_error(None, str(refusal))

    def get_success_url(self):
        """Where the browser goes after success."""
        return self.back_url

    def get_context_data(self, **kwargs):
        """Add the sentences of the page and the way back."""
        return super().get_context_data(
            explanation=self.get_explanation(),
            button=self.button,
            is_danger=self.is_danger,
            back_url=self.back_url,
            back_label=self.back_label,
            **kwargs,
        )

    def get_explanation(self) -> str | Promise:
        """What the page says above the form."""
        return self.explanation


class ButtonMixin:
    """A button on another page: only posts, and shows a refusal or an error of its form as a message on the page it leads back to."""

    http_method_names = ["post", "options"]
    form_class = forms.Form

    def form_invalid(self, form):
        """Go back with what is wrong."""
        for error in dict.fromkeys(error for errors in form.errors.values() for error in errors):
            messages.error(self.request, error)
        return redirect(self.back_url)


class VisitObjectMixin(BaseObjectMixin, WagtailAdminTemplateMixin):
    """A page about one visit, with its breadcrumbs."""

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
            {"url": reverse(self.index_url_name), "label": _("Visits")},
            {"url": self.desk_url, "label": self.object.reference or self.object.organisation},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs):
        """Add the visit."""
        return super().get_context_data(visit=self.object, desk_url=self.desk_url, **kwargs)


class VisitFormView(VisitObjectMixin, StaffFormView):
    """A form about one visit; leads back to its desk page."""

    back_label = _("Back to the visit")

    @property
    def back_url(self) -> str:
        """The desk page."""
        return self.desk_url
