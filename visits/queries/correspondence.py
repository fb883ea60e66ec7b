"""Reads about the letters of a visit."""

from visits.models import Disposition, Visit


def dispositions_of(visit: Visit) -> list[Disposition]:
    """The chain on the visit's letters in the order in which it was written, each with ``ticked``: its instructions in words."""
    chain = list(Disposition.objects.filter(letter__visit=visit).select_related("letter"))
    words = dict(Disposition.Instruction.choices)
    for disposition in chain:
        disposition.ticked = [str(words[code]) for code in disposition.instructions if code in words]
    return chain
