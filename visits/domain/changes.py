"""What a change did to a row, for the log: each changed field with its value before and after."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from visits.enums import Actor
from visits.models import Visit
from visits.models.delegation import MASK


def masked(text: str) -> str:
    """An address or number of which one can only see that it is another one: the log is kept longer than the value."""
    if not text:
        return ""
    name, at, domain = text.partition("@")
    return f"{name[:1]}{MASK}@{domain}" if at else f"{MASK}{text[-3:]}"


def differences(before: Mapping[str, Any], after: Mapping[str, Any], *, mask: Iterable[str] = ()) -> dict[str, list[str]]:
    """Values before and after of the fields in ``after`` that differ, as texts.

    Args:
        before: values by field; a missing one counts as empty.
        after: values by field.
        mask: fields that the log shows only masked.
    """
    hidden = frozenset(mask)
    found = {}
    for name, value in after.items():
        pair = [_text(before.get(name)), _text(value)]
        if pair[0] != pair[1]:
            found[name] = [masked(text) for text in pair] if name in hidden else pair
    return found


def person(visit: Visit, by: Actor) -> dict[str, str]:
    """Who acted for the guest, for the log: the contact person of that moment. Staff stand in the log as users."""
    return {"person": visit.contact_name} if by == Actor.GUEST and visit.contact_name else {}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, dt.date) else str(value)
