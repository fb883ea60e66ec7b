"""Addresses of readers, besides the pages themselves; the Indonesian paths stand in locale/id and must never change."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from knowledge_hub.reading import views

urlpatterns = [
    # Translators: parts of addresses, without accents.
    path(_("untranslated/<int:pk>/"), views.untranslated, name="untranslated"),
]
