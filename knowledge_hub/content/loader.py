"""Loads the initial content: idempotent, in both languages, in one transaction.

A page is loaded only once: the log records it, so that changes, moves and deletions by editors are kept.
"""

import csv
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Collection, Locale, Page, PageLogEntry, Site

from knowledge_hub.content import pages as content
from knowledge_hub.content.taxonomy import DIMENSIONS, REGION_ALIASES
from knowledge_hub.core import signals
from knowledge_hub.models import (
    ArticlePage,
    CaseStudyPage,
    Dimension,
    ForumPage,
    GuidePage,
    KnowledgeIndexPage,
    PageDirection,
    PageTopic,
    PartnerPage,
    Region,
    SectionPage,
    SubDimension,
)
from knowledge_hub.staff import groups

LANGUAGES = ("id", "en")
DATA = settings.BASE_DIR / "knowledge_hub" / "data"


@transaction.atomic
def load() -> None:
    """Load all initial content; running it again changes nothing."""
    load_taxonomy()
    load_regions()
    homes = load_home_pages()
    index = load_pages(KnowledgeIndexPage, homes, content.KNOWLEDGE_INDEX, show_in_menus=True)
    cases = [load_case(index, case) for case in content.CASES]
    forum = load_forum(index)
    article = load_story(ArticlePage, index, content.ARTICLE, date=content.ARTICLE["date"], author="Redaksi Binjai Smart City")
    section = load_pages(SectionPage, homes, content.PARTNERS_SECTION, show_in_menus=True, owner_unit="Pemko Binjai")
    for partner in content.PARTNERS:
        shared = {"partner": partner["partner"], "owner_unit": "Pemko Binjai", "sources": [("source", content.SOURCE)]}
        load_pages(PartnerPage, section, partner, **shared)
    load_pages(GuidePage, homes, content.FAQ, owner_unit="Pemko Binjai")
    load_pages(GuidePage, homes, content.PRIVACY, owner_unit="Pemko Binjai")
    feature(homes, [*cases, forum, article])
    signals.initial_content_loaded.send(sender=load, home_pages=homes, load_pages=load_pages)
    groups.create(list(homes.values()))


def load_taxonomy() -> None:
    """Six dimensions and their sub-dimensions."""
    for order, ((slug, name_id, name_en), children) in enumerate(DIMENSIONS):
        dimension, _ = Dimension.objects.get_or_create(slug=slug, defaults={"name_id": name_id, "name_en": name_en, "sort_order": order})
        for child_order, (child_slug, child_id, child_en) in enumerate(children):
            SubDimension.objects.get_or_create(
                slug=child_slug,
                defaults={"name_id": child_id, "name_en": child_en, "sort_order": child_order, "dimension": dimension},
            )


def load_regions() -> None:
    """38 provinces and 514 regencies and cities from regions.csv; provinces come first in the file."""
    known = set(Region.objects.values_list("code", flat=True))
    with (DATA / "regions.csv").open(encoding="utf-8", newline="") as file:
        regions = [
            Region(
                code=row["code"],
                parent_id=row["parent_code"] or None,
                name=row["name"],
                aliases=REGION_ALIASES.get(row["code"], ""),
                capital=row["capital"],
                latitude=float(row["latitude"]),
                longitude=float(row["longitude"]),
                zone=row["zone"],
            )
            for row in csv.DictReader(file)
            if row["code"] not in known
        ]
    Region.objects.bulk_create(sorted(regions, key=lambda region: region.parent_id is not None))


def load_home_pages() -> dict[str, Page]:
    """A home page in each language, in place of Wagtail's welcome page, and the site that starts at the Indonesian one.

    New ones have no revision yet; ``feature`` publishes them once the pages that they show exist.
    """
    home_model = apps.get_model(settings.HOME_PAGE_MODEL)
    locales = {language: Locale.objects.get_or_create(language_code=language)[0] for language in LANGUAGES}
    homes = {page.locale.language_code: page for page in home_model.objects.filter(depth=2).select_related("locale")}
    if set(homes) == set(LANGUAGES):
        return homes
    root = Page.get_first_root_node()
    root.get_children().filter(content_type__model="page").delete()
    # Name of the root page in the explorer and choosers.
    Page.objects.filter(pk=root.pk, title="Root").update(title="Semua halaman", draft_title="Semua halaman")
    Collection.objects.filter(depth=1, name="Root").update(name="Semua berkas")
    root = Page.objects.get(pk=root.pk)
    key = None
    for language in LANGUAGES:
        values = dict(content.HOME[language])
        values["slug"] = "home" if language == "id" else "home-en"
        page = home_model(locale=locales[language], **values)
        if key:
            page.translation_key = key
        root.add_child(instance=page)
        key = page.translation_key
        homes[language] = page
    host = settings.SITE_HOST.split(":")
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": host[0],
            "port": int(host[1]) if len(host) > 1 else (443 if settings.SITE_URL.startswith("https") else 80),
            "root_page": homes["id"],
            "site_name": settings.WAGTAIL_SITE_NAME,
        },
    )
    return homes


