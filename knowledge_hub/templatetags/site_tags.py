"""What every page's frame needs: menus, the way home, translations."""

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, override
from wagtail.models import Locale, Page, Site

register = template.Library()


@dataclass(frozen=True)
class Link:
    """One entry of a menu."""

    title: str
    url: str
    is_current: bool = False


@dataclass(frozen=True)
class Version:
    """The same page in another language."""

    language: str
    name: str
    url: str
    full_url: str


def _home(context) -> Page | None:
    """The home page in the active language; found once per request."""
    request = context.get("request")
    if request is None:
        return None
    if not hasattr(request, "_home_page"):
        site = Site.find_for_request(request)
        root = site.root_page if site else None
        if root and root.locale_id != Locale.get_active().pk:
            root = root.get_translation_or_none(Locale.get_active()) or root
        request._home_page = root
    return request._home_page


@register.simple_tag(takes_context=True)
def home_url(context) -> str:
    """Address of the home page in the active language."""
    home = _home(context)
    return home.get_url(context.get("request")) if home else "/"


def _children(context) -> list[Page]:
    request = context.get("request")
    home = _home(context)
    if home is None:
        return []
    if not hasattr(request, "_menu_pages"):
        request._menu_pages = list(home.get_children().live().public().order_by("path"))
    return request._menu_pages


def _links(context, pages) -> list[Link]:
    request = context["request"]
    return [Link(page.title, url, request.path.startswith(url)) for page in pages if (url := page.get_url(request))]


@register.simple_tag(takes_context=True)
def main_menu(context) -> list[Link]:
    """Pages below home that are shown in menus."""
    return _links(context, [page for page in _children(context) if page.show_in_menus])


@register.simple_tag(takes_context=True)
def footer_menu(context) -> list[Link]:
    """Pages below home that are not in the main menu: privacy and the like."""
    return _links(context, [page for page in _children(context) if not page.show_in_menus])


@register.simple_tag
def trail(page) -> list[Link]:
    """Ancestors of a page from home downwards, for breadcrumbs; none on the home page itself."""
    if page.depth <= 2:
        return []
    return [Link(ancestor.title, ancestor.url) for ancestor in page.get_ancestors().filter(depth__gte=2)]


@register.simple_tag(takes_context=True)
def page_translations(context, page) -> list[Version]:
    """All languages of a page, itself included; one query a request."""
    request = context.get("request")
    if request is not None and getattr(request, "_translations_of", None) == page.pk:
        return request._translations
    names = dict(settings.LANGUAGES)
    versions = [
        Version(version.locale.language_code, str(names[version.locale.language_code]), version.get_url(request), version.full_url)
        for version in page.get_translations(inclusive=True).live().public().select_related("locale")
    ]
    if request is not None:
        request._translations_of, request._translations = page.pk, versions
    return versions


@register.simple_tag(takes_context=True)
def other_language(context) -> Version | None:
    """Where the language switch leads: the page's translation, the same view, or else the other home page."""
    request = context.get("request")
    current = (get_language() or settings.LANGUAGE_CODE)[:2]
    target = "en" if current == "id" else "id"
    name = "English" if target == "en" else "Bahasa Indonesia"
    page = context.get("page")
    if isinstance(page, Page):
        for version in page_translations(context, page):
            if version.language == target:
                return Version(target, name, version.url, version.full_url)
    elif request is not None and request.resolver_match and request.resolver_match.url_name:
        match = request.resolver_match
        with override(target):
            try:
                url = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
            except NoReverseMatch:
                url = ""
        if url and not match.view_name.startswith("wagtail"):
            return Version(target, name, url, url)
    home = "/en/" if target == "en" else "/"
    return Version(target, name, home, home)
