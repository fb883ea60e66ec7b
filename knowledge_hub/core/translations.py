"""Collects and compiles translations without gettext's programs, with Babel and Django's own reading of templates.

python -m knowledge_hub.core.translations              compile the .po files that changed (requirements/install.sh, tests)
python -m knowledge_hub.core.translations --collect    first bring new texts of code and templates into them (make translations)
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
LOCALE_DIR = ROOT / "locale"
# What Wagtail says in its admin and has no Indonesian for. Its texts stand in no source of ours, so they are never collected.
WAGTAIL_LOCALE_DIR = ROOT / "locale_wagtail"
SOURCES = ("knowledge_hub", "home", "visits", "templates")
# Which argument of which function is a text; 1c is a context.
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}


def catalogue_files() -> list[Path]:
    """The .po files of our own texts, in a fixed order."""
    return sorted(LOCALE_DIR.glob("*/LC_MESSAGES/*.po"))


def all_catalogue_files() -> list[Path]:
    """Every .po file that is compiled: our own texts, and those of Wagtail."""
    return [*catalogue_files(), *sorted(WAGTAIL_LOCALE_DIR.glob("*/LC_MESSAGES/*.po"))]


def read(po: Path) -> Catalog:
    """The catalogue in a .po file; a file with an error in it is refused with its line."""
    with po.open("rb") as file:
        return read_po(file, locale=po.parents[1].name, abort_invalid=True)


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
    catalogue = read(po)
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
    return {po: compile_catalogue(po) for po in all_catalogue_files() if not is_compiled(po)}


def template_as_python(path: Path) -> str:
    """The gettext calls that a template comes to, on one line because their indentation means nothing."""
    lines = templatize(path.read_text(encoding="utf-8"), origin=str(path)).splitlines()
    return f"({' '.join(line for line in lines if not line.lstrip().startswith('#'))})"


def source_texts() -> Iterator[tuple]:
    """Every translatable text of code and templates.

    Yields:
        Text (or texts, singular and plural), comments for translators, context, and the file it stands in.
    """
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix == ".py" and "migrations" not in path.parts:
                source = path.read_bytes()
            elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
                source = template_as_python(path).encode()
            else:
                continue
            for _line, text, comments, context in extract("python", io.BytesIO(source), KEYWORDS, ("Translators",)):
                yield text, comments, context, path.relative_to(ROOT)


def collect_into(po: Path) -> tuple[int, int]:
    """Bring a .po up to the sources: new texts are added empty, those that nobody uses any more are dropped.

    Returns:
        How many texts were added and dropped.
    """
    catalogue = read(po)
    before = {(message.id, message.context) for message in catalogue if message.id}
    template = Catalog(locale=catalogue.locale)
    for text, comments, context, path in source_texts():
        template.add(text, locations=[(str(path), None)], auto_comments=comments, context=context)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    after = {(message.id, message.context) for message in catalogue if message.id}
    with po.open("wb") as file:
        write_po(file, catalogue, width=120, sort_by_file=False, include_lineno=False, omit_header=False, include_previous=False)
    return len(after - before), len(before - after)


def main(arguments: list[str]) -> None:
    """The command line, see the module's docstring."""
    if "--collect" in arguments:
        for po in catalogue_files():
            added, dropped = collect_into(po)
            empty = sum(1 for message in read(po) if message.id and not message.string)
            sys.stdout.write(f"• {po.relative_to(ROOT)}: {added} new texts, {dropped} dropped, {empty} to translate\n")
    for po, texts in compile_outdated().items():
        sys.stdout.write(f"• Compiled {po.relative_to(ROOT)}: {texts} texts\n")


if __name__ == "__main__":
    main(sys.argv[1:])
