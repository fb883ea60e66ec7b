"""Applies the audience of a collaboration document as Wagtail view restrictions, on the page and on its files.

So search, feeds, sitemap and lists exclude it like any other private page.
"""

from django.contrib.auth.models import Group
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from knowledge_hub.enums import DocumentAudience as Audience

STAFF_GROUP = "Pemko Binjai"
COLLECTIONS = {Audience.PARTNERS: "Dokumen kerja sama: mitra", Audience.STAFF: "Dokumen kerja sama: internal Pemko"}


def staff_group() -> Group:
    """The group of the city's staff; members are chosen in the admin."""
    return Group.objects.get_or_create(name=STAFF_GROUP)[0]


def apply(page: Page) -> None:
    """Restrict or open a published document and its files according to its audience.

    A restricted file is never opened automatically: somebody has to move it out of the restricted collection.
    """
    if page.audience == Audience.PUBLIC:
        PageViewRestriction.objects.filter(page=page).delete()
        return
    kind = PageViewRestriction.LOGIN if page.audience == Audience.PARTNERS else PageViewRestriction.GROUPS
    restriction = PageViewRestriction.objects.filter(page=page).first() or PageViewRestriction(page=page)
    if restriction.restriction_type != kind:
        restriction.restriction_type = kind
        restriction.save()
    if kind == PageViewRestriction.GROUPS:
        restriction.groups.set([staff_group()])
    close_files(page)


def close_files(page: Page) -> None:
    """Move the files of a restricted document, also of a draft, into the collection that only its audience may read."""
    if page.audience == Audience.PUBLIC:
        return
    collection = closed_collection(page.audience)
    for document in files_of(page):
        if document.collection_id != collection.pk:
            document.collection = collection
            document.save(update_fields=["collection"])


def files_of(page: Page) -> list:
    """The files of a document's versions, annexes and body."""
    files = [version.document for version in page.versions.all() if version.document_id]
    files += [row.value["document"] for row in page.annexes if row.value["document"]]
    files += [block.value for block in page.body if block.block_type == "document" and block.value]
    return list({file.pk: file for file in files}.values())


def closed_collection(audience: str) -> Collection:
    """The collection that only this audience may read; created when first needed."""
    name = COLLECTIONS[Audience(audience)]
    collection = Collection.objects.filter(name=name).first()
    if collection is None:
        collection = Collection.get_first_root_node().add_child(name=name)
        kind = CollectionViewRestriction.LOGIN if audience == Audience.PARTNERS else CollectionViewRestriction.GROUPS
        restriction = CollectionViewRestriction.objects.create(collection=collection, restriction_type=kind)
        if kind == CollectionViewRestriction.GROUPS:
            restriction.groups.set([staff_group()])
    return collection
