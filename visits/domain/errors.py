"""The error that the domain raises if something may not happen; views show its sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Violation:
    """A booking rule that is not met: its code, a sentence for the reader, and whether staff may override it with a reason."""

    code: str
    message: str | Promise
    overridable: bool = False

    def __str__(self) -> str:
        return str(self.message)


class Refused(Exception):
    """The requested change is not allowed now.

    ``str()`` gives a sentence for the screen in the active language; ``violations`` holds the failed rules, if rules failed.
    """

    def __init__(self, message: str | Promise = "", *, violations: Sequence[Violation] = ()):
        self.violations = tuple(violations)
        self.message = message or " ".join(str(violation) for violation in self.violations)
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the failed rules."""
        return tuple(violation.code for violation in self.violations)