def load_pages(
    model, parents: dict[str, Page], entry: dict[str, Any], *, topics: Sequence[str] = (), directions: Sequence[str] = (), **shared
) -> dict[str, Page]:
    """Create a page in each language under its parent, as translations of each other; return existing ones unchanged.

    Args:
        model: the page type.
        parents: the parent in each language; a language without a parent (editors deleted it) is skipped.
        entry: fields by language; ``slug`` names the page.
        topics: slugs of its sub-dimensions, for page types that have topics.
        directions: its service directions, for page types that have several.
        shared: fields that both languages have.
    """
    made: dict[str, Page] = {}
    key = None
    for language, parent in parents.items():
        values = entry[language]
        name = f"{model._meta.label_lower}:{language}:{values['slug']}"
        page_pk = PageLogEntry.objects.filter(data__initial_content=name).values_list("page_id", flat=True).first()
        page = model.objects.filter(pk=page_pk).first() if page_pk else model.objects.child_of(parent).filter(slug=values["slug"]).first()
        if page is None and page_pk is None:
            page = model(locale=parent.locale, **shared, **values)
            if key:
                page.translation_key = key
            # Before the first revision, because the editor's form is filled from the revision.
            if topics:
                page.page_topics = [PageTopic(topic=topic) for topic in SubDimension.objects.filter(slug__in=topics)]
            if directions:
                page.page_directions = [PageDirection(direction=direction) for direction in directions]
            # Reload, because the page in memory lacks children that were added meanwhile.
            Page.objects.get(pk=parent.pk).add_child(instance=page)
            page.save_revision().publish()
            log(instance=page, action="wagtail.create", data={"initial_content": name})
        if page:
            key = page.translation_key
            made[language] = page
    return made


def load_case(index: dict[str, Page], case: dict[str, Any]) -> dict[str, Page]:
    """Load a case study with the facts of its source, without measured results."""
    names = ("partner", "role", "risk")
    entry = {}
    for language in LANGUAGES:
        values = dict(case[language])
        values["partners"] = [("role", dict(zip(names, row, strict=True))) for row in values.get("partners", [])]
        values["milestones"] = [("milestone", {"when": when, "what": what}) for when, what in values.get("milestones", [])]
        entry[language] = values
    shared = {"owner_unit": "Pemko Binjai", "start_year": case["start_year"], "sources": [("source", content.SOURCE)]}
    return load_pages(CaseStudyPage, index, entry, topics=case["topics"], directions=case["directions"], **shared)


def load_forum(index: dict[str, Page]) -> dict[str, Page]:
    """Load the forum at Bappenas."""
    entry = dict(content.FORUM)
    for language in LANGUAGES:
        speakers = [("speaker", row) for row in content.FORUM[language]["speakers"]]
        entry[language] = {**content.FORUM[language], "speakers": speakers}
    return load_story(ForumPage, index, entry, date=content.FORUM["date"])


def load_story(model, index: dict[str, Page], entry: dict[str, Any], **shared) -> dict[str, Page]:
    """Load a forum or an article with its source."""
    sources = [("source", content.SOURCE)]
    return load_pages(model, index, entry, topics=entry["topics"], owner_unit="Pemko Binjai", sources=sources, **shared)


def feature(homes: dict[str, Page], entries: list[dict[str, Page]]) -> None:
    """Feature entries on the new home pages, and publish those."""
    for language, home in homes.items():
        if home.latest_revision_id:
            continue
        # Reload, because publishing the older object would lose the children.
        home = type(home).objects.get(pk=home.pk)
        home.featured = [
            home.featured.model(page=Page.objects.get(pk=made[language].pk), sort_order=order)
            for order, made in enumerate(entries)
            if language in made
        ]
        home.save_revision().publish()
