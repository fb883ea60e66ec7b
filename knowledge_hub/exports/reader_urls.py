"""Addresses of files that readers take along, in each language."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from knowledge_hub.exports import feeds, views

urlpatterns = [
    # Translators: parts of addresses, without accents.
    path(_("feed.atom"), feeds.feed, name="feed"),
    path("data/", views.data, name="data"),
    path("pdf/<key:pk>/", views.pdf, name="page_pdf"),
    path("cite/<key:pk>.<str:kind>", views.citation, name="citation"),
    path("forum/<key:pk>.ics", views.calendar, name="forum_calendar"),
]
