"""URL patterns without a language: robots.txt, sitemap, open data and sharing images."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path, re_path

from knowledge_hub.core.page_cache import cacheable
from knowledge_hub.exports.sitemap import PageSitemap
from knowledge_hub.views import downloads

urlpatterns = [
    path("robots.txt", downloads.robots, name="robots"),
    path("sitemap.xml", cacheable(sitemap), {"sitemaps": {"pages": PageSitemap}}, name="sitemap"),
    re_path(r"^data/(?P<name>[a-z]+)\.(?P<extension>csv|json)$", downloads.data_file, name="data_file"),
    path("data/<slug:name>.schema.json", downloads.data_schema, name="data_schema"),
    path("gambar/<key:pk>.png", downloads.picture, name="share_picture"),
]
