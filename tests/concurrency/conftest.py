"""Run functions at the same time, in threads of one process or in separate processes, each with its own database connection."""

import threading
from collections.abc import Callable

import pytest
from django.db import Error as DatabaseTrouble
from django.db import connection, connections

from tests.processes import Worker
from visits.domain.errors import Refused

ANSWERS = (Refused, DatabaseTrouble)
"""Exceptions returned as outcomes: refusals, which guests may see, and database errors, which nobody may see."""


@pytest.fixture(params=["threads", "processes"])
def run_together(request, transactional_db, monkeypatch) -> Callable[..., list]:
    """Start all functions at the same moment; returns the result or the exception of each.

    ``sabotage`` removes a guard first: a module-level function that is called with ``setattr`` in every process.
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
    """Run in each process: wait for the start signal, call the function, send its outcome."""
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
