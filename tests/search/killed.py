"""The processes of test_kill.py: one changes pages, one rebuilds the index, one searches. The first two run until they are killed."""

import os
import random
import time
import traceback
from contextlib import contextmanager
from datetime import date
from itertools import count

from django.db import transaction
from modelsearch.backends import get_search_backend
from wagtail.models import Locale, Page

from knowledge_hub.models import ArticlePage
from knowledge_hub.models.search import SearchChange
from knowledge_hub.search import outbox
from knowledge_hub.search.engine import index as index_files
from knowledge_hub.search.engine import merge_policy
from knowledge_hub.search.repair import rebuild

CHANGING = 25
"""Approximate number of pages that are created, changed and deleted."""


def page_index():
    """The index of all pages."""
    return get_search_backend().get_index_for_model(Page)


def new_page(title: str) -> ArticlePage:
    """Publish a page with this title."""
    article = ArticlePage(title=title, locale=Locale.objects.get(language_code="id"), date=date(2018, 9, 5), summary="Catatan berubah")
    return Page.objects.get(depth=1).add_child(instance=article)


def write_until_killed(pipe, seed: int, clear_outbox_first: bool) -> None:
    """Publish, change, delete and roll back at random; report each change after its commit, before it is indexed.

    Args:
        pipe: gets ("saved", key, word), ("deleted", key, word), ("rolled back", None, word) and ("now", step, None).
        seed: seed of the random numbers, and part of every word, so that each version of each page has its own word.
        clear_outbox_first: control: delete the rows of the outbox before the changes are in the index.
    """
    dice = random.Random(seed)
    # Merge often, so that some kills interrupt a merge.
    merge_policy.MERGE_AT = 2
    _report_steps(pipe)
    if clear_outbox_first:
        outbox._write = _clear_outbox_then_write
    for step in count():
        word = f"versi{seed}x{step}"
        keys = list(ArticlePage.objects.filter(summary="Catatan berubah").values_list("pk", flat=True))
        what = dice.choice(["add", "change", "change", "delete", "roll back"] if len(keys) < CHANGING else ["change", "delete"])
        try:
            with transaction.atomic():
                if what == "delete" and keys:
                    page = ArticlePage.objects.get(pk=dice.choice(keys))
                    gone = page.title.split()[1]
                    _tell_on_commit(pipe, "deleted", page.pk, gone)
                    page.delete()
                elif what == "change" and keys:
                    page = ArticlePage.objects.get(pk=dice.choice(keys))
                    _tell_on_commit(pipe, "saved", page.pk, word)
                    page.title = f"Tulisan {word}"
                    page.save()
                else:
                    saved = []
                    transaction.on_commit(lambda word=word, saved=saved: pipe.send(("saved", saved[0], word)))
                    saved.append(new_page(f"Tulisan {word}").pk)
                if what == "roll back":
                    raise _ChangedItsMindError
        except _ChangedItsMindError:
            pipe.send(("rolled back", None, word))


class _ChangedItsMindError(Exception):
    pass


def _tell_on_commit(pipe, *message) -> None:
    transaction.on_commit(lambda: pipe.send(message))


def _clear_outbox_then_write(index, rows: list[tuple[int, str]]) -> int:
    SearchChange.objects.filter(pk__in=[pk for pk, _ in rows]).delete()
    documents, gone = outbox._documents(index, list({key for _, key in rows}))
    index.store.write(documents, gone)
    return len(rows)


def rebuild_until_killed(pipe) -> None:
    """Rebuild the index repeatedly until the process is killed."""
    _report_steps(pipe)
    while True:
        pipe.send(("now", "rebuilding", None))
        rebuild(page_index())


def _report_steps(pipe) -> None:
    """Report each step of the index, so that the test knows what it interrupted."""

    @contextmanager
    def step(name):
        pipe.send(("now", name, None))
        yield
        pipe.send(("now", "else", None))

    def report_calls(owner, method, name):
        original = getattr(owner, method)

        def reporting(*args, **kwargs):
            with step(name):
                return original(*args, **kwargs)

        setattr(owner, method, reporting)

    report_calls(index_files.Store, "write", "writing")
    report_calls(index_files.Store, "merge", "merging")
    report_calls(index_files.Generation, "finish", "swapping")


def search_until_stopped(pipe, fixed: set[int]) -> None:
    """Search until a message arrives; report a wrong result, and the number of searches.

    Args:
        pipe: gets ("wrong", text) and at the end ("searches", how many).
        fixed: keys of the pages with the word "tetap", which do not change.
    """
    dice = random.Random(os.getpid())
    searches = 0
    while not pipe.poll():
        try:
            problem = _wrong_answer(dice, fixed)
        except Exception:  # noqa: BLE001 -- every error is reported to the test
            problem = traceback.format_exc()
        searches += 4
        # Leave processor time to the writers.
        time.sleep(0.005)
        if problem:
            pipe.send(("wrong", problem))
            break
    pipe.send(("searches", searches))


def _wrong_answer(dice: random.Random, fixed: set[int]) -> str | None:
    found = [page.pk for page in Page.objects.search("tetap")]
    if len(found) != len(fixed) or set(found) != fixed:
        return f"'tetap' found {len(found)} pages: {sorted(set(found) ^ fixed)} differ"
    kinds = Page.objects.search("tetap").facet("content_type")
    if sum(kinds.values()) != len(fixed):
        return f"the facet counts {kinds}"
    one = ArticlePage.objects.filter(summary="Catatan berubah").order_by("?").first()
    if one is not None and (times := Page.objects.search(one.title.split()[1]).count()) > 1:
        return f"{one.title} is in the index {times} times"
    Page.objects.autocomplete(f"versi{dice.randrange(100)}").count()
    broken = page_index().store.broken()
    return f"the index was reported as broken: {broken}" if broken is not None else None
