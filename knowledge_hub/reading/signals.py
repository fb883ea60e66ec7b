"""What the knowledge base does by itself when pages are published and days pass."""

from django.db import transaction
from wagtail.signals import page_published

from knowledge_hub import clock, limits
from knowledge_hub.agreements import reminders


def _prepare_paper(sender, instance, **kwargs) -> None:
    """Have the PDF of a page ready before the first reader asks for it."""
    from knowledge_hub.exports import page_pdf
    from knowledge_hub.tasks import make_page_paper

    if isinstance(instance, page_pdf.TYPES) and not instance.get_view_restrictions():
        transaction.on_commit(lambda: make_page_paper.enqueue(page_pdf.ask(instance).pk))


def connect() -> None:
    """Connect to publishing and to the clock; called once when the app is ready."""
    page_published.connect(_prepare_paper, dispatch_uid="knowledge_hub.prepare_paper")
    clock.every_day.connect(reminders.remind, dispatch_uid="knowledge_hub.remind_of_agreements")
    clock.every_day.connect(limits.forget_old, dispatch_uid="knowledge_hub.forget_old_requests")
