"""The labelled sample: fictitious pages of a knowledge base, and queries of officials with the pages that answer them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wagtail.models import Locale, Page
from wagtail.signal_handlers import disable_reference_index_auto_update

from knowledge_hub.models import (
    ApplicationPage,
    ArticlePage,
    CaseStudyPage,
    CollaborationDocumentPage,
    ForumPage,
    GuidePage,
    KnowledgeIndexPage,
    ServiceDirection,
)

HERE = Path(__file__).parent
DAY = date(2019, 3, 4)
KINDS = {
    "k": (CaseStudyPage, {"start_year": 2017}),
    "p": (ApplicationPage, {"direction": ServiceDirection.G2C}),
    "a": (ArticlePage, {"date": DAY}),
    "f": (ForumPage, {"date": DAY, "venue": "Aula"}),
    "d": (CollaborationDocumentPage, {"kind": CollaborationDocumentPage.Kind.AGREEMENT, "signed_on": DAY}),
    "g": (GuidePage, {}),
}


@dataclass(frozen=True)
class Sample:
    """One page of the sample: ``kind`` is a key of KINDS."""

    slug: str
    kind: str
    language: str
    title: str
    summary: str
    body: str


@dataclass(frozen=True)
class Question:
    """A query in a language, with grades from 1 to 3 of the pages (by slug) that answer it."""

    language: str
    text: str
    grades: dict[str, int]


def _lines(name: str) -> list[list[str]]:
    rows = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [row.split(" | ") for row in rows if row and not row.startswith("#")]


def pages() -> list[Sample]:
    """The pages of the sample, from its three files."""
    found = []
    for number in (1, 2, 3):
        for slug, kind, *texts in _lines(f"sample_{number}.txt"):
            found.append(Sample(slug, kind[0], "en" if kind.endswith("en") else "id", *texts))
    return found


def questions() -> list[Question]:
    """The questions with their graded answers."""
    found = []
    for language, text, answers in _lines("queries.txt"):
        grades = dict(answer.split(":") for answer in answers.split())
        found.append(Question(language, text, {slug: int(grade) for slug, grade in grades.items()}))
    return found


@disable_reference_index_auto_update()
def publish() -> None:
    """Add the sample below the index pages of the initial content, which must be loaded."""
    locales = {locale.language_code: locale for locale in Locale.objects.all()}
    below = {page.locale.language_code: page for page in KnowledgeIndexPage.objects.select_related("locale")}
    for entry in pages():
        model, values = KINDS[entry.kind]
        parent = Page.objects.get(pk=below[entry.language].pk)
        text = f"<p>{entry.body}</p>"
        body = {"context": text} if entry.kind == "k" else {"body": [("text", text)]}
        page = model(slug=entry.slug, title=entry.title, summary=entry.summary, locale=locales[entry.language], **values, **body)
        # Publishing agreements takes three approvals, which do not matter here.
        page.live = entry.kind != "d"
        parent.add_child(instance=page)
    Page.objects.filter(slug__in=[entry.slug for entry in pages()], live=False).update(live=True)
