"""Connects the search to the signals of saved objects and of the clock."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from modelsearch.backends import get_search_backend
from modelsearch.conf import get_app_config
from modelsearch.index import get_indexed_models

from knowledge_hub.core import clock
from knowledge_hub.models import CustomDocument
from knowledge_hub.search import integrity, outbox, signals, tasks
from knowledge_hub.search.files import extract
from knowledge_hub.search.words import synonyms


def connect() -> None:
    """Connect all receivers; called once, when all apps are loaded. Indexes are only updated here if the site uses our backend."""
    tasks.connect()
    synonyms.connect()
    post_save.connect(_document_saved, sender=CustomDocument, dispatch_uid="search-read-document")
    clock.every_hour.connect(_read_waiting_documents, dispatch_uid="knowledge_hub.read_waiting_documents")
    if get_app_config().get_search_backend_config()["default"]["BACKEND"] != "knowledge_hub.search.backend":
        return
    outbox.connect()
    clock.every_hour.connect(integrity.check_all, dispatch_uid="knowledge_hub.check_indexes")
    for model in get_indexed_models():
        if getattr(model, "search_auto_update", True):
            post_save.connect(_changed, sender=model, dispatch_uid=f"search-save-{model._meta.label}")
            post_delete.connect(_changed, sender=model, dispatch_uid=f"search-delete-{model._meta.label}")
    clock.every_minute.connect(_drain_leftovers, dispatch_uid="search-left")


def _changed(sender: type[Model], instance: Model, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        get_search_backend().add(instance)


def _drain_leftovers(sender: Any, **kwargs: Any) -> None:
    outbox.drain_leftovers()


def _document_saved(
    sender: type[Model], instance: CustomDocument, raw: bool = False, update_fields: Iterable[str] | None = None, **kwargs: Any
) -> None:
    if not raw and (update_fields is None or "file" in update_fields):
        extract.request_extraction(instance)


def _read_waiting_documents(sender: Any, **kwargs: Any) -> None:
    for pk in extract.documents_to_read():
        signals.reading_requested.send(sender=None, pk=pk)
