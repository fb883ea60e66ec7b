"""Reads for the register of incoming and outgoing letters across visits, for the explained numbers, and for the queue of dispositions."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, ExtractYear
from django.utils.translation import gettext as _
from wagtail.log_actions import registry

from knowledge_hub.models import User
from visits.enums import AWAITS_DECISION, VisitStatus
from visits.models import Disposition, HostOfficial, IncomingLetter, NumberSequence, ReplyLetter
from visits.models.letters import ordinal_of
from visits.queries.history import actor_of


def incoming() -> QuerySet[IncomingLetter]:
    """Request letters with their ``year``, the latest first; without those of requests whose address nobody confirmed."""
    day = Coalesce("received_on", "date")
    letters = IncomingLetter.objects.exclude(visit__status=VisitStatus.UNVERIFIED)
    letters = letters.select_related("visit__region").prefetch_related("dispositions").annotate(day=day, year=ExtractYear(day))
    return letters.order_by("-day", "-agenda_number", "-pk")


def outgoing() -> QuerySet[ReplyLetter]:
    """Reply letters that have a number, with their ``year``, the latest first."""
    letters = ReplyLetter.objects.exclude(number=None).select_related("visit", "signatory").annotate(year=ExtractYear("date"))
    return letters.order_by("-date", "-issued_at", "-pk")


def years(letters: QuerySet) -> list[int]:
    """Years of a register, the latest first; one query."""
    found = letters.order_by().values_list("year", flat=True).distinct()
    return sorted({year for year in found if year}, reverse=True)


def units_of(letter: IncomingLetter) -> list[str]:
    """The units to which dispositions send a letter of incoming(), each once; no query."""
    return _units(disposition.to_positions for disposition in letter.dispositions.all())


def units() -> list[str]:
    """The units to which dispositions send letters, by name; one query."""
    return sorted(_units(Disposition.objects.order_by().values_list("to_positions", flat=True).distinct()))


def _units(positions: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name.strip() for row in positions for name in row.split(",") if name.strip()))


@dataclass(frozen=True)
class NumberWithoutLetter:
    """A number of outgoing letters under which no valid letter is found, and why. ``is_explained`` tells whether that is known."""

    number: str
    explanation: str
    is_explained: bool = True


def numbers_without_letter(year: int) -> list[NumberWithoutLetter]:
    """Numbers of a year that are no valid letter: void, taken by hand, or unknown; three queries."""
    sequence = NumberSequence.objects.filter(key="letter", year=year).first()
    if sequence is None:
        return []
    used: set[int] = set()
    found: list[tuple[int, NumberWithoutLetter]] = []
    rows = ReplyLetter.objects.filter(date__year=year).exclude(number=None)
    for number, state, reason in rows.values_list("number", "state", "void_reason"):
        ordinal = ordinal_of(sequence.pattern, number)
        used.add(ordinal or 0)
        if state == ReplyLetter.State.VOID:
            found.append((ordinal or 0, NumberWithoutLetter(number, _("Void letter: %(reason)s") % {"reason": reason})))
    for entry in registry.get_logs_for_instance(sequence).filter(action="visits.number_taken").select_related("user"):
        ordinal = entry.data["ordinal"]
        used.add(ordinal)
        words = _("Taken by hand: %(use)s (%(who)s)") % {"use": entry.data["use"], "who": actor_of(entry)}
        found.append((ordinal, NumberWithoutLetter(entry.data["number"], words)))
    for ordinal in range(1, sequence.last_number + 1):
        if ordinal not in used:
            found.append((ordinal, NumberWithoutLetter(str(ordinal), _("Nothing is known of this number."), is_explained=False)))
    return [each for _ordinal, each in sorted(found, key=lambda pair: pair[0])]


def queue_of(user: User) -> QuerySet[Disposition]:
    """Dispositions that stand in the queue of a person, the most urgent first, with letter and visit."""
    waiting = Disposition.objects.filter(addressee=user, done_at=None).select_related("letter__visit__region", "letter__visit__slot")
    return waiting.order_by("deadline", "written_at", "pk")


def without_disposition() -> QuerySet[IncomingLetter]:
    """The latest request letters of visits ahead on which nobody has written a disposition, the oldest first."""
    newer = IncomingLetter.objects.filter(visit=OuterRef("visit")).filter(
        Q(received_at__gt=OuterRef("received_at")) | Q(received_at=OuterRef("received_at"), pk__gt=OuterRef("pk"))
    )
    written = Disposition.objects.filter(letter__visit=OuterRef("visit"))
    letters = IncomingLetter.objects.filter(visit__status__in=AWAITS_DECISION | {VisitStatus.APPROVED})
    return letters.filter(~Exists(newer), ~Exists(written)).select_related("visit__region").order_by("received_at", "pk")


def positions_of(user: User) -> list[str]:
    """Positions from which a user writes dispositions: the one used last, the own one, those of the officials; three queries at most."""
    used = Disposition.objects.filter(by=user).order_by("-written_at", "-pk").values_list("from_position", flat=True).first()
    officials = HostOfficial.objects.filter(active=True).values_list("position", flat=True)
    found = [used or "", user.position, *officials]
    return list(dict.fromkeys(position for position in found if position)) or [user.get_full_name() or user.get_username()]
