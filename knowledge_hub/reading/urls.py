"""Addresses of readers, besides the pages themselves; the Indonesian paths stand in locale/id and must never change."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from knowledge_hub.reading import feedback_views, views

urlpatterns = [
    # Translators: parts of addresses, without accents.
    path(_("untranslated/<key:pk>/"), views.untranslated, name="untranslated"),
    path(_("shortlist/"), views.shortlist, name="shortlist"),
    path(_("compare/"), views.compare, name="compare"),
    path(_("applications/"), views.application_catalogue, name="applications"),
    path(_("regions/<str:code>/"), views.region, name="region"),
    path(_("wordings/<key:pk>/"), views.wordings, name="wordings"),
    path(_("feedback/<key:pk>/"), feedback_views.give, name="feedback"),
    path(_("feedback/<key:pk>/thanks/"), feedback_views.thanks, name="feedback_thanks"),
]
