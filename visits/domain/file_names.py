"""Names of files that leave the house: readable, and taken by every system."""

import re

LONGEST = 115
"""Characters before the ending: with it, columns of 120 hold the name."""


def file_name(text: str, ending: str) -> str:
    """A name made of a text, with its ending."""
    return f"{readable(text)}.{ending}"


def readable(text: str) -> str:
    """A text with those signs only that every system takes in the name of a file; short enough for a folder before it."""
    return re.sub(r"[^\w.,() -]+", "-", text).strip("-. ")[:LONGEST]
