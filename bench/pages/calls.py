"""What it costs to make a page anew: function calls, SQL queries, milliseconds."""

import cProfile
import pstats
import statistics
import time
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

WARM_UPS, TIMES = 3, 15


@dataclass(frozen=True)
class Cost:
    """Of one page: calls of Python and C functions together as cProfile counts them, of Python functions alone, queries, time, bytes."""

    calls: int
    python_calls: int
    queries: int
    milliseconds: float
    kib: float


def measure(address: str) -> Cost:
    """Ask for a page with nothing kept of it, after it was asked for a few times."""
    client = Client()
    with override_settings(PAGE_CACHE_SECONDS=0):
        for _ in range(WARM_UPS):
            answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        asked = len(queries)
        profile = cProfile.Profile()
        profile.enable()
        client.get(address)
        profile.disable()
        stats = pstats.Stats(profile).stats
        took = []
        for _ in range(TIMES):
            begun = time.process_time()
            client.get(address)
            took.append((time.process_time() - begun) * 1000)
    # In the table of cProfile, functions of C stand in the file “~”.
    calls = {key: counts[1] for key, counts in stats.items()}
    python = sum(count for (file, _line, _name), count in calls.items() if file != "~")
    return Cost(sum(calls.values()), python, asked, statistics.median(took), len(answer.content) / 1024)
