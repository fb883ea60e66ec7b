"""What every page's frame needs: menus, the way home, translations. Every tag only calls a function of knowledge_hub/reading."""

from dataclasses import replace

from django import template
from django.conf import settings
from wagtail.models import Page

from knowledge_hub.catalogue import navigation

register = template.Library()


def _marked(context, links) -> list[navigation.Link]:
    """Links, with the one that leads to the page or above it marked."""
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
    """Pages below home that are shown in menus."""
    request = context.get("request")
    return _marked(context, navigation.menus(request).main) if request else []


@register.simple_tag(takes_context=True)
def footer_menu(context) -> list[navigation.Link]:
    """Pages below home that are not in the main menu: privacy and the like."""
    request = context.get("request")
    return _marked(context, navigation.menus(request).footer) if request else []


@register.simple_tag(takes_context=True)
def breadcrumbs(context, page) -> tuple[navigation.Link, ...]:
    """Ancestors of a page from home downwards, for breadcrumbs; none on the home page itself."""
    request = context.get("request")
    return navigation.page_navigation(request, page).breadcrumbs if request else ()


@register.simple_tag(takes_context=True)
def page_translations(context, page) -> tuple[navigation.Translation, ...]:
    """All languages of a page, itself included."""
    request = context.get("request")
    return navigation.page_navigation(request, page).translations if request else ()


@register.simple_tag(takes_context=True)
def other_language(context) -> navigation.Translation | None:
    """Where the language switch leads."""
    request = context.get("request")
    page = context.get("page")
    return navigation.other_language(request, page if isinstance(page, Page) else None) if request else None


@register.simple_tag(takes_context=True)
def may_be_staff(context) -> bool:
    """Whether the reader came with a session; asking who it is would make the page depend on cookies."""
    request = context.get("request")
    return request is not None and settings.SESSION_COOKIE_NAME in request.COOKIES
