"""One list of what must be well for the site to work, read by ``/readyz``, ``manage.py doctor`` and the staff page “Site health”.

Apps add their checks when they are ready. A check returns a detail to show, or raises Unwell with what is wrong and what to do.
"""

import enum
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise

logger = logging.getLogger(__name__)


class Unwell(Exception):
    """A part of the site is not well; ``str()`` says what is wrong and what to do, in the active language."""

    def __init__(self, message: str | Promise):
        self.message = message
        super().__init__(message)

    def __str__(self) -> str:
        return str(self.message)


class Depth(enum.IntEnum):
    """How much a check costs, and so where it is made."""

    PROBE = 1
    """Milliseconds: also by ``/readyz``."""
    PAGE = 2
    """Tenths of a second: also on the staff's page."""
    DOCTOR = 3
    """Reads everything."""


@dataclass(frozen=True)
class Check:
    """A question about the site.

    Attributes:
        key: its name in ``/readyz`` and in the terminal.
        label: its name on the page.
        look: returns a detail to show (may be empty), or raises Unwell; other errors count as unwell and are logged.
        depth: where it is made.
        is_vital: whether a site where it fails serves no requests; ``/readyz`` then answers 503.
    """

    key: str
    label: str | Promise
    look: Callable[[], str | Promise]
    depth: Depth = Depth.PAGE
    is_vital: bool = False


@dataclass(frozen=True)
class Finding:
    """What a check found."""

    check: Check
    is_well: bool
    text: str

    def __str__(self) -> str:
        """A line for the terminal."""
        if self.is_well:
            return f"✓ {self.check.key}" + (f" ({self.text})" if self.text else "")
        return f"✗ {self.check.key}: {self.text}"


_checks: dict[str, Check] = {}


def register(*checks: Check) -> None:
    """Add checks to the list; one of the same key is replaced."""
    _checks.update({check.key: check for check in checks})


def declared() -> list[Check]:
    """All checks, in the order in which they were added."""
    return list(_checks.values())


def findings(depth: Depth) -> Iterator[Finding]:
    """Make the checks up to a depth, one after the other."""
    for check in declared():
        if check.depth <= depth:
            yield finding(check)


def finding(check: Check) -> Finding:
    """Make one check."""
    try:
        return Finding(check, True, str(check.look()))
    except Unwell as unwell:
        return Finding(check, False, str(unwell))
    # Whatever a database, cache or disk raises, that part is unwell; the log has the error, which may name passwords.
    except Exception as error:
        logger.exception("Not well: %s", check.key)
        return Finding(check, False, f"{type(error).__name__}; see the log of the site.")
