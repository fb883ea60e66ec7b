"""The request letter in the house: registered in the agenda of incoming letters, then disposed of by superiors."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from wagtail.log_actions import log

from visits.domain import numbers
from visits.models import Disposition, IncomingLetter


@transaction.atomic
def register(letter: IncomingLetter, *, received_on: dt.date, agenda_number: str = "", by=None) -> IncomingLetter:
    """Write a letter into the agenda of incoming letters, with what staff corrected in it.

    Without an agenda number it takes the next one of the year in which it was received; one that it has is kept.
    """
    held = IncomingLetter.objects.select_for_update().get(pk=letter.pk)
    letter.received_on = received_on
    letter.agenda_number = (
        agenda_number.strip() or held.agenda_number or numbers.next_number("incoming", year=received_on.year, month=received_on.month)
    )
    letter.save()
    log(instance=letter.visit, action="visits.letter_registered", user=by, data={"number": letter.agenda_number})
    return letter


@transaction.atomic
def dispose(
    letter: IncomingLetter,
    *,
    from_position: str,
    to_positions: str,
    instructions: Iterable[str] = (),
    note: str = "",
    deadline: dt.date | None = None,
    by=None,
) -> Disposition:
    """Add a link to the chain of dispositions on a letter; earlier ones stay as they are."""
    disposition = Disposition.objects.create(
        letter=letter,
        from_position=from_position.strip(),
        to_positions=to_positions.strip(),
        instructions=list(instructions),
        note=note.strip(),
        deadline=deadline,
        by=by,
    )
    log(instance=letter.visit, action="visits.disposition", user=by)
    return disposition
