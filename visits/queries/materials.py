"""Files that were shown to guests: what speakers brought, and what the case studies of the agenda offer to everybody."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, ReferenceIndex

from knowledge_hub.core import audience
from knowledge_hub.models import CustomDocument


def public_documents(case_studies: Iterable[int]) -> list[CustomDocument]:
    """The documents that case studies lead to and everybody may have, in the order of their titles.

    Args:
        case_studies: primary keys of pages; those that are not public are passed over.
    """
    pages = [str(pk) for pk in audience.public(Page.objects.filter(pk__in=set(case_studies))).values_list("pk", flat=True)]
    types = ContentType.objects.get_for_models(Page, CustomDocument)
    links = ReferenceIndex.objects.filter(
        base_content_type=types[Page], object_id__in=pages, to_content_type=types[CustomDocument]
    ).values_list("to_object_id", flat=True)
    documents = CustomDocument.objects.filter(pk__in=[int(pk) for pk in links]).order_by("title", "pk")
    return list(audience.in_public_collections(documents))
