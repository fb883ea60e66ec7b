"""Many people at once, each with a connection of their own."""

import threading
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, connections

from visits.domain.errors import MoveRefused


@pytest.fixture
def run_together(transactional_db) -> Callable[..., list]:
    """Release all functions at the same moment; returns what each gave, or what refused it."""

    def run(*functions: Callable[[], object]) -> list:
        barrier = threading.Barrier(len(functions))
        outcomes: list = [None] * len(functions)

        def work(index: int, function: Callable[[], object]) -> None:
            try:
                connection.ensure_connection()
                barrier.wait(timeout=30)
                outcomes[index] = function()
            except (MoveRefused, IntegrityError) as refusal:
                outcomes[index] = refusal
            finally:
                connections.close_all()

        threads = [threading.Thread(target=work, args=(index, function)) for index, function in enumerate(functions)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        return outcomes

    return run
