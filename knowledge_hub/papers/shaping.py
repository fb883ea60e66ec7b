"""Text shaping with HarfBuzz: glyphs and width of a line in one of our fonts, and its PDF operators."""

from dataclasses import dataclass
from functools import cache, lru_cache

import uharfbuzz

from knowledge_hub.papers.fonts import FACES, FONT_DIR


@dataclass(frozen=True)
class Run:
    """A shaped line.

    Attributes:
        width: width in em; letters that the font lacks count as one em, the widest glyph of fallback fonts.
        complete: whether the font has all letters.
        plain: whether the text runs from left to right without glyphs that are moved from the baseline.
        glyphs: for each glyph its number in the font file, its letters, and its kerning to the next glyph in thousandths of
            an em.
    """

    width: float
    complete: bool
    plain: bool
    glyphs: tuple[tuple[int, str, int], ...]

    def operator(self) -> str:
        """The TJ operator of a PDF content stream with its operand (ISO 32000-1, 9.4.3)."""
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
    """A text in one of the fonts of :data:`knowledge_hub.papers.fonts.FACES`. Cached, because delegates share their organisation."""
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
    """Distance of the baseline below the middle of a line, in em: half the difference of ascender and descender."""
    font, upem = _font(face)
    extents = font.get_font_extents("ltr")
    return (extents.ascender + extents.descender) / 2 / upem
