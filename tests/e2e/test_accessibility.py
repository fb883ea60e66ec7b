"""Public pages of every type pass axe's rules for WCAG 2.2 AA and need no sideways scrolling, in both languages, on phone and desktop."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Page, get_page_models

from knowledge_hub.core.audience import public
from knowledge_hub.models import AgreementVersion, ApplicationPage, CaseStudyPage, KnowledgeIndexPage
from tests.e2e.looking import violations
from tests.knowledge_hub.content import agreement
from tests.knowledge_hub.test_case_template import FULL

SCREENS = ((360, "light"), (1280, "dark"))
LONG = "e-Perizinan untuk dunia usaha dan penanaman modal di seluruh kecamatan"


@pytest.fixture
def content(site, settings):
    """The initial content, a complete case study, an agreement with two versions, and applications. Tasks do not run."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    for case in CaseStudyPage.objects.filter(slug__in=("kolaborasi-tiga-pihak", "three-party-collaboration")):
        for name, value in FULL.items():
            setattr(case, name, value)
        case.status, case.stopped_reason = "stopped", "Diganti oleh layanan nasional."
        case.save_revision().publish()
    for home in KnowledgeIndexPage.objects.all():
        agreement(home, title="Perjanjian tiga pihak", versions=two_versions(), number="119/PKS/2016")
        for direction in ("g2g", "g2c", "g2b"):
            home.refresh_from_db()
            application = ApplicationPage(title=f"{LONG} {direction}", direction=direction, access="both", owner_unit="Dinas Kominfo")
            home.add_child(instance=application)
    index = KnowledgeIndexPage.objects.get(locale__language_code="id")
    index.add_child(instance=ApplicationPage(title="Hanya berbahasa Indonesia", direction="g2g"))


def two_versions() -> list[AgreementVersion]:
    return [
        AgreementVersion(label="Rancangan dengan nama yang panjang sekali", date=dt.date(2016, 10, 1), text="Pasal 1\nTiga tahun."),
        AgreementVersion(label="Ditandatangani", date=dt.date(2016, 12, 2), text="Pasal 1\nSepuluh tahun."),
    ]


def one_of_each_type(language: str) -> list[str]:
    """The address of one public page of every type; fails if a type has none."""
    found = {}
    for page in public(Page.objects.filter(locale__language_code=language, depth__gt=1)).order_by("path").specific():
        found.setdefault(type(page), page)
    assert {model for model in get_page_models() if model is not Page} == set(found)
    return [page.url for page in found.values()]


def untranslated() -> str:
    """The English address of a page that is written in Indonesian only."""
    with override("en"):
        return reverse("untranslated", args=[Page.objects.get(title="Hanya berbahasa Indonesia").pk])


def views(language: str) -> list[str]:
    """The addresses of all other public views in a language."""
    cases = list(CaseStudyPage.objects.filter(locale__language_code=language).values_list("pk", flat=True))
    pages = [f"id={pk}" for pk in cases]
    document = Page.objects.get(slug="perjanjian-tiga-pihak", locale__language_code=language)
    with override(language):
        knowledge = KnowledgeIndexPage.objects.get(locale__language_code=language).url
        return [
            f"{knowledge}?status=stopped&evidence=unmeasured",
            f"{knowledge}?year=1900",
            reverse("search"),
            reverse("search") + "?q=database",
            reverse("search") + "?q=xyzzy",
            reverse("shortlist"),
            reverse("shortlist") + "?" + "&".join(pages),
            reverse("compare"),
            reverse("compare") + "?" + "&".join(pages[:2]),
            reverse("applications"),
            reverse("region", args=["12.19"]),
            reverse("region", args=["12"]),
            reverse("wordings", args=[document.pk]),
            *([untranslated()] if language == "en" else []),
            *[reverse("feedback", args=[cases[0]]) + f"?kind={kind}" for kind in ("helpful", "not_helpful", "question", "error")],
            reverse("feedback_thanks", args=[cases[0]]),
            reverse("data"),
            reverse("page_pdf", args=[document.pk]),
            reverse("visits:programmes"),
            reverse("visits:rules"),
            reverse("visits:book"),
            reverse("visits:lost_link"),
            reverse("visits:rights"),
            reverse("check_file"),
            reverse("verify", args=["tidak-ada"]),
            "/en/nothing/" if language == "en" else "/tidak-ada/",
        ]


@pytest.mark.parametrize("language", ["id", "en"])
def test_public_pages_are_accessible(browser, content, site, language):
    context = browser.new_context(base_url=site.url, reduced_motion="reduce")
    page = context.new_page()
    problems = {}
    for address in [*one_of_each_type(language), *views(language)]:
        page.goto(address)
        for width, scheme in SCREENS:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            # English pages have the colours of the Indonesian ones, apart from the page that exists in English only.
            found = violations(page, colours=language == "id" or address == untranslated())
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append("wider than the screen")
            if found:
                problems[f"{address} at {width}"] = found
    context.close()

    assert problems == {}
