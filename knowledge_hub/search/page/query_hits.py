"""Counts searches per query, without data of the reader. Counts are kept in memory and written to the database in batches.

Queries that may contain personal data (an e-mail address, a staff or telephone number) are not counted.
"""

import logging
import re
import threading
import time
from collections import Counter

from django.db import OperationalError
from django.db.models import F
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits
from wagtail.search.utils import normalise_query_string

from knowledge_hub.models.search import FailedSearch

logger = logging.getLogger(__name__)

FLUSH_AFTER = 60.0
FLUSH_AT = 50
MAX_LENGTH = 100
_PERSONAL = re.compile(r"@|\d{6}|\d[\d .+()-]{8,}\d")

_lock = threading.Lock()
_found: Counter = Counter()
_failed: Counter = Counter()
_since = time.monotonic()


def count_search(text: str, *, found: bool) -> None:
    """Count one search. Counts are written to the database every minute or after fifty different queries.

    Args:
        text: the text that was typed.
        found: whether there was a result.
    """
    global _since
    query = normalise_query_string(text)
    if not query or len(query) > MAX_LENGTH or _PERSONAL.search(query) or not query.isprintable():
        return
    with _lock:
        (_found if found else _failed)[query] += 1
        if len(_found) + len(_failed) < FLUSH_AT and time.monotonic() - _since < FLUSH_AFTER:
            return
    try:
        flush()
    except OperationalError:
        # Counts are worth less than the answer to a search.
        logger.exception("Searches can't be counted.")


def flush() -> None:
    """Write the counts to the database. Raises OperationalError; the counts are lost then."""
    global _since
    with _lock:
        found, failed = _found.copy(), _failed.copy()
        _found.clear()
        _failed.clear()
        _since = time.monotonic()
    for text, times in (found + failed).items():
        day, _ = QueryDailyHits.objects.get_or_create(query=Query.get(text), date=timezone.localdate())
        QueryDailyHits.objects.filter(pk=day.pk).update(hits=F("hits") + times)
    for text, times in failed.items():
        miss, _ = FailedSearch.objects.get_or_create(query_string=text, defaults={"last_searched_at": timezone.now()})
        FailedSearch.objects.filter(pk=miss.pk).update(hits=F("hits") + times, last_searched_at=timezone.now())
