"""Django's makemessages with options that keep changes of the .po file small: only a new or changed text changes a line."""

from pathlib import Path

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    # Sorted and without locations, so that moving code changes nothing. A similar older text is no translation.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--sort-output", "--no-fuzzy-matching"]

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.set_defaults(
            locale=["id"], no_location=True, no_obsolete=True, no_wrap=True, ignore_patterns=["bench", "docs", "tests", "var"]
        )

    def write_po_file(self, potfile, locale):
        """Remove the creation date, which would conflict between branches with new texts."""
        super().write_po_file(potfile, locale)
        po = Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po"
        lines = po.read_text(encoding="utf-8").splitlines(keepends=True)
        po.write_text("".join(line for line in lines if not line.startswith('"POT-Creation-Date:')), encoding="utf-8")
