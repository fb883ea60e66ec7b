"""Many people at once, as threads of one process and as processes of their own, each with a connection of their own."""

import threading
from collections.abc import Callable

import pytest
from django.db import Error as DatabaseTrouble
from django.db import connection, connections

from tests.processes import Worker
from visits.domain.errors import MoveRefused

ANSWERS = (MoveRefused, DatabaseTrouble)
"""What the tests tell apart: refusals, which guests may meet, and errors of the database, which nobody may meet."""


@pytest.fixture(params=["threads", "processes"])
def run_together(request, transactional_db, monkeypatch) -> Callable[..., list]:
    """Release all functions at the same moment; returns what each gave, or what refused it.

    ``sabotage`` takes a guard away before: a function of a module, called with ``setattr``, in every process that takes part.
    """

    def run(*functions: Callable[[], object], sabotage: Callable[[Callable], None] | None = None) -> list:
        if request.param == "processes":
            return _in_processes(functions, sabotage)
        if sabotage is not None:
            sabotage(monkeypatch.setattr)
        return _in_threads(functions)

    return run


def _in_threads(functions) -> list:
    barrier = threading.Barrier(len(functions))
    outcomes: list = [None] * len(functions)

    def work(index: int, function: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            outcomes[index] = function()
        except ANSWERS as answer:
            outcomes[index] = answer
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(index, function)) for index, function in enumerate(functions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


def _in_processes(functions, sabotage) -> list:
    workers = [Worker(take_part, function, sabotage) for function in functions]
    try:
        for worker in workers:
            assert worker.pipe.recv() == "ready"
        for worker in workers:
            worker.pipe.send("go")
        return [worker.pipe.recv() for worker in workers]
    finally:
        for worker in workers:
            worker.close()


def take_part(pipe, function: Callable[[], object], sabotage) -> None:
    """One process of many: wait for the others, act, send what came of it."""
    if sabotage is not None:
        sabotage(setattr)
    connection.ensure_connection()
    pipe.send("ready")
    pipe.recv()
    try:
        outcome = function()
    except ANSWERS as answer:
        outcome = answer
    pipe.send(outcome)
