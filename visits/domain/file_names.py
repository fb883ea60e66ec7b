"""Names of downloaded files: readable and valid on every system."""

import re

LONGEST = 115
"""Characters without the extension: material_name holds 120."""


def file_name(text: str, ending: str) -> str:
    """A file name from a text and an extension."""
    return f"{readable(text)}.{ending}"


def readable(text: str) -> str:
    """The text with only those characters that every system allows in file names, shortened to LONGEST."""
    return re.sub(r"[^\w.,() -]+", "-", text).strip("-. ")[:LONGEST]
