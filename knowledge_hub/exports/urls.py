"""Addresses for machines: robots.txt, the sitemap and open data, the same in both languages."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path, re_path

from knowledge_hub.cache import kept_for_readers
from knowledge_hub.exports import views
from knowledge_hub.exports.sitemap import PageSitemap

urlpatterns = [
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", kept_for_readers(sitemap), {"sitemaps": {"pages": PageSitemap}}, name="sitemap"),
    re_path(r"^data/(?P<name>[a-z]+)\.(?P<extension>csv|json)$", views.data_file, name="data_file"),
    path("data/<slug:name>.schema.json", views.data_schema, name="data_schema"),
    path("gambar/<key:pk>.png", views.picture, name="share_picture"),
]
