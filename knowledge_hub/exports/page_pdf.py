"""Pages as PDF: tagged, archival, made by the worker once for each version of a page."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.template.loader import get_template, render_to_string
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import Page, get_page_models

from knowledge_hub.core.audience import language_of, public
from knowledge_hub.exports.citation import Citation
from knowledge_hub.models import PagePdf
from knowledge_hub.models.base import BasePage
from knowledge_hub.papers import Paper, PaperRefused, Sheet, renderer

STYLE = "knowledge_hub/paper/page.css"
LOST_AFTER = dt.timedelta(minutes=2)


@cache
def _template_version() -> str:
    models = [model for model in get_page_models() if issubclass(model, BasePage) and model.has_pdf]
    names = sorted({model.pdf_template for model in models} | {STYLE})
    sources = (Path(get_template(name).origin.name).read_text(encoding="utf-8") for name in names)
    return hashlib.sha256("\0".join(sources).encode()).hexdigest()[:8]


def is_offered(page: Page) -> bool:
    """Whether a page's type can be downloaded as PDF."""
    return isinstance(page, BasePage) and page.has_pdf


def key_of(page: Page) -> str:
    """The key of a page's PDF in its published version; another version or layout has another key."""
    version = page.live_revision_id or (int(page.last_published_at.timestamp()) if page.last_published_at else 0)
    return f"{page.pk}-{version}-{_template_version()}"


def file_name(key: str) -> str:
    """The name of a PDF's file in the private storage."""
    return f"page-papers/{key}.pdf"


def find(page: Page) -> PagePdf | None:
    """The PDF of the published version, if it was requested before."""
    return PagePdf.objects.filter(key=key_of(page)).first()


def file_of(paper: PagePdf) -> File | None:
    """The finished file, opened; None if there is none."""
    name = file_name(paper.key)
    if paper.state == PagePdf.State.READY and storages["private"].exists(name):
        return storages["private"].open(name)
    return None


def is_due(paper: PagePdf | None) -> bool:
    """Whether a task must be enqueued: never requested, task lost, or file missing. A failed PDF is not tried again."""
    if paper is None:
        return True
    if paper.state == PagePdf.State.WAITING:
        return paper.asked_at < timezone.now() - LOST_AFTER
    return paper.state == PagePdf.State.READY and not storages["private"].exists(file_name(paper.key))


def ask(page: Page) -> PagePdf:
    """Record the request for the PDF; the caller enqueues the task."""
    wanted = {"page_id": page.pk, "state": PagePdf.State.WAITING, "asked_at": timezone.now()}
    return PagePdf.objects.update_or_create(key=key_of(page), defaults=wanted)[0]


def make(paper_pk: int) -> bool:
    """Draw a requested PDF, and delete those of older versions of its page.

    Returns:
        Whether there is a file now. If WeasyPrint refuses the page, the reason is stored in the row for staff.
    """
    paper = PagePdf.objects.filter(pk=paper_pk).first()
    if paper is None:
        return False
    page = public(Page.objects.filter(pk=paper.page_id)).specific().first()
    # The page was published again, unpublished or made private since the request.
    if page is None or key_of(page) != paper.key:
        _remove(PagePdf.objects.filter(pk=paper.pk))
        return False
    storage = storages["private"]
    name = file_name(paper.key)
    if not storage.exists(name):
        try:
            content = renderer().draw(compose(page), Sheet(css=_style()))
        except PaperRefused as refusal:
            PagePdf.objects.filter(pk=paper.pk).update(state=PagePdf.State.FAILED, problem=str(refusal))
            return False
        storage.save(name, ContentFile(content))
    PagePdf.objects.filter(pk=paper.pk).update(state=PagePdf.State.READY, problem="")
    _remove(PagePdf.objects.filter(page_id=page.pk).exclude(pk=paper.pk))
    return True


def compose(page: Page) -> Paper:
    """The page as a paper for the renderer, in the page's language."""
    language = language_of(page)
    with override(language):
        citation = Citation.of(page)
        body = render_to_string(
            page.pdf_template, {"page": page, "citation": citation, "licence": settings.CONTENT_LICENCE, "site": settings.SITE_URL}
        )
    created = timezone.localdate(page.last_published_at) if page.last_published_at else None
    return Paper(body=body, title=page.title, language=language, author=citation.author, subject=page.summary[:300], created=created)


@cache
def _style() -> str:
    return Path(get_template(STYLE).origin.name).read_text(encoding="utf-8")


def _remove(papers: Iterable[PagePdf]) -> None:
    for paper in papers:
        storages["private"].delete(file_name(paper.key))
        paper.delete()
