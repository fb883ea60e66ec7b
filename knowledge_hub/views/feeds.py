"""Atom feeds of published pages, with the filters of the index."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from wagtail.models import Locale

from knowledge_hub.catalogue import facets
from knowledge_hub.catalogue.entries import entries_below
from knowledge_hub.core.audience import public
from knowledge_hub.core.language import active_language
from knowledge_hub.core.page_cache import cacheable
from knowledge_hub.models import KnowledgeIndexPage

ENTRIES = 30


@cacheable
def feed(request) -> HttpResponse:
    """The newest entries in the active language that match the filters of the query string."""
    index = get_object_or_404(public(KnowledgeIndexPage.objects.filter(locale=Locale.get_active())).order_by("path")[:1])
    listing = facets.listing(entries_below(index), request.GET)
    chosen = ", ".join(chip.label for chip in listing.chips)
    atom = Atom1Feed(
        title=f"Binjai Smart City: {chosen or index.title}",
        link=request.build_absolute_uri(index.url),
        description=_("What the knowledge base published last."),
        language=active_language(),
        feed_url=request.build_absolute_uri(),
        feed_guid=request.build_absolute_uri(reverse("feed") + (f"?{request.META['QUERY_STRING']}" if chosen else "")),
        author_name="Pemerintah Kota Binjai",
    )
    for entry in listing.entries[:ENTRIES]:
        atom.add_item(
            title=entry.title,
            link=request.build_absolute_uri(entry.url),
            description=entry.summary,
            # Permanent, even if the address changes.
            unique_id=f"urn:uuid:{entry.key}",
            pubdate=entry.published,
            updateddate=entry.updated,
            categories=[topic.name for topic in entry.topics],
        )
    # The media type that feed readers expect.
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
