"""Template tags for navigation. Each tag only calls a function of knowledge_hub/catalogue/navigation.py."""

from dataclasses import replace

from django import template
from django.conf import settings
from wagtail.models import Page

from knowledge_hub.catalogue import navigation

register = template.Library()


def _marked(context, links) -> list[navigation.Link]:
    """Links; the one to the current page or its ancestor is marked as current."""
    path = context["request"].path
    return [replace(link, is_current=True) if path.startswith(link.url) else link for link in links]


@register.simple_tag(takes_context=True)
def home_url(context) -> str:
    """Address of the home page in the active language."""
    request = context.get("request")
    return navigation.menus(request).home_url if request else "/"


@register.simple_tag(takes_context=True)
def knowledge_index(context) -> navigation.Link | None:
    """The index of the knowledge base in the active language."""
    request = context.get("request")
    return navigation.menus(request).index if request else None


@register.simple_tag(takes_context=True)
def main_menu(context) -> list[navigation.Link]:
    """Pages below the home page that are shown in menus."""
    request = context.get("request")
    return _marked(context, navigation.menus(request).main) if request else []


@register.simple_tag(takes_context=True)
def footer_menu(context) -> list[navigation.Link]:
    """Pages below the home page that are not in the main menu, for example privacy."""
    request = context.get("request")
    return _marked(context, navigation.menus(request).footer) if request else []


@register.simple_tag(takes_context=True)
def breadcrumbs(context, page) -> tuple[navigation.Link, ...]:
    """Ancestors of a page from the home page downwards; empty on the home page."""
    request = context.get("request")
    return navigation.page_navigation(request, page).breadcrumbs if request else ()


@register.simple_tag(takes_context=True)
def page_translations(context, page) -> tuple[navigation.Translation, ...]:
    """All translations of a page, itself included."""
    request = context.get("request")
    return navigation.page_navigation(request, page).translations if request else ()


@register.simple_tag(takes_context=True)
def other_language(context) -> navigation.Translation | None:
    """Target of the language switch."""
    request = context.get("request")
    page = context.get("page")
    return navigation.other_language(request, page if isinstance(page, Page) else None) if request else None


@register.simple_tag(takes_context=True)
def may_be_staff(context) -> bool:
    """Whether the request has a session cookie; reading the session itself would make the page vary by cookie."""
    request = context.get("request")
    return request is not None and settings.SESSION_COOKIE_NAME in request.COOKIES
