"""Every type of public page holds WCAG 2.2 AA by axe's rules and fits its screen: in both languages, on a phone and on a desk."""

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
    """The initial content, a case with every part filled, an agreement in two versions and applications; no worker draws PDFs."""
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
    """The address of one public page of every type; fails when a type has none to look at."""
    found = {}
    for page in public(Page.objects.filter(locale__language_code=language, depth__gt=1)).order_by("path").specific():
        found.setdefault(type(page), page)
    assert {model for model in get_page_models() if model is not Page} == set(found)
    return [page.url for page in found.values()]


def views(language: str) -> list[str]:
    """Addresses of everything else that readers see, in a language."""
    cases = list(CaseStudyPage.objects.filter(locale__language_code=language).values_list("pk", flat=True))
    pages = [f"id={pk}" for pk in cases]
    document = Page.objects.get(slug="perjanjian-tiga-pihak", locale__language_code=language)
    only = Page.objects.get(title="Hanya berbahasa Indonesia")
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
            *([reverse("untranslated", args=[only.pk])] if language == "en" else []),
            *[reverse("feedback", args=[cases[0]]) + f"?kind={kind}" for kind in ("helpful", "not_helpful", "question", "error")],
            reverse("feedback_thanks", args=[cases[0]]),
            reverse("data"),
            reverse("page_pdf", args=[document.pk]),
            reverse("visits:programmes"),
            reverse("visits:rules"),
            reverse("visits:book"),
            reverse("visits:lost_link"),
            reverse("check_file"),
            reverse("verify", args=["tidak-ada"]),
            "/en/nothing/" if language == "en" else "/tidak-ada/",
        ]


@pytest.mark.parametrize("language", ["id", "en"])
def test_public_pages_can_be_read_by_everybody(browser, content, site, language):
    context = browser.new_context(base_url=site.url, reduced_motion="reduce")
    page = context.new_page()
    troubles = {}
    for address in [*one_of_each_type(language), *views(language)]:
        page.goto(address)
        for width, scheme in SCREENS:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            found = violations(page)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append("wider than the screen")
            if found:
                troubles[f"{address} at {width}"] = found
    context.close()

    assert troubles == {}
