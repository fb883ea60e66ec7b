"""The register of personal data: which field holds what, what for, on which legal basis, who sees it, and for how long.

Data, no framework. Each app declares its fields in ``models/personal_fields.py``; tests/architecture/test_personal_fields.py
checks that every field that can hold text or a file is either in the register or declared as impersonal.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pkgutil import resolve_name


class Basis(StrEnum):
    """Legal basis, by the letters of Law 27/2022, article 20 (2). The host's lawyers confirm which one holds."""

    CONSENT = "a"
    LEGAL_OBLIGATION = "c"
    PUBLIC_TASK = "e"
    LEGITIMATE_INTEREST = "f"


class Reader(StrEnum):
    """Who sees a field without a permission of the admin."""

    EVERYONE = "everyone"
    GUEST = "whoever has the secret link of the visit"
    VERIFIERS = "whoever has the code of the certificate"
    THE_PERSON = "the person whose data it is"
    NOBODY = "nobody; only the site itself reads it"


class Whose(StrEnum):
    """Whose data a field holds. The privacy notice tells guests and readers about theirs; the others know it from their office."""

    GUESTS = "guests of a visit and readers of the site"
    HOST = "staff, officials and speakers of the host and its partners, and authors of pages"


class Event(StrEnum):
    """The event from which a lifetime is counted."""

    VISIT_END = "end of the visit"
    SAVED = "last saving"
    CLOSED = "closing of the question"
    FINISHED = "end of the task"
    COUNTED = "hour of the count"
    SEARCHED = "day of the search"
    EXPIRED = "expiry of the session"
    LEFT = "end of the person's work for the host or a partner"
    WITHDRAWN = "withdrawal of what was published"
    ARCHIVED = "end of the year of the file, as the archive's retention schedule (JRA) counts"


@dataclass(frozen=True)
class Lifetime:
    """How long a value is kept after an event.

    Attributes:
        stated: the time; or the dotted name of what states it, a timedelta or a setting in days; None where the archive's schedule or
            the row itself decides.
        deleted_by: dotted name of the function that deletes the value; empty where nothing does yet.
    """

    since: Event
    stated: dt.timedelta | str | None = None
    deleted_by: str = ""

    @property
    def length(self) -> dt.timedelta | None:
        """The time. Raises ImportError or AttributeError if what states it does not exist."""
        stated = resolve_name(self.stated) if isinstance(self.stated, str) else self.stated
        return dt.timedelta(days=stated) if isinstance(stated, int) else stated


@dataclass(frozen=True)
class PersonalField:
    """One field of a model that says something about a person.

    Attributes:
        model: its label, such as ``visits.Delegate``.
        what: what the field holds.
        seen_by: permissions of the admin, any of which shows it, and readers without one.
    """

    model: str
    field: str
    what: str
    whose: Whose
    purpose: str
    basis: Basis
    seen_by: tuple[str, ...]
    kept: Lifetime

    def __str__(self) -> str:
        return f"{self.model}.{self.field}"


REGISTER: dict[tuple[str, str], PersonalField] = {}
"""Every declared field by model and name."""

IMPERSONAL: dict[tuple[str, str], str] = {}
"""Why a field says nothing about a person, by model and name; the name ``*`` stands for all fields of a model that is not ours."""


def declare(
    model: str, fields: Mapping[str, str], *, whose: Whose, purpose: str, basis: Basis, seen_by: tuple[str, ...] | list[str], kept: Lifetime
) -> None:
    """Add fields of a model to the register that differ only in what they hold."""
    for field, what in fields.items():
        REGISTER[model, field] = PersonalField(model, field, what, whose, purpose, basis, tuple(seen_by), kept)


def impersonal(reason: str, fields: Mapping[str, str]) -> None:
    """Declare fields without personal data: by model, the names of its fields separated by spaces."""
    for model, names in fields.items():
        for name in names.split():
            IMPERSONAL[model, name] = reason


def personal(model: str, *fields: str) -> tuple[PersonalField, ...]:
    """Declared fields of a model. Raises KeyError for one that is not declared."""
    return tuple(REGISTER[model, field] for field in fields)
