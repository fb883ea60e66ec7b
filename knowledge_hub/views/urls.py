"""URL patterns of the knowledge base's public views."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path, re_path
from django.utils.translation import gettext_lazy as _

from knowledge_hub.core.page_cache import cacheable
from knowledge_hub.exports.sitemap import PageSitemap, ViewSitemap
from knowledge_hub.views import catalogue, contact, downloads, feedback, feeds

localized_urlpatterns = [
    # Translators: parts of addresses, without accents; they must never change.
    path(_("untranslated/<key:pk>/"), catalogue.untranslated, name="untranslated"),
    path(_("shortlist/"), catalogue.shortlist, name="shortlist"),
    path(_("compare/"), catalogue.compare, name="compare"),
    path(_("applications/"), catalogue.application_catalogue, name="applications"),
    path(_("regions/<str:code>/"), catalogue.region, name="region"),
    path(_("wordings/<key:pk>/"), catalogue.wordings, name="wordings"),
    path(_("contact/"), contact.contact, name="contact"),
    path(_("feedback/<key:pk>/"), feedback.give, name="feedback"),
    path(_("feedback/<key:pk>/thanks/"), feedback.thanks, name="feedback_thanks"),
    path(_("feed.atom"), feeds.feed, name="feed"),
    path("data/", downloads.data, name="data"),
    path("pdf/<key:pk>/", downloads.pdf, name="page_pdf"),
    path("cite/<key:pk>.<str:kind>", downloads.citation, name="citation"),
    path("forum/<key:pk>.ics", downloads.calendar, name="forum_calendar"),
]
"""In each language, with translated paths."""

urlpatterns = [
    path("robots.txt", downloads.robots, name="robots"),
    path(".well-known/security.txt", downloads.security, name="security"),
    path("sitemap.xml", cacheable(sitemap), {"sitemaps": {"pages": PageSitemap, "views": ViewSitemap}}, name="sitemap"),
    re_path(r"^data/(?P<name>[a-z]+)\.(?P<extension>csv|json)$", downloads.data_file, name="data_file"),
    path("data/<slug:name>.schema.json", downloads.data_schema, name="data_schema"),
    path("gambar/<key:pk>.png", downloads.picture, name="share_picture"),
]
"""The same in all languages."""
