"""URL patterns of public views. The Indonesian paths are translations in locale/id and must never change."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from knowledge_hub.views import catalogue, feedback

urlpatterns = [
    # Translators: parts of addresses, without accents.
    path(_("untranslated/<key:pk>/"), catalogue.untranslated, name="untranslated"),
    path(_("shortlist/"), catalogue.shortlist, name="shortlist"),
    path(_("compare/"), catalogue.compare, name="compare"),
    path(_("applications/"), catalogue.application_catalogue, name="applications"),
    path(_("regions/<str:code>/"), catalogue.region, name="region"),
    path(_("wordings/<key:pk>/"), catalogue.wordings, name="wordings"),
    path(_("feedback/<key:pk>/"), feedback.give, name="feedback"),
    path(_("feedback/<key:pk>/thanks/"), feedback.thanks, name="feedback_thanks"),
]
