"""Papers of one page that differ in a few lines: laid out once, then filled in a thousandth of the time.

WeasyPrint lays out the form with marks in its slots; here the page is taken apart between the marks. To fill it, the few
lines are shaped with HarfBuzz and written where their marks stood, with the same font files, the same structure tree and
the same art. What needs more than that (another script, letters outside the repertoire) is not filled: the caller lays it
out in full, with the same look.
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
from knowledge_hub.papers.paper import BASE_URL, Attachment, Filling, Form, Paper
from knowledge_hub.papers.shaping import Run, middle, shaped

# Letters and signs that names, positions, offices and numbers are made of, and the ligatures of our faces.
REPERTOIRE = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz 0123456789 .,:;'’-–/()&+_ "
    "ÁÉÍÓÚÈÊËÏÖÜÑÇ áéíóúèêëïöüñç fi fl ff ffi ffl fb fh fj fk ft gg gy Th TT RR qa qu Qa Qu 0x 0-"
)
CSS_PIXEL = 0.75  # points
# A comment in the page's content, where the marks of each filled paper are drawn.
MARKS = b"%marks"

SHOWN = re.compile(rb"1 0 0 -1 (\S+) (\S+) Tm\n/(\w+) (\S+) Tf\n(\[[^\]]*\] TJ)")
GLYPHS = re.compile(rb"<([0-9a-f]*)>")


class FormError(Exception):
    """The form's HTML does not keep what a form must keep; a mistake of the programmer."""


