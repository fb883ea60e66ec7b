"""Pages that are laid out once and then filled with different lines of text, which takes a thousandth of the time.

WeasyPrint lays out the page with a marker text in each slot. The content stream is then split at the markers. To fill the
page, each line is shaped with HarfBuzz and written in place of its marker; fonts, structure tree and background stay the
same. Lines with other scripts or with letters outside REPERTOIRE cannot be filled in; the caller then draws the paper in
full, with the same look.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pikepdf

from knowledge_hub.papers.fonts import CSS_OF_FACES
from knowledge_hub.papers.metadata import PaperMetadata
from knowledge_hub.papers.paper import BASE_URL, Attachment, FillablePage, Paper, SlotValues
from knowledge_hub.papers.shaping import Run, middle, shaped

# Characters of names, positions, offices and numbers, and the ligatures of our fonts.
REPERTOIRE = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz 0123456789 .,:;'’-–/()&+_ "
    "ÁÉÍÓÚÈÊËÏÖÜÑÇ áéíóúèêëïöüñç fi fl ff ffi ffl fb fh fj fk ft gg gy Th TT RR qa qu Qa Qu 0x 0-"
)
CSS_PIXEL = 0.75  # points
# A comment in the content stream, replaced by the marks of each paper.
MARKS = b"%marks"

TEXT_OPERATORS = re.compile(rb"1 0 0 -1 (\S+) (\S+) Tm\n/(\w+) (\S+) Tf\n(\[[^\]]*\] TJ)")
GLYPHS = re.compile(rb"<([0-9a-f]*)>")


class FillablePageError(Exception):
    """The HTML lacks the marker of a slot; a programming error."""


class LaidOutPage:
    """A fillable page after its layout."""

    def __init__(self, page: FillablePage, draw: Callable[[list[Paper]], bytes]):
        """Lay out a page.

        Args:
            page: the declared page.
            draw: returns papers as one PDF with a page for each.
        """
        self._declared = page
        self._pdf = pikepdf.open(BytesIO(draw([replace(page.paper, marks={0: MARKS}), _repertoire(page)])))
        self._page = self._pdf.pages[0]
        self._remove_repertoire_page()
        self._known = {face: {glyph[:2] for glyph in shaped(REPERTOIRE, face).glyphs} for face in _faces(page)}
        self._pieces: list[bytes | tuple[str, float, float, bytes, float]] = []
        self._split_at_markers()
        self._links = self._find_links()
        self._page.Contents = self._pdf.make_stream(b"")
        # Each file gets its own metadata; everything else is compressed once.
        self._pdf.Root.Metadata = self._pdf.make_stream(b"", Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)

    def fill(self, values: SlotValues) -> bytes | None:
        """The filled paper as PDF, always with the same bytes; None if a line has glyphs that the page lacks."""
        runs = {name: shaped(text, self._declared.slots[name].face) for name, (text, _size) in values.lines.items()}
        if not all(self._can_write(run, self._declared.slots[name].face) for name, run in runs.items()):
            return None
        self._page.Contents.write(b"".join(self._content(values, runs)))
        for name, (annotation, left) in self._links.items():
            text_width = runs[name].width * values.lines[name][1]
            annotation.A.URI = annotation.Contents = pikepdf.String(values.links[name])
            annotation.Rect[2] = Decimal(f"{left + text_width:.3f}")
        self._describe(values)
        if values.attachment:
            self._attach(values.attachment)
        filled = BytesIO()
        self._pdf.save(filled, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return filled.getvalue()

    def _can_write(self, run: Run, face: str) -> bool:
        return run.plain and all(glyph[:2] in self._known[face] for glyph in run.glyphs)

    def _content(self, values: SlotValues, runs: dict[str, Run]) -> Iterator[bytes]:
        for piece in self._pieces:
            if isinstance(piece, bytes):
                yield piece.replace(MARKS, values.marks)
                continue
            name, anchor, baseline, font, laid_out_at = piece
            slot, size = self._declared.slots[name], values.lines[name][1] / CSS_PIXEL
            left = anchor - runs[name].width * size / 2 if slot.centred else anchor
            down = baseline + (size - laid_out_at) * middle(slot.face)
            yield b"1 0 0 -1 %.3f %.3f Tm\n/%b %.3f Tf\n%b" % (left, down, font, size, runs[name].operator().encode())

    def _describe(self, values: SlotValues) -> None:
        """Write the metadata as XMP and as document information; both must be equal (ISO 19005-3, 6.6.3)."""
        paper = replace(self._declared.paper, title=values.title, subject=values.subject, created=values.created)
        self._pdf.Root.Metadata.write(PaperMetadata.of(paper).packet())
        info = {"/Title": values.title, "/Subject": values.subject}
        if values.created:
            info |= dict.fromkeys(("/CreationDate", "/ModDate"), f"D:{values.created:%Y%m%d}")
        for key, value in info.items():
            self._pdf.docinfo[key] = pikepdf.String(value)

    def _attach(self, attachment: Attachment) -> None:
        """Replace the content of the attached file."""
        embedded = self._pdf.Root.Names.EmbeddedFiles.Names[1].EF.F
        embedded.write(attachment.content)
        embedded.Params.Size = len(attachment.content)
        embedded.Params.CheckSum = pikepdf.String(hashlib.md5(attachment.content, usedforsecurity=False).digest())

    def _remove_repertoire_page(self) -> None:
        """Remove the page that only adds the glyphs of REPERTOIRE to the fonts, and the references to it."""
        extra = [page.objgen for page in self._pdf.pages[1:]]
        tree = self._pdf.Root.StructTreeRoot
        tree.K[0].K = pikepdf.Array([element for element in tree.K[0].K if element.Pg.objgen not in extra])
        numbers = list(tree.ParentTree.Nums)
        kept = [pair for pair in zip(numbers[::2], numbers[1::2], strict=True) if not 0 < int(pair[0]) <= len(extra)]
        tree.ParentTree.Nums = pikepdf.Array([item for pair in kept for item in pair])
        del self._pdf.pages[1:]

    def _split_at_markers(self) -> None:
        """Split the content stream at the markers."""
        content = self._page.Contents.read_bytes()
        markers: dict[bytes, str] = {}
        for name, slot in self._declared.slots.items():
            markers["".join(f"{number:04x}" for number, _letters, _closer in shaped(slot.marker, slot.face).glyphs).encode()] = name
        start = 0
        for found in TEXT_OPERATORS.finditer(content):
            name = markers.pop(b"".join(GLYPHS.findall(found[5])), "")
            if not name:
                continue
            slot = self._declared.slots[name]
            left, baseline, size = float(found[1]), float(found[2]), float(found[4])
            anchor = left + shaped(slot.marker, slot.face).width * size / 2 if slot.centred else left
            self._pieces += [content[start : found.start()], (name, anchor, baseline, found[3], size)]
            start = found.end()
        self._pieces.append(content[start:])
        if markers:
            raise FillablePageError(f"Not found on the page: {sorted(markers.values())}")

    def _find_links(self) -> dict[str, tuple[pikepdf.Object, float]]:
        """Link annotations of slots, each with its left edge in points."""
        found = {}
        for annotation in self._page.get("/Annots", pikepdf.Array()):
            for name, slot in self._declared.slots.items():
                if annotation.get("/A") and annotation.A.get("/URI") == BASE_URL + slot.marker:
                    found[name] = (annotation, float(annotation.Rect[0]))
        return found


def _faces(page: FillablePage) -> set[str]:
    return {slot.face for slot in page.slots.values()}


def _repertoire(page: FillablePage) -> Paper:
    """A page with all characters in all fonts of the slots."""
    lines = "".join(f'<p style="{CSS_OF_FACES[face]};line-height:1.2;margin:0">{REPERTOIRE}</p>' for face in sorted(_faces(page)))
    return replace(page.paper, body=f'<div style="break-before:page;font-size:9px">{lines}</div>', marks={})
