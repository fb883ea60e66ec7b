"""The public search page."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from knowledge_hub.search.page import views

urlpatterns = [
    path("", views.search, name="search"),
    # Translators: part of an address, without accents.
    path(_("suggestions/"), views.suggest, name="search_suggest"),
]
