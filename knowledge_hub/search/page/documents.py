"""Which documents the public search may find."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from wagtail.models import Page, ReferenceIndex

from knowledge_hub.core import audience
from knowledge_hub.models import CustomDocument


def findable(language: str) -> QuerySet:
    """The public documents of a language.

    A document is public unless staff untick it, its collection is private, or pages link to it and none of them is public.

    Args:
        language: a language code of CustomDocument.
    """
    found = audience.in_public_collections(CustomDocument.objects.filter(is_findable=True, language=language))
    if hidden := _linked_from_private_pages_only():
        found = found.exclude(id__in=hidden)
    return found.select_related("extracted").defer("extracted__text")


def _linked_from_private_pages_only() -> list[int]:
    """Primary keys of documents to which only private or unpublished pages link.

    Not cached, because Wagtail updates its reference index in the background after a page is published.
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
