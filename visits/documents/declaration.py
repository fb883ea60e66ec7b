"""What a paper says about itself, on one object: size, who may open and make it, personal data on it, what staff enter for it."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from knowledge_hub.core.personal_fields import PersonalField
from knowledge_hub.papers.paper import A4_PORTRAIT, F4_PORTRAIT
from visits.models import OfficeSettings
from visits.permissions import ANY_OF_VISIT, DECIDE, DISPOSE, RECEIVE

WORKING_ON_VISITS = (DECIDE, RECEIVE)
"""Who enters data for papers, and opens those with a NIP."""


class ValueKind(StrEnum):
    """What an entered value is."""

    TEXT = "text"
    DATE = "date"
    YES_NO = "yes_no"


@dataclass(frozen=True, kw_only=True)
class EnteredValue:
    """A value that staff enter for one paper of a visit. Its form, its saving, its log entry and its showing follow from this.

    Attributes:
        name: its key in ``Visit.paper_values``, and in the template of the paper: ``{{ entered.<name> }}``.
        label: beside its field, and before it on the list of papers.
        required: the paper is not made without it.
        longest: characters of a text.
    """

    name: str
    label: str | Promise
    kind: ValueKind = ValueKind.TEXT
    help_text: str | Promise = ""
    required: bool = False
    longest: int = 200

    def read(self, stored: str | bool | None) -> str | dt.date | bool:
        """The value from what JSON holds; an empty text or False where nothing was entered."""
        if self.kind == ValueKind.YES_NO:
            return bool(stored)
        return dt.date.fromisoformat(stored) if stored and self.kind == ValueKind.DATE else stored or ""

    def shown(self, value: str | dt.date | bool) -> str:
        """The value in words of the active language."""
        if self.kind == ValueKind.YES_NO:
            return _("yes") if value else _("no")
        return date_format(value, "l, j F Y") if isinstance(value, dt.date) else value


@dataclass(frozen=True, kw_only=True)
class EntryPage:
    """A page of the staff where data of a paper are entered; the list of papers leads there.

    Attributes:
        name: of its address, which takes the key of the visit.
        permissions: any of them lets a person enter data there.
    """

    name: str
    label: str | Promise
    permissions: tuple[str, ...] = WORKING_ON_VISITS


@dataclass(frozen=True, eq=False, kw_only=True)
class PaperDeclaration:
    """One kind of paper.

    Attributes:
        key: names it in addresses, templates and style sheets.
        explanation: what the list of papers says about it.
        size: width and height in millimetres; None for the size that the office uses.
        landscape: turns the size that the office uses.
        ending: of its file.
        opened_by: any of these permissions for visits opens it.
        made_by: any of these permissions for visits has it made; who may make it may open it.
        carries: the personal fields that stand on it.
        entry: where its data are entered; None if nobody of the staff does.
        opened_at: name of the address where staff open it.
    """

    key: str
    title: str | Promise
    explanation: str | Promise = ""
    size: tuple[float, float] | None = None
    landscape: bool = False
    ending: str = "pdf"
    opened_by: tuple[str, ...] = ANY_OF_VISIT
    made_by: tuple[str, ...] = (*WORKING_ON_VISITS, DISPOSE)
    carries: tuple[PersonalField, ...] = ()
    entry: EntryPage | None = None
    opened_at: str = "visits_staff:paper"

    @property
    def is_shown(self) -> bool:
        """Whether browsers show it; other files are downloaded."""
        return self.ending == "pdf"

    def size_for(self, office: OfficeSettings) -> tuple[float, float]:
        """Width and height of its page in millimetres."""
        if self.size:
            return self.size
        width, height = F4_PORTRAIT if office.paper_size == OfficeSettings.PaperSize.F4 else A4_PORTRAIT
        return (height, width) if self.landscape else (width, height)
