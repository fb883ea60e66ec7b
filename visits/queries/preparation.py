"""Reads for the preparation of a visit: its tasks with their days, and how many seats and meals are needed."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from visits.domain import preparation
from visits.domain.calendar_days import local_date
from visits.models import Delegate, PreparationTask, Visit


@dataclass(frozen=True)
class TaskRow:
    """A task on the page of preparation.

    Attributes:
        due: the day by which it must be done.
        is_late: it is open and this day is over.
        seen: see preparation.fingerprint().
    """

    task: PreparationTask
    due: dt.date | None
    is_late: bool
    seen: str


def task_rows(visit: Visit) -> list[TaskRow]:
    """The tasks of a visit, the earliest day first, open ones before those that are done; one query."""
    today = local_date(timezone.now())
    rows = []
    for task in visit.tasks.select_related("done_by").order_by("-days_before", "pk"):
        due = preparation.due_on(task, visit)
        late = not task.done_at and preparation.is_being_prepared(visit) and due is not None and due < today
        rows.append(TaskRow(task, due, late, preparation.fingerprint(task)))
    return sorted(rows, key=lambda row: bool(row.task.done_at))


@dataclass(frozen=True)
class Need:
    """A special need in the guests' words, and how many delegates have it."""

    text: str
    count: int


@dataclass(frozen=True)
class Counts:
    """What catering and seating must know, without names.

    Attributes:
        expected: how many people come.
        named: how many of them are named.
        with_needs: how many have special needs.
    """

    expected: int
    named: int
    with_needs: int
    needs: list[Need]


def counts(visit: Visit, delegates: Iterable[Delegate] | None = None) -> Counts:
    """Seats and needs; one query unless the delegates were read. A list such as “vegetarian, wheelchair” counts as two needs."""
    told = [delegate.needs for delegate in (visit.delegates.only("needs") if delegates is None else delegates)]
    found: Counter[str] = Counter()
    words: dict[str, str] = {}
    for text in told:
        for need in {part.strip().casefold(): part.strip() for part in re.split(r"[,;/\n]", text) if part.strip()}.values():
            words.setdefault(need.casefold(), need)
            found[need.casefold()] += 1
    needs = [Need(words[key], number) for key, number in sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))]
    return Counts(max(visit.group_size or 0, len(told)), len(told), sum(1 for text in told if text.strip()), needs)
