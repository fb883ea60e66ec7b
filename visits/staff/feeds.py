"""The private calendars of the signed-in person, and of rooms and speakers: their addresses, and new ones in their place."""

from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet

from visits.domain import feeds
from visits.models import CalendarFeed, Resource, Visit
from visits.permissions import DECIDE


def _subscribable():
    """Rooms and people in use, with their calendars."""
    kinds = Q(kind__is_place=True) | Q(kind__is_person=True)
    return Resource.objects.filter(kinds, active=True).select_related("kind", "feed").order_by("kind", "name")


def _address_of(owner: Any, name: str) -> str:
    feed = getattr(owner, name, None)
    return feeds.link_of(feed) if feed else ""


class FeedsView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """The addresses; whoever has none yet makes one with a button."""

    model = Visit
    permission_required = DECIDE
    template_name = "visits/staff/feeds.html"
    page_title = gettext_lazy("Private calendars")
    header_icon = "calendar"

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        own = CalendarFeed.objects.filter(officer=self.request.user).first()
        rows = [{"name": _("Visits in my care"), "address": feeds.link_of(own) if own else "", "key": ""}]
        rows += [
            {"name": f"{one.kind.name}: {one.name}", "address": _address_of(one, "feed"), "key": str(one.pk)} for one in _subscribable()
        ]
        return super().get_context_data(rows=rows, **kwargs)


class RenewView(PermissionCheckedMixin, View):
    """Makes an address, or a new one in place of it: of the resource in ``key``, else of the signed-in person."""

    model = Visit
    permission_required = DECIDE
    http_method_names = ["post"]

    def post(self, request):
        """Make the address and go back to the list."""
        key = request.POST.get("key", "")
        feeds.renew(get_object_or_404(_subscribable(), pk=key if key.isdecimal() else 0) if key else request.user)
        messages.success(request, _("The calendar has a new link. An earlier one opens nothing any more."))
        return redirect("visits_feeds:index")


class FeedsMenuItem(MenuItem):
    """Shown to those who decide on visits."""

    def is_shown(self, request):
        return request.user.has_perm(f"visits.{DECIDE}_visit")


class FeedsViewSet(ViewSet):
    """Private calendars to subscribe to."""

    name = "visits_feeds"
    url_prefix = "visits/feeds"
    icon = "calendar"
    menu_label = gettext_lazy("Private calendars")
    menu_item_class = FeedsMenuItem

    def get_urlpatterns(self):
        return [path("", FeedsView.as_view(), name="index"), path("renew/", RenewView.as_view(), name="renew")]
