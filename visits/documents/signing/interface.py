"""The interface of signers, which take drawn papers and return sealed ones in order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from visits.enums import SealLevel


@dataclass(frozen=True)
class Secrets:
    """The secrets that a person types for one batch. Never stored, and not part of the repr."""

    passphrase: str = field(default="", repr=False)
    totp: str = field(default="", repr=False)


@dataclass(frozen=True)
class Drawn:
    """A drawn paper to be sealed.

    Attributes:
        key: identifies the paper within a batch.
        reason: the reason stated in the signature.
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
    """A paper that could not be sealed; the others of the batch continue. ``reason`` is shown to staff."""

    key: int
    reason: str


class SigningStopped(Exception):
    """Sealing cannot continue; papers sealed before are kept. The text says what to do and contains no secret."""


class Signer(Protocol):
    """Seals papers.

    Attributes:
        level: legal level of its seal (PP 71/2019, article 60).
        asks_for: names of the fields of :class:`Secrets` that a person must fill in for each batch; may be empty.
    """

    level: SealLevel
    asks_for: tuple[str, ...]

    def seal(self, papers: Sequence[Drawn], secrets: Secrets) -> Iterator[Sealed | Refused]:
        """Seal the papers of one batch, in order.

        Raises:
            SigningStopped: wrong secret, no connection, unreadable answer; papers yielded before are kept.
        """
        ...
