"""Gap-free yearly numbers: taken under the row's lock, inside the transaction of what they number."""

from django.db import transaction
from django.db.models import F

from visits.models import NumberSequence

PATTERNS = {
    "visit": "KJ-{year}-{number:04d}",
    "certificate": "SK-{year}-{number:05d}",
    "letter": "{classification}/{number:04d}/{unit}/{year}",
    "incoming": "{number:04d}/{year}",
}
"""Patterns that a new year starts with when the year before has none."""

_ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def next_number(key: str, *, year: int, month: int = 1, **fields: str) -> str:
    """Take the next number of a sequence.

    Must run inside a transaction: if that rolls back, the number was never taken, so no gap remains. A new year goes on
    with the pattern of the year before. ``fields`` are the other fields of its pattern (letters: ``classification``, ``unit``).
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("Numbers are taken inside the transaction of what they number.")
    if not NumberSequence.objects.filter(key=key, year=year).exists():
        previous = NumberSequence.objects.filter(key=key, year__lt=year).order_by("-year").first()
        NumberSequence.objects.get_or_create(key=key, year=year, defaults={"pattern": previous.pattern if previous else PATTERNS[key]})
    # The update locks the row on PostgreSQL; on SQLite the transaction holds the write lock already.
    NumberSequence.objects.filter(key=key, year=year).update(last_number=F("last_number") + 1)
    sequence = NumberSequence.objects.get(key=key, year=year)
    known = {"classification": "", "unit": "", **fields, "month": _ROMAN_MONTHS[month - 1]}
    return sequence.pattern.format(year=year, number=sequence.last_number, **known)
