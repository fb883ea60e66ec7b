"""Compiles the translations (locale/**/*.po to *.mo) without gettext's programs; run by requirements/install.sh and the tests.

python -m knowledge_hub.translations
"""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE_DIR = Path(__file__).resolve().parents[1] / "locale"


def catalogue_files() -> list[Path]:
    """Every .po file of the project, in a fixed order."""
    return sorted(LOCALE_DIR.glob("*/LC_MESSAGES/*.po"))


def is_compiled(po: Path) -> bool:
    """Whether the .mo beside a .po exists and is not older."""
    mo = po.with_suffix(".mo")
    return mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns


def compile_catalogue(po: Path) -> int:
    """Write the .mo beside a .po in one step, so that a process that starts meanwhile never reads half of it.

    Fuzzy entries are left out, as msgfmt does.

    Returns:
        How many texts are translated.
    """
    with po.open("rb") as file:
        catalogue = read_po(file, locale=po.parents[1].name, abort_invalid=True)
    beside = po.with_suffix(".mo.new")
    with beside.open("wb") as file:
        write_mo(file, catalogue)
    beside.replace(po.with_suffix(".mo"))
    return sum(1 for message in catalogue if message.id and message.string and not message.fuzzy)


def compile_outdated() -> dict[Path, int]:
    """Compile what changed.

    Returns:
        The number of translated texts of each file that was compiled.
    """
    return {po: compile_catalogue(po) for po in catalogue_files() if not is_compiled(po)}


if __name__ == "__main__":
    for compiled, texts in compile_outdated().items():
        sys.stdout.write(f"• Compiled {compiled.relative_to(LOCALE_DIR.parent)}: {texts} texts\n")