class Blank:
    """A form that is laid out, ready to be filled."""

    def __init__(self, form: Form, draw: Callable[[list[Paper]], bytes]):
        """Lay out ``form``.

        Args:
            draw: lays out papers, a page each, and returns them as one PDF.
        """
        self._form = form
        self._pdf = pikepdf.open(BytesIO(draw([replace(form.paper, marks={0: MARKS}), _repertoire(form)])))
        self._page = self._pdf.pages[0]
        self._cut_repertoire()
        self._known = {face: {glyph[:2] for glyph in shaped(REPERTOIRE, face).glyphs} for face in _faces(form)}
        self._pieces: list[bytes | tuple[str, float, float, bytes, float]] = []
        self._take_apart()
        self._links = self._find_links()
        self._page.Contents = self._pdf.make_stream(b"")
        # The art is in every file and is not squeezed again for each.
        self._pdf.Root.Metadata = self._pdf.make_stream(b"", Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)

    def fill(self, filling: Filling) -> bytes | None:
        """The filled paper with the same bytes each time, or None where it must be laid out in full."""
        runs = {name: shaped(text, self._form.slots[name].face) for name, (text, _size) in filling.lines.items()}
        if not all(self._can_write(run, self._form.slots[name].face) for name, run in runs.items()):
            return None
        self._page.Contents.write(b"".join(self._content(filling, runs)))
        for name, (annotation, left) in self._links.items():
            text_width = runs[name].width * filling.lines[name][1]
            annotation.A.URI = annotation.Contents = pikepdf.String(filling.links[name])
            annotation.Rect[2] = Decimal(f"{left + text_width:.3f}")
        self._describe(filling)
        if filling.attachment:
            self._attach(filling.attachment)
        filled = BytesIO()
        self._pdf.save(filled, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return filled.getvalue()

    def _can_write(self, run: Run, face: str) -> bool:
        return run.plain and all(glyph[:2] in self._known[face] for glyph in run.glyphs)

    def _content(self, filling: Filling, runs: dict[str, Run]) -> Iterator[bytes]:
        for piece in self._pieces:
            if isinstance(piece, bytes):
                yield piece.replace(MARKS, filling.marks)
                continue
            name, anchor, baseline, font, laid_out_at = piece
            slot, size = self._form.slots[name], filling.lines[name][1] / CSS_PIXEL
            left = anchor - runs[name].width * size / 2 if slot.centred else anchor
            down = baseline + (size - laid_out_at) * middle(slot.face)
            yield b"1 0 0 -1 %.3f %.3f Tm\n/%b %.3f Tf\n%b" % (left, down, font, size, runs[name].operator().encode())

    def _describe(self, filling: Filling) -> None:
        """Metadata in both places that a PDF has for them; they must say the same (ISO 19005-3, 6.6.3)."""
        paper = replace(self._form.paper, title=filling.title, subject=filling.subject, created=filling.created)
        self._pdf.Root.Metadata.write(PaperMetadata.of(paper).packet())
        said = {"/Title": filling.title, "/Subject": filling.subject}
        if filling.created:
            said |= dict.fromkeys(("/CreationDate", "/ModDate"), f"D:{filling.created:%Y%m%d}")
        for key, value in said.items():
            self._pdf.docinfo[key] = pikepdf.String(value)

    def _attach(self, attachment: Attachment) -> None:
        """Put the content of the attached file where the form's stands."""
        embedded = self._pdf.Root.Names.EmbeddedFiles.Names[1].EF.F
        embedded.write(attachment.content)
        embedded.Params.Size = len(attachment.content)
        embedded.Params.CheckSum = pikepdf.String(hashlib.md5(attachment.content, usedforsecurity=False).digest())

    def _cut_repertoire(self) -> None:
        """Remove the page that was only laid out to have the repertoire's glyphs in the fonts, and what refers to it."""
        extra = [page.objgen for page in self._pdf.pages[1:]]
        tree = self._pdf.Root.StructTreeRoot
        tree.K[0].K = pikepdf.Array([element for element in tree.K[0].K if element.Pg.objgen not in extra])
        numbers = list(tree.ParentTree.Nums)
        kept = [pair for pair in zip(numbers[::2], numbers[1::2], strict=True) if not 0 < int(pair[0]) <= len(extra)]
        tree.ParentTree.Nums = pikepdf.Array([item for pair in kept for item in pair])
        del self._pdf.pages[1:]

    def _take_apart(self) -> None:
        """Split the page's content at the marks."""
        content = self._page.Contents.read_bytes()
        marks: dict[bytes, str] = {}
        for name, slot in self._form.slots.items():
            marks["".join(f"{number:04x}" for number, _letters, _closer in shaped(slot.mark, slot.face).glyphs).encode()] = name
        start = 0
        for found in SHOWN.finditer(content):
            name = marks.pop(b"".join(GLYPHS.findall(found[5])), "")
            if not name:
                continue
            slot = self._form.slots[name]
            left, baseline, size = float(found[1]), float(found[2]), float(found[4])
            anchor = left + shaped(slot.mark, slot.face).width * size / 2 if slot.centred else left
            self._pieces += [content[start : found.start()], (name, anchor, baseline, found[3], size)]
            start = found.end()
        self._pieces.append(content[start:])
        if marks:
            raise FormError(f"Not found on the page: {sorted(marks.values())}")

    def _find_links(self) -> dict[str, tuple[pikepdf.Object, float]]:
        """The link annotations of slots, and where each begins, in points from the left."""
        found = {}
        for annotation in self._page.get("/Annots", pikepdf.Array()):
            for name, slot in self._form.slots.items():
                if annotation.get("/A") and annotation.A.get("/URI") == BASE_URL + slot.mark:
                    found[name] = (annotation, float(annotation.Rect[0]))
        return found


def _faces(form: Form) -> set[str]:
    return {slot.face for slot in form.slots.values()}


def _repertoire(form: Form) -> Paper:
    """A page that shows all letters in all faces of the slots."""
    lines = "".join(f'<p style="{CSS_OF_FACES[face]};line-height:1.2;margin:0">{REPERTOIRE}</p>' for face in sorted(_faces(form)))
    return replace(form.paper, body=f'<div style="break-before:page;font-size:9px">{lines}</div>', marks={})
