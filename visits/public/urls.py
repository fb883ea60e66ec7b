"""Addresses of guests and the public; the Indonesian paths stand in locale/id and are printed on paper, so they never change."""

from django.urls import path, register_converter
from django.utils.translation import gettext_lazy as _

from visits.public import booking_views, delegate_views, programme_views, status_views
from visits.public.draft import STEPS


class StepConverter:
    """A step of the booking form."""

    regex = "|".join(STEPS)

    def to_python(self, value: str) -> str:
        """The step's name."""
        return value

    def to_url(self, value: str) -> str:
        """The step's name."""
        return value


register_converter(StepConverter, "step")

app_name = "visits"
urlpatterns = [
    path(_("visits/"), programme_views.programmes, name="programmes"),
    path(_("visits/rules/"), programme_views.rules, name="rules"),
    path(_("visits/book/"), booking_views.start, name="book"),
    path(_("visits/book/sent/"), booking_views.sent, name="sent"),
    path(_("visits/book/<step:name>/"), booking_views.step, name="book_step"),
    path(_("visits/confirm/<str:token>/"), booking_views.confirm, name="confirm"),
    path(_("visits/lost-link/"), status_views.lost_link, name="lost_link"),
    path(_("visits/status/<str:token>/"), status_views.status, name="status"),
    path(_("visits/status/<str:token>/reply/"), status_views.reply, name="reply"),
    path(_("visits/status/<str:token>/cancel/"), status_views.cancel, name="cancel"),
    path(_("visits/status/<str:token>/delegates/"), delegate_views.edit, name="delegates"),
    path(_("visits/status/<str:token>/delegates/upload/"), delegate_views.upload, name="delegates_upload"),
    path(_("visits/delegates-template.xlsx"), delegate_views.template, name="delegates_template"),
    path(_("visits/status/<str:token>/certificates/<int:pk>.pdf"), status_views.certificate, name="certificate"),
    path("kalender/<str:token>.ics", status_views.calendar, name="calendar"),
]
