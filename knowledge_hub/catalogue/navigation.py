"""Navigation of every page: home link, menus, breadcrumbs and translations."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override
from wagtail.models import Locale, Page, Site

from knowledge_hub.core import content_cache
from knowledge_hub.core.audience import public
from knowledge_hub.core.language import active_language
from knowledge_hub.models import KnowledgeIndexPage

# Views whose query parameters are valid in every language: they list pages by primary key.
WITH_PARAMETERS = frozenset({"shortlist", "compare", "wordings"})


@dataclass(frozen=True)
class Link:
    """One entry of a menu."""

    title: str
    url: str
    is_current: bool = False


@dataclass(frozen=True)
class Translation:
    """The same page in another language."""

    language: str
    name: str
    url: str
    full_url: str


@dataclass(frozen=True)
class Menus:
    """Home page and menus of one language on one host; ``index`` is the knowledge base, if it is published."""

    home_url: str
    home_title: str
    home_depth: int
    main: tuple[Link, ...]
    footer: tuple[Link, ...]
    index: Link | None = None


@dataclass(frozen=True)
class PageNavigation:
    """Ancestors of a page from the home page downwards, and all its translations, itself included."""

    breadcrumbs: tuple[Link, ...]
    translations: tuple[Translation, ...]


def menus(request) -> Menus:
    """Menus in the active language; no query until the content changes."""
    language = active_language()
    return content_cache.get_or_set(f"menus:{language}:{request.get_host()}", lambda: _make_menus(request))


def _make_menus(request) -> Menus:
    site = Site.find_for_request(request)
    home = site.root_page if site else None
    if home is None:
        return Menus("/", "", 2, (), ())
    locale = Locale.get_active()
    if home.locale_id != locale.pk:
        home = home.get_translation_or_none(locale) or home
    children = public(home.get_children()).order_by("path")
    links = [(page.show_in_menus, Link(page.title, url)) for page in children if (url := page.get_url(request))]
    index = public(KnowledgeIndexPage.objects.child_of(home)).order_by("path").first()
    return Menus(
        home.get_url(request) or "/",
        home.title,
        home.depth,
        tuple(link for shown, link in links if shown),
        tuple(link for shown, link in links if not shown),
        Link(index.title, index.get_url(request) or "") if index else None,
    )


def page_navigation(request, page: Page) -> PageNavigation:
    """Ancestors and translations of a page; no query until the content changes."""
    if page.pk is None:
        return PageNavigation((), ())
    language = active_language()
    return content_cache.get_or_set(
        f"page-navigation:{language}:{request.get_host()}:{page.pk}", lambda: _make_page_navigation(request, page)
    )


def _make_page_navigation(request, page: Page) -> PageNavigation:
    above = [page.path[: length * page.steplen] for length in range(2, page.depth)]
    related = public(Page.objects.filter(Q(path__in=above) | Q(translation_key=page.translation_key))).order_by("path")
    pages = list(related.select_related("locale"))
    names = dict(settings.LANGUAGES)
    versions = [other for other in pages if other.translation_key == page.translation_key and other.path not in above]
    versions.sort(key=lambda other: list(names).index(other.locale.language_code))
    return PageNavigation(
        tuple(Link(other.title, other.get_url(request) or "") for other in pages if other.path in above),
        tuple(
            Translation(
                other.locale.language_code,
                str(names[other.locale.language_code]),
                other.get_url(request) or "",
                other.get_full_url(request) or "",
            )
            for other in versions
        ),
    )


def other_language(request, page: Page | None) -> Translation:
    """Target of the language switch: the page's translation, the same view, or else the other home page."""
    target = "id" if active_language() == "en" else "en"
    # Each language is named in its own language, so that its readers recognise it.
    name = "English" if target == "en" else "Bahasa Indonesia"
    url = full_url = "/en/" if target == "en" else "/"
    if isinstance(page, Page):
        for version in page_navigation(request, page).translations:
            if version.language == target:
                url, full_url = version.url, version.full_url
    elif view := view_in(request, target):
        url = full_url = view
    return Translation(target, name, url, full_url)


def view_in(request, language: str) -> str:
    """Address of the current view in another language; empty if it has none."""
    match = request.resolver_match
    if match is None or not match.url_name or match.view_name.startswith("wagtail"):
        return ""
    with override(language):
        try:
            url = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
        except NoReverseMatch:
            return ""
    query = request.META.get("QUERY_STRING", "")
    return f"{url}?{query}" if query and match.view_name in WITH_PARAMETERS else url
