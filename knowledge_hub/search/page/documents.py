"""Which documents the public search may find."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from wagtail.models import Page, ReferenceIndex

from knowledge_hub.core import audience
from knowledge_hub.models import CustomDocument


def findable(language: str) -> QuerySet:
    """The documents of a language that everybody may have: not kept out by staff, in no private collection, and, if pages lead to
    them, at least one of these is open to everybody.

    Args:
        language: a language code as documents have it.
    """
    found = audience.in_public_collections(CustomDocument.objects.filter(is_findable=True, language=language))
    if hidden := _behind_closed_pages():
        found = found.exclude(id__in=hidden)
    return found.select_related("extracted").defer("extracted__text")


def _behind_closed_pages() -> list[int]:
    """Documents that pages lead to, none of which everybody may read.

    Asked anew each time: Wagtail notes what a page leads to in the background, after the page has been published.
    """
    types = ContentType.objects.get_for_models(Page, CustomDocument)
    links = list(
        ReferenceIndex.objects.filter(base_content_type=types[Page], to_content_type=types[CustomDocument]).values_list(
            "object_id", "to_object_id"
        )
    )
    if not links:
        return []
    pages = {str(pk) for pk in audience.public(Page.objects.filter(pk__in={page for page, _ in links})).values_list("pk", flat=True)}
    shown = {document for page, document in links if page in pages}
    return [int(document) for document in {document for _, document in links} - shown]
