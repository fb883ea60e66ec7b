"""The public search page."""

from django.urls import path

from knowledge_hub.search import views

urlpatterns = [path("", views.search, name="search")]
