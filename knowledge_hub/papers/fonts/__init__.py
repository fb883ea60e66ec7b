"""Fonts of papers as static TrueType files, and the configuration for fonts of other scripts.

Cormorant Garamond 4.001 and Plus Jakarta Sans 2.071, both under the SIL Open Font License 1.1 (licences beside the files).
They are instances of the published variable fonts, made with fontTools
(``instantiateVariableFont(font, {"wght": …}, static=True, updateFontNames=True)``), because a variable font would be
instantiated again for each document.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from knowledge_hub.papers.errors import PapersUnavailable

FONT_DIR = Path(__file__).parent
FACES = {
    "serif": "CormorantGaramond-Medium.ttf",
    "serif-bold": "CormorantGaramond-Bold.ttf",
    "serif-italic": "CormorantGaramond-MediumItalic.ttf",
    "sans": "PlusJakartaSans-Regular.ttf",
    "sans-bold": "PlusJakartaSans-SemiBold.ttf",
}
CSS_OF_FACES = {
    "serif": "font:500 1em 'Cormorant Garamond'",
    "serif-bold": "font:700 1em 'Cormorant Garamond'",
    "serif-italic": "font:italic 500 1em 'Cormorant Garamond'",
    "sans": "font:400 1em 'Plus Jakarta Sans'",
    "sans-bold": "font:600 1em 'Plus Jakarta Sans'",
}


@contextmanager
def own_fonts(directory: Path = FONT_DIR) -> Iterator[None]:
    """In this block fontconfig finds our fonts and Noto only, so that papers do not depend on other installed fonts.

    The environment variable is only set in the block, so that programs started later use the fonts of the system.

    Raises:
        PapersUnavailable: one of our font files is missing.
    """
    missing = [name for name in (*FACES.values(), "fonts.conf") if not (directory / name).is_file()]
    if missing:
        raise PapersUnavailable(_("Papers cannot be drawn: font files are missing (%(files)s).") % {"files": ", ".join(missing)})
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(directory / "fonts.conf")
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before
