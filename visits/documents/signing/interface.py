"""What a signer is: it takes drawn papers and gives sealed ones, each in turn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from visits.enums import SealLevel


@dataclass(frozen=True)
class Secrets:
    """What a person types for one batch. Lives in memory only: never stored, and never shown where this is printed."""

    passphrase: str = field(default="", repr=False)
    totp: str = field(default="", repr=False)


@dataclass(frozen=True)
class Drawn:
    """A paper that waits for its seal.

    Attributes:
        key: tells the papers of a batch apart.
        reason: why it is sealed, as the signature states it.
    """

    key: int
    pdf: bytes
    reason: str = ""


@dataclass(frozen=True)
class Sealed:
    """A paper with its seal."""

    key: int
    pdf: bytes


@dataclass(frozen=True)
class Refused:
    """A paper that was not sealed, while the others go on; ``reason`` is for staff to read."""

    key: int
    reason: str


class SigningStopped(Exception):
    """Nothing more can be sealed now; what was sealed before stands. The text says what to do, and holds no secret."""


class Signer(Protocol):
    """Seals papers.

    Attributes:
        level: what its seal is worth (PP 71/2019, article 60).
        asks_for: names of the fields of :class:`Secrets` that a person must fill for each batch; empty where none is needed.
    """

    level: SealLevel
    asks_for: tuple[str, ...]

    def seal(self, papers: Sequence[Drawn], secrets: Secrets) -> Iterator[Sealed | Refused]:
        """Seal the papers of one batch, in order.

        Raises:
            SigningStopped: wrong secret, no connection, unreadable answer; papers that were given out before stand.
        """
        ...
