"""Lines of text as glyphs: how wide a text is in one of our faces, and how to write it into a page."""

from dataclasses import dataclass
from functools import cache, lru_cache

import uharfbuzz

from knowledge_hub.papers.fonts import FACES, FONT_DIR


@dataclass(frozen=True)
class Run:
    """A shaped line.

    Attributes:
        width: in em; letters that the face lacks count as one em, the widest that a fallback font draws.
        complete: whether the face has all letters.
        plain: whether the glyphs stand on the baseline one after the other, each at its own place.
        glyphs: each glyph's number in the font file, the letters that it stands for, and by how many thousandths of an em it
            is moved closer to the next one than its own width says.
    """

    width: float
    complete: bool
    plain: bool
    glyphs: tuple[tuple[int, str, int], ...]

    def operator(self) -> str:
        """The text as the operand and operator of a PDF content stream (ISO 32000-1, 9.4.3)."""
        parts = ["[<"]
        for number, _letters, closer in self.glyphs:
            parts.append(f"{number:04x}")
            if closer:
                parts.append(f">{closer}<")
        return "".join([*parts, ">] TJ"])


@cache
def _font(face: str) -> tuple[uharfbuzz.Font, int]:
    loaded = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(FONT_DIR / FACES[face])))
    return uharfbuzz.Font(loaded), loaded.upem


@lru_cache(maxsize=4096)
def shaped(text: str, face: str) -> Run:
    """``text`` in one of the faces of :data:`knowledge_hub.papers.fonts.FACES`. Remembered: delegates share their organisation."""
    font, upem = _font(face)
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    plain = buffer.direction == "ltr"
    uharfbuzz.shape(font, buffer)
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    clusters = sorted({info.cluster for info in infos} | {len(text)})
    letters = {start: text[start:end] for start, end in zip(clusters, clusters[1:], strict=False)}
    glyphs, width = [], 0.0
    for info, position in zip(infos, positions, strict=True):
        width += position.x_advance / upem if info.codepoint else 1.0
        plain = plain and not (position.x_offset or position.y_offset)
        closer = round((font.get_glyph_h_advance(info.codepoint) - position.x_advance) * 1000 / upem)
        glyphs.append((info.codepoint, letters[info.cluster], closer))
    return Run(width, all(number for number, _letters, _closer in glyphs), plain, tuple(glyphs))


@cache
def middle(face: str) -> float:
    """How far the baseline lies below the middle of a line, in em: half of what rises above it more than hangs below."""
    font, upem = _font(face)
    extents = font.get_font_extents("ltr")
    return (extents.ascender + extents.descender) / 2 / upem
