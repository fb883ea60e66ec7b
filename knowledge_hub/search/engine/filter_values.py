"""Encodes filter values as strings that sort like the values."""

import datetime
import uuid
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from django.db.models import Manager, Model, QuerySet
from django.utils import timezone

from knowledge_hub.search.engine.storage import IndexDamaged

VALUE_SEPARATOR = "\x1e"
# Makes numbers of usual size positive, so that their digits sort as text.
_BIAS = Decimal(10) ** 20
_CONTROL = dict.fromkeys((29, 30, 31), " ")
# Sorts after every encoded value.
LAST = "\U0010ffff"


def encode_value(value: object) -> str | None:
    """Encode one value as a sortable string; None for no value.

    Args:
        value: a number, boolean, text, date, time, datetime (compared in the site's time zone), UUID, or object (its primary key).
    """
    if value is None:
        return None
    if isinstance(value, Model):
        return encode_value(value.pk)
    if isinstance(value, bool | int | float | Decimal):
        number = Decimal(value)
        return f"n{number + _BIAS:041.15f}" if number.is_finite() else f"n{number}"
    if isinstance(value, datetime.datetime):
        local = timezone.localtime(value, timezone.get_default_timezone()) if timezone.is_aware(value) else value
        return f"d{local:%Y-%m-%dT%H:%M:%S.%f}"
    if isinstance(value, datetime.date):
        return f"d{value:%Y-%m-%d}"
    if isinstance(value, datetime.time):
        return f"t{value:%H:%M:%S.%f}"
    if isinstance(value, uuid.UUID):
        return f"u{value.hex}"
    return "s" + str(value).translate(_CONTROL)


def encode_values(values: Iterable[object]) -> list[str]:
    """Encode all values of a filter field of one document; lists and relations are flattened, duplicates removed."""
    found = (encode_value(single) for value in values for single in _singles(value))
    return list(dict.fromkeys(text for text in found if text is not None))


def _singles(value: object) -> Iterable[object]:
    if isinstance(value, Manager | QuerySet):
        return value.values_list("pk", flat=True)
    if isinstance(value, list | tuple | set):
        return value
    return [value]


def decode_value(encoded: str | None, kind: str) -> object:
    """Decode a string of encode_value(), as far as facets need it.

    Args:
        encoded: the string; None for no value.
        kind: Django's internal type of the field, for example "BooleanField".

    Raises:
        IndexDamaged: the string is not from encode_value().
    """
    if encoded is None:
        return None
    try:
        return _decode(encoded[:1], encoded[1:], kind)
    except (ValueError, InvalidOperation) as error:
        raise IndexDamaged(f"not a filter value: {encoded!r}") from error


def _decode(tag: str, text: str, kind: str) -> object:
    if tag == "n":
        number = Decimal(text) - _BIAS if text[:1].isdigit() else Decimal(text)
        if kind == "BooleanField":
            return bool(number)
        return int(number) if number == number.to_integral_value() else number
    if tag == "d":
        return datetime.datetime.fromisoformat(text) if "T" in text else datetime.date.fromisoformat(text)
    if tag == "t":
        return datetime.time.fromisoformat(text)
    if tag == "u":
        return uuid.UUID(text)
    return text
