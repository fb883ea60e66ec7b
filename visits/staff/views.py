"""Base views of staff: a form that calls a domain function, and a page about a visit.

All forms of staff that call the domain use StaffFormView, so that refusals are shown in the same way everywhere.
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

from visits.domain.errors import Refused
from visits.models import Proposal, Visit
from visits.permissions import AUDIT


class ReadableByAuditors(PermissionCheckedMixin):
    """A page with a form that auditors may open but not send: for them ``is_read_only`` is true and templates disable the form."""

    is_read_only = False

    def dispatch(self, request, *args, **kwargs):
        """Let auditors read; everybody else needs the permission of the page."""
        needed = [self.permission_required] if self.permission_required else self.any_permission_required
        may_change = any(self.user_has_permission(permission) for permission in needed)
        if request.method in ("GET", "HEAD") and not may_change and self.user_has_permission(AUDIT):
            self.is_read_only, self.permission_required, self.any_permission_required = True, None, [AUDIT]
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(is_read_only=self.is_read_only, **kwargs)


class StaffFormView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """A form that calls a domain function.

    Subclasses declare permission, form and sentences, and call the domain in perform(). If the domain raises Refused, the form is
    shown again with the typed values and its sentence as an error.

    Attributes:
        explanation: text above the form.
        button: label of the button.
        is_danger: whether the button is red.
        success_message: may contain values that perform() returns, for example ``%(number)s``.
        index_label: name of the list in the breadcrumbs.
        back_label: label of the link back.
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
        """URL of the page before this one."""
        return reverse(self.index_url_name)

    def get_breadcrumbs_items(self):
        """Home, list, this page."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": self.index_label},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_obstacle(self) -> str:
        """Why the form cannot be used now; empty if it can. It is only checked on GET, since the domain checks a POST."""
        return ""

    def get(self, request, *args, **kwargs):
        """Show the form, or go back with the obstacle."""
        if obstacle := self.get_obstacle():
            return self.go_back(obstacle)
        return super().get(request, *args, **kwargs)

    def go_back(self, warning: str) -> HttpResponse:
        """Redirect to the page before this one with a warning."""
        messages.warning(self.request, warning)
        return redirect(self.back_url)

    def perform(self, form: forms.Form) -> dict | None:
        """Call the domain with a valid form; returns values for the success message.

        Raises:
            Refused: the change is not allowed.
        """
        raise NotImplementedError

    def form_valid(self, form):
        """Perform and redirect, or show the form again with the refusal."""
        try:
            values = self.perform(form)
        except Refused as refusal:
            self.add_refusal(form, refusal)
            return self.form_invalid(form)
        self.report(values or {})
        return redirect(self.get_success_url())

    def report(self, values: dict) -> None:
        """Show the success message."""
        messages.success(self.request, self.success_message % values)

    def add_refusal(self, form: forms.Form, refusal: Refused) -> None:
        """Add the sentence of a refusal to the form."""
        form.add_error(None, str(refusal))

    def get_success_url(self):
        """URL of the redirect after success."""
        return self.back_url

    def get_context_data(self, **kwargs):
        """Add the texts of the page and the link back."""
        return super().get_context_data(
            explanation=self.get_explanation(),
            button=self.button,
            is_danger=self.is_danger,
            back_url=self.back_url,
            back_label=self.back_label,
            **kwargs,
        )

    def get_explanation(self) -> str | Promise:
        """Text above the form."""
        return self.explanation


class ButtonMixin:
    """A button on another page: accepts only POST, and shows errors as messages on that page."""

    http_method_names = ["post", "options"]
    form_class = forms.Form

    def form_invalid(self, form):
        """Go back with the errors as messages."""
        for error in dict.fromkeys(error for errors in form.errors.values() for error in errors):
            messages.error(self.request, error)
        return redirect(self.back_url)


class VisitObjectMixin(BaseObjectMixin, WagtailAdminTemplateMixin):
    """A page about a visit, with its breadcrumbs."""

    model = Visit
    index_url_name = None
    inspect_url_name = None
    header_icon = "calendar-check"

    def get_base_object_queryset(self):
        """The visit with programme, session, region, proposed dates and wishes for more seats; three queries."""
        return Visit.objects.select_related("programme", "slot", "region__parent", "decided_by").prefetch_related(
            Prefetch("proposals", Proposal.objects.select_related("slot__programme", "author")), "seat_requests"
        )

    def get_page_subtitle(self):
        return str(self.object)

    @property
    def desk_url(self) -> str:
        """The desk page of the visit."""
        return reverse(self.inspect_url_name, args=[self.object.pk])

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": _("Visits")},
            {"url": self.desk_url, "label": self.object.reference or self.object.organisation},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(visit=self.object, desk_url=self.desk_url, **kwargs)


class VisitFormView(VisitObjectMixin, StaffFormView):
    """A form about a visit, with a link back to its desk page."""

    back_label = _("Back to the visit")

    @property
    def back_url(self) -> str:
        return self.desk_url
