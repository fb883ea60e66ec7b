"""Processes that write to the index are killed at any moment: acknowledged changes are found, and readers get right results."""

import os
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from wagtail.models import Page

from knowledge_hub.models import ArticlePage
from knowledge_hub.models.search import SearchChange
from knowledge_hub.search import outbox
from knowledge_hub.search.engine import plan
from knowledge_hub.search.engine.index import Store
from knowledge_hub.search.repair import rebuild
from tests.processes import worker
from tests.search import killed

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("sqlite" not in settings.DATABASES["default"]["ENGINE"], reason="the index on disk is used with SQLite only"),
]

KILLS = 100
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 -- a directory of its own is made in it
# Steps to interrupt, with their longest duration in seconds.
AIMS = {"else": 0.2, "writing": 0.03, "merging": 0.05, "rebuilding": 0.2, "swapping": 0.1}


@pytest.fixture
def index(tree, settings):
    """The index of all pages, in memory if possible. Killing a process does not lose data that it has written, on any disk."""
    with tempfile.TemporaryDirectory(prefix="knowledge-hub-kill-", dir=MEMORY) as folder:
        settings.WAGTAILSEARCH_BACKENDS = {"default": {**settings.WAGTAILSEARCH_BACKENDS["default"], "PATH": Path(folder)}}
        index = killed.page_index()
        rebuild(index)
        yield index


@pytest.fixture
def fixed(index) -> set[int]:
    """Keys of pages that do not change."""
    pages = [killed.new_page(f"Halaman tetap {number}") for number in range(12)]
    ArticlePage.objects.update(summary="")
    index.refresh()
    return {page.pk for page in pages}


class Ledger:
    """The changes that killed writers acknowledged, and the steps at which they were killed."""

    def __init__(self):
        self.words: dict[int, str] = {}
        self.deleted: set[int] = set()
        self.void: dict[str, None] = {}
        self.acknowledged = 0
        self.interrupted: Counter = Counter()

    def enter(self, messages: list[tuple]) -> None:
        """Add the messages of one killed process."""
        at = "else"
        for what, key, word in messages:
            self.acknowledged += what != "now"
            if what == "saved":
                if key in self.words:
                    self.void[self.words.pop(key)] = None
                self.words[key] = word
            elif what == "deleted":
                self.deleted.add(key)
                self.void[word] = None
                self.words.pop(key, None)
            elif what == "rolled back":
                self.void[word] = None
            else:
                at = key
        self.interrupted[at] += 1


def problems(index, ledger: Ledger) -> list[str]:
    """Differences between the index, opened anew, the database and the acknowledged changes."""
    outbox.drain(index)
    found = []
    if waiting := SearchChange.objects.filter(applied=False).count():
        found.append(f"{waiting} changes are still waiting")
    store = Store(index.store.path, 2**20)
    searcher = store.searcher()
    in_index = sorted(searcher.keys(searcher.find(plan.MatchAll()).docs))
    in_database = sorted(str(pk) for pk in Page.objects.values_list("pk", flat=True))
    if in_index != in_database:
        found.append(f"index and database differ: {Counter(in_index) - Counter(in_database)}, {Counter(in_database) - Counter(in_index)}")
    titles = dict(ArticlePage.objects.values_list("pk", "title"))
    # The changes of this round, and some of earlier rounds.
    for key, word in list(ledger.words.items())[-12:]:
        if key not in titles:
            # Deleted by a writer that was killed before it could report that; the index equals the database, see above.
            continue
        now = titles[key].split()[1]
        if _order(now) < _order(word):
            found.append(f"{word} of page {key} was acknowledged, the database has {now}")
        if [page.pk for page in Page.objects.search(now)] != [key]:
            found.append(f"{now} of page {key} is not found")
    found += [f"page {key} was deleted but is in the database" for key in ledger.deleted & titles.keys()]
    found += [f"{word} is found, but was deleted or rolled back" for word in list(ledger.void)[-12:] if Page.objects.search(word).count()]
    return found


def _order(word: str) -> tuple[int, ...]:
    return tuple(int(number) for number in word.removeprefix("versi").split("x"))


def hammer(index, ledger: Ledger, kills: int, *, clear_outbox_first: bool = False) -> list[str]:
    """Kill a writer this many times, in some rounds also a rebuilding process; returns the first problems found."""
    dice = random.Random(8)
    for number in range(kills):
        aim = "writing" if clear_outbox_first else list(AIMS)[number % len(AIMS)]
        with worker(killed.write_until_killed, number, clear_outbox_first) as writer:
            if aim in ("rebuilding", "swapping"):
                with worker(killed.rebuild_until_killed) as rebuilder:
                    _wait_for(aim, rebuilder, dice)
                    first, second = dice.sample([writer, rebuilder], 2)
                    first.kill()
                    time.sleep(dice.uniform(0, 0.05))
                    second.kill()
                    ledger.enter(rebuilder.received())
            else:
                _wait_for(aim, writer, dice)
                writer.kill()
            ledger.enter(writer.received())
        if found := problems(index, ledger):
            return [f"after kill {number}", *found]
    return []


def _wait_for(aim: str, process, dice: random.Random) -> None:
    """Wait until a process reaches the step to interrupt, and a random moment longer."""
    until = time.monotonic() + 2
    while aim != "else" and time.monotonic() < until and process.first_received("now", aim) is None:
        process.pipe.poll(0.1)
    time.sleep(dice.uniform(0, AIMS[aim]))


@pytest.mark.long
def test_killed_writers_lose_no_acknowledged_change(index, fixed):
    ledger = Ledger()
    with worker(killed.search_until_stopped, fixed) as reader:
        found = hammer(index, ledger, KILLS)
        reader.pipe.send("enough")
        assert reader.join() == 0
        heard = dict(reader.received())

    assert not found, found
    assert heard.get("wrong") is None, heard["wrong"]
    assert heard["searches"] > KILLS
    # Each step was interrupted at least once.
    assert set(AIMS) <= ledger.interrupted.keys(), ledger.interrupted
    # Many changes were acknowledged; how many depends on the load of the machine.
    assert ledger.acknowledged > KILLS // 4
    rebuild(index)
    assert not problems(index, ledger)
    assert len(list(index.store.path.glob("g*"))) == 1


def test_clearing_the_outbox_too_early_is_noticed(index, fixed):
    found = hammer(index, Ledger(), KILLS, clear_outbox_first=True)

    assert any("differ" in problem or "not found" in problem or "is found" in problem for problem in found), found
