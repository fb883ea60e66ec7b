"""Related pages: links set by editors, applications of a case or agreement, and pages with the same topics."""

from dataclasses import dataclass

from wagtail.models import Page

from knowledge_hub.catalogue.entries import Entry, entries_by_pk, published_entries
from knowledge_hub.core import content_cache
from knowledge_hub.core.language import active_language
from knowledge_hub.models import ApplicationPage, PageLink

SIMILAR = 3


@dataclass(frozen=True)
class Related:
    """Typed links of a page grouped by label, and similar pages."""

    groups: tuple[tuple[str, tuple[Entry, ...]], ...]
    similar: tuple[Entry, ...]


def related(page: Page) -> Related:
    """Public related pages in the active language; no query until the content changes."""
    return content_cache.get_or_set(f"related:{active_language()}:{page.pk}", lambda: _find(page))


def _find(page: Page) -> Related:
    known = entries_by_pk()
    groups: dict[str, dict[str, Entry]] = {}

    def add(label: str, pk: int) -> None:
        entry = known.get(pk)
        if entry is not None and entry.key != str(page.translation_key):
            groups.setdefault(label, {})[entry.key] = entry

    # Links set in one language count for all translations.
    versions = Page.objects.filter(translation_key=page.translation_key).values("pk")
    for link in PageLink.objects.filter(page__in=versions).order_by("sort_order"):
        add(str(link.get_kind_display()), link.target_id)
    for link in PageLink.objects.filter(target__in=versions).order_by("pk"):
        add(str(PageLink.INVERSE[PageLink.Kind(link.kind)]), link.page_id)
    _add_applications(page, versions, add)
    linked = {key for entries in groups.values() for key in entries}
    return Related(
        tuple((label, tuple(entries.values())) for label, entries in groups.items()),
        _similar(page, known.get(page.pk), linked),
    )


def _add_applications(page: Page, versions, add) -> None:
    label = str(ApplicationPage._meta.verbose_name_plural).capitalize()
    for field in ("case_study", "agreement"):
        for pk in ApplicationPage.objects.filter(**{f"{field}__in": versions}).order_by("title").values_list("pk", flat=True):
            add(label, pk)


def _similar(page: Page, own: Entry | None, linked: set[str]) -> tuple[Entry, ...]:
    if own is None or not own.topics:
        return ()
    topics, dimensions = set(own.topics), {topic.dimension for topic in own.topics}

    def likeness(entry: Entry) -> tuple[int, int, bool]:
        shared = len(topics & set(entry.topics))
        near = len(dimensions & {topic.dimension for topic in entry.topics})
        return (shared, near + len(set(own.directions) & set(entry.directions)), entry.kind == own.kind)

    others = [entry for entry in published_entries() if entry.key != own.key and entry.key not in linked and entry.topics]
    best = sorted((entry for entry in others if likeness(entry)[0] or likeness(entry)[1]), key=likeness, reverse=True)
    return tuple(best[:SIMILAR])
