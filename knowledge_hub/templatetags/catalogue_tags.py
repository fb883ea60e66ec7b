"""Template tags of knowledge base pages. Each tag only calls a function."""

from django import template
from django.conf import settings
from django.urls import reverse

from knowledge_hub.catalogue import facets, navigation, partners
from knowledge_hub.catalogue.applications import application_links
from knowledge_hub.catalogue.entries import entries_below, subpages
from knowledge_hub.catalogue.related import related
from knowledge_hub.core import audience, content_cache
from knowledge_hub.core.language import active_language
from knowledge_hub.exports import page_pdf, structured_data
from knowledge_hub.exports.citation import Citation

register = template.Library()
register.simple_tag(related)
register.filter("may_show_on", audience.may_show_on)
register.filter("visible_attachments", audience.visible_attachments)
register.simple_tag(subpages)
register.simple_tag(application_links)
register.simple_tag(partners.work, name="partner_work")


@register.simple_tag(takes_context=True)
def listing(context, page) -> facets.Listing:
    """The filtered listing of an index page; computed once for all blocks of the template."""
    computed = context.render_context
    if "listing" not in computed:
        computed["listing"] = facets.listing(entries_below(page), context["request"].GET)
    return computed["listing"]


@register.simple_tag
def citation(page) -> Citation:
    """The citation of a page."""
    return Citation.of(page)


@register.simple_tag(takes_context=True)
def share_picture(context, page) -> str:
    """Full address of the sharing image; it changes with the page, so that other sites reload it."""
    changed = int(page.last_published_at.timestamp()) if page.last_published_at else 0
    address = f"{reverse('share_picture', args=[page.pk])}?v={changed}"
    request = context.get("request")
    return request.build_absolute_uri(address) if request else address


@register.simple_tag
def licence() -> dict[str, str]:
    """The licence of texts and data."""
    return settings.CONTENT_LICENCE


@register.simple_tag
def has_pdf(page) -> bool:
    """Whether a page can be downloaded as PDF."""
    return page_pdf.is_offered(page)


@register.simple_tag(takes_context=True)
def json_ld(context, page):
    """JSON-LD of a page and its breadcrumbs; cached for published pages."""
    request = context["request"]
    if not page.published:
        return _json_ld(request, page)
    return content_cache.get_or_set(
        f"json-ld:{active_language()}:{request.scheme}:{request.get_host()}:{page.pk}", lambda: _json_ld(request, page)
    )


def _json_ld(request, page):
    links = [(link.title, request.build_absolute_uri(link.url)) for link in navigation.page_navigation(request, page).breadcrumbs]
    way = structured_data.breadcrumbs([*links, (page.title, page.full_url or "")])
    return structured_data.script(structured_data.of_page(page), way)
