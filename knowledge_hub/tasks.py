"""Background tasks of the knowledge base, and the signals that enqueue them. Each task calls one function."""

import datetime as dt

from django.db import transaction
from django_tasks import task
from wagtail.models import Page
from wagtail.signals import page_published

from knowledge_hub.content_health import agreement_reminders, links
from knowledge_hub.core import clock
from knowledge_hub.exports import page_pdf
from knowledge_hub.models import PagePdf


@task()
def make_page_pdf(paper_pk: int) -> bool:
    """Draw the PDF of a page."""
    return page_pdf.make(paper_pk)


@task()
def check_links(after: int) -> None:
    """Look for broken links on some pages, then enqueue the check of those that follow, so that no task takes long."""
    last = links.check_next_pages(after)
    if last is not None:
        check_links.enqueue(last)


def request_page_pdf(page: Page) -> PagePdf:
    """Have the worker draw the PDF of a page's published version; returns the row that says how far it is."""
    wanted = page_pdf.ask(page)
    make_page_pdf.enqueue(wanted.pk)
    return wanted


def _prepare_pdf(sender, instance, **kwargs) -> None:
    """Have the PDF of a published page ready before the first reader asks for it."""
    if page_pdf.is_offered(instance) and not instance.get_view_restrictions():
        transaction.on_commit(lambda: request_page_pdf(instance))


def _check_all_links(sender, now: dt.datetime, **kwargs) -> None:
    links.forget_unpublished()
    check_links.enqueue(0)


def connect() -> None:
    """Connect to publishing and to the clock; called once when the app is ready."""
    page_published.connect(_prepare_pdf, dispatch_uid="knowledge_hub.prepare_pdf")
    clock.every_day.connect(_check_all_links, dispatch_uid="knowledge_hub.check_links")
    clock.every_day.connect(agreement_reminders.remind, dispatch_uid="knowledge_hub.remind_of_agreements")
