"""Caches public content until something in it changes.

The state of the content has a key, its *generation*. Every cached value belongs to the generation that was current before
it was computed; publishing, unpublishing, moving or deleting a page, and saving a snippet or a setting, starts a new one.

Whole pages are cached by knowledge_hub/core/page_cache.py in Django's cache; values that many pages share, in the memory of the
process by :func:`get_or_set`.
"""

import datetime as dt
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, models, transaction
from django.db.models import Count, Sum
from django.db.models.signals import post_delete, post_save
from wagtail.models import CollectionViewRestriction, Locale, Page, PageViewRestriction, Site
from wagtail.signals import post_page_move

from knowledge_hub.core import clock
from knowledge_hub.core.models import ContentChange

logger = logging.getLogger(__name__)

MEMORY_ENTRIES = 2000
KEEP_CHANGES = dt.timedelta(days=1)

_memory: OrderedDict[str, tuple[str, Any]] = OrderedDict()
# The generation that the current request uses; empty until first read, None outside of requests.
_of_request: ContextVar[str | None] = ContextVar("generation", default=None)
_seen: tuple[float, str] = (0.0, "")


def generation() -> str:
    """Key of the current state of the content; a key is never used again.

    Each process reads it from the database at most once in ``CONTENT_CHECK_SECONDS``, so a change made by another process is
    seen a second later. Inside a transaction it is always read, because uncommitted changes must not be cached for others.
    """
    global _seen
    if name := _of_request.get():
        return name
    until, name = _seen
    if not connection.in_atomic_block and time.monotonic() < until:
        return name
    # Tokens are random: a count or a highest key could return after a rollback, with other content.
    try:
        state = ContentChange.objects.aggregate(count=Count("pk"), total=Sum("token"))
    except (OperationalError, InterfaceError):
        # While the database is away, readers get the pages that are cached.
        if not name or connection.in_atomic_block:
            raise
        logger.exception("The database does not answer; cached pages are served on.")
        _seen = (time.monotonic() + settings.CONTENT_CHECK_SECONDS, name)
        return name
    name = f"{state['count']}.{state['total'] or 0}"
    if not connection.in_atomic_block:
        _seen = (time.monotonic() + settings.CONTENT_CHECK_SECONDS, name)
    if _of_request.get() is not None:
        _of_request.set(name)
    return name


@contextmanager
def pinned_generation() -> Iterator[None]:
    """Use one generation for a whole request, unless the request itself changes content."""
    token = _of_request.set("")
    try:
        yield
    finally:
        _of_request.reset(token)


def invalidate(**kwargs: Any) -> None:
    """Start a new generation when the current transaction commits. Takes any arguments, so it can receive signals."""
    ContentChange.objects.create(token=secrets.randbelow(2**31))
    if _of_request.get():
        _of_request.set("")
    transaction.on_commit(_look_again)


def _look_again() -> None:
    global _seen
    _seen = (0.0, "")


def get_or_set(name: str, make: Callable[[], Any]) -> Any:
    """The value of ``name``, computed once in each generation and cached in this process.

    All callers share the same object, so never change it: use tuples and frozen dataclasses.

    Args:
        name: holds everything that the value depends on besides the content: language, host, primary key.
        make: computes the value.
    """
    current = generation()
    kept = _memory.get(name)
    if kept is not None and kept[0] == current:
        return kept[1]
    value = make()
    _memory[name] = (current, value)
    _memory.move_to_end(name)
    while len(_memory) > MEMORY_ENTRIES:
        _memory.popitem(last=False)
    return value


def watch(*watched: type[models.Model]) -> None:
    """Invalidate the cache when a row of these models is saved or deleted; called by each app's ``ready()``."""
    for model in watched:
        for signal in (post_save, post_delete):
            signal.connect(invalidate, sender=model, dispatch_uid=f"invalidate:{model._meta.label}")


def _page_saved(sender: type[models.Model], instance: models.Model, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
    # Saving a draft writes single fields that no reader sees; publishing and unpublishing save the whole page.
    if isinstance(instance, Page) and update_fields is None:
        invalidate()


def delete_old_changes(sender: Any, now: dt.datetime, **kwargs: Any) -> None:
    """Delete rows older than a day; this starts one new generation."""
    ContentChange.objects.filter(at__lt=now - KEEP_CHANGES).delete()


def connect() -> None:
    """Watch what Wagtail itself shows to readers; apps add their own models with :func:`watch`. Called once when the app is ready."""
    post_save.connect(_page_saved, dispatch_uid="page_saved")
    post_delete.connect(_page_saved, dispatch_uid="page_deleted")
    post_page_move.connect(invalidate, dispatch_uid="page_moved")
    watch(CollectionViewRestriction, Locale, PageViewRestriction, Site)
    clock.every_day.connect(delete_old_changes, dispatch_uid="knowledge_hub.delete_old_changes")
