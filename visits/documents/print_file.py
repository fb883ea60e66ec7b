"""One PDF with the pages of several issued certificates, for printing."""

from collections.abc import Iterable
from io import BytesIO
from typing import BinaryIO

import pikepdf
from django.utils.translation import gettext as _

from knowledge_hub.papers import PaperRefused


def print_file(papers: Iterable[BinaryIO]) -> BytesIO:
    """The first page of each paper in one PDF that contains shared art and fonts once. It has no seal, because it is for printing only.

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
    """Make a page use the art and fonts of earlier pages, and remove its tags and links, which printing does not need."""
    for kind, essence in (("/XObject", pikepdf.Object.read_raw_bytes), ("/Font", _essence_of_font)):
        entries = page.Resources.get(kind, pikepdf.Dictionary())
        for name in list(entries):
            entries[name] = shared.setdefault(essence(entries[name]), entries[name])
    for key in ("/StructParents", "/Annots", "/Tabs"):
        if key in page:
            del page[key]


def _essence_of_font(font: pikepdf.Dictionary) -> bytes:
    """The data by which two fonts are equal: glyphs, widths and mapping to text."""
    [descendant] = font.DescendantFonts
    descriptor = descendant.FontDescriptor
    file = descriptor.get("/FontFile2", descriptor.get("/FontFile3"))
    return file.read_raw_bytes() + font.ToUnicode.read_raw_bytes() + descendant.W.unparse()
