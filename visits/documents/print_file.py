"""One file for the printer: the pages of issued certificates, one after the other."""

from collections.abc import Iterable
from io import BytesIO
from typing import BinaryIO

import pikepdf
from django.utils.translation import gettext as _

from knowledge_hub.papers import PaperRefused


def print_file(papers: Iterable[BinaryIO]) -> BytesIO:
    """The first page of each paper in one PDF, what they share in it once. It carries no seal: it is for paper, not for proof.

    Raises:
        PaperRefused: one of them is damaged.
    """
    together = pikepdf.new()
    # Sources are read when the new file is saved.
    sources = []
    shared: dict[bytes, pikepdf.Object] = {}
    for paper in papers:
        try:
            with paper.open("rb") as file:
                source = pikepdf.open(BytesIO(file.read()))
        except (OSError, pikepdf.PdfError) as error:
            raise PaperRefused(_("A file is missing or damaged: %(name)s. Issue that certificate anew.") % {"name": paper.name}) from error
        sources.append(source)
        together.pages.append(source.pages[0])
        _share(together.pages[-1], shared)
    written = BytesIO()
    together.save(written, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    for source in sources:
        source.close()
    written.seek(0)
    return written


def _share(page: pikepdf.Page, shared: dict[bytes, pikepdf.Object]) -> None:
    """Let the page use art and fonts of the pages before it, and forget what only the screen needs: tags and links."""
    for kind, essence in (("/XObject", pikepdf.Object.read_raw_bytes), ("/Font", _essence_of_font)):
        entries = page.Resources.get(kind, pikepdf.Dictionary())
        for name in list(entries):
            entries[name] = shared.setdefault(essence(entries[name]), entries[name])
    for key in ("/StructParents", "/Annots", "/Tabs"):
        if key in page:
            del page[key]


def _essence_of_font(font: pikepdf.Dictionary) -> bytes:
    """What makes a font the same as another: its letters, how wide they are, and what they stand for."""
    [descendant] = font.DescendantFonts
    descriptor = descendant.FontDescriptor
    file = descriptor.get("/FontFile2", descriptor.get("/FontFile3"))
    return file.read_raw_bytes() + font.ToUnicode.read_raw_bytes() + descendant.W.unparse()
