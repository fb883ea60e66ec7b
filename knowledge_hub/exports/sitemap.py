"""The sitemap: all public pages, and views that readers look for, in both languages, each with its translations."""

from collections import defaultdict

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from django.utils.translation import override

from knowledge_hub.core import audience


class PageSitemap(Sitemap):
    """All public pages. Wagtail's own sitemap starts at the first language's home page and would miss the other language."""

    limit = 5000

    def items(self):
        """Pairs of a page and the addresses of all its translations."""
        pages = list(audience.public_pages().order_by("path"))
        versions = defaultdict(list)
        for page in pages:
            if page.full_url:
                versions[page.translation_key].append((audience.language_of(page), page.full_url))
        return [(page, versions[page.translation_key]) for page in pages if page.full_url]

    def lastmod(self, item):
        """When the page was last published."""
        return item[0].last_published_at

    def get_urls(self, page=1, site=None, protocol=None):
        """Sitemap entries with alternate languages."""
        return [
            {
                "item": item,
                "location": item[0].full_url,
                "lastmod": item[0].last_published_at,
                "changefreq": None,
                "priority": "",
                "alternates": [{"location": url, "lang_code": language} for language, url in item[1]] if len(item[1]) > 1 else [],
            }
            for item in self.paginator.page(page).object_list
        ]


class ViewSitemap(Sitemap):
    """Public pages that are views of this project, not Wagtail pages."""

    VIEWS = ("contact",)

    def items(self):
        """The addresses of each view by language."""
        return [{language: _address_in(language, view) for language, _name in settings.LANGUAGES} for view in self.VIEWS]

    def get_urls(self, page=1, site=None, protocol=None):
        """Sitemap entries with alternate languages."""
        return [
            {
                "item": addresses,
                "location": address,
                "lastmod": None,
                "changefreq": None,
                "priority": "",
                "alternates": [{"location": url, "lang_code": language} for language, url in addresses.items()],
            }
            for addresses in self.paginator.page(page).object_list
            for address in addresses.values()
        ]


def _address_in(language: str, view: str) -> str:
    with override(language):
        return f"{settings.SITE_URL}{reverse(view)}"
