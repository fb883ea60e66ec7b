"""URL patterns of downloads, in each language."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from knowledge_hub.views import downloads, feeds

urlpatterns = [
    # Translators: parts of addresses, without accents.
    path(_("feed.atom"), feeds.feed, name="feed"),
    path("data/", downloads.data, name="data"),
    path("pdf/<key:pk>/", downloads.pdf, name="page_pdf"),
    path("cite/<key:pk>.<str:kind>", downloads.citation, name="citation"),
    path("forum/<key:pk>.ics", downloads.calendar, name="forum_calendar"),
]
