"""The same certificate drawn in several ways. Each function takes the people and a scratch directory and yields PDFs."""

import base64
import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

import segno
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from bench.documents.templates import TYPST
from knowledge_hub.papers.fonts import FACES, FONT_DIR
from visits.documents import certificate, certificate_art
from visits.documents.certificate import CertificateContent
from visits.documents.certificate_designs import PARTICIPANT, sheet_of

STYLES = {
    "serif": ("Cormorant Garamond", 500, "normal"),
    "serif-bold": ("Cormorant Garamond", 700, "normal"),
    "serif-italic": ("Cormorant Garamond", 500, "italic"),
    "sans": ("Plus Jakarta Sans", 400, "normal"),
    "sans-bold": ("Plus Jakarta Sans", 600, "normal"),
}
# Web fonts are published in cuts by script; these are the two that Indonesian names need.
CUTS = {"latin": [*range(0x20, 0x100), 0x131, 0x152, 0x153, 0x2013, 0x2014, 0x2019, 0x2022], "latin-ext": [*range(0x100, 0x250)]}


def svg_of_art() -> str:
    """The border, seal and watermark as one SVG document."""
    page = certificate_art.participant_background()
    return page[page.index("<svg") : page.index("</svg>") + 6]


def prepare(directory: Path) -> None:
    """Write what the contestants read: web fonts cut as they are published, and the art. Not measured."""
    for face, name in FACES.items():
        for cut, letters in CUTS.items():
            font = TTFont(FONT_DIR / name)
            options = Options(flavor="woff2", layout_features=["*"])
            subsetter = Subsetter(options)
            subsetter.populate(unicodes=letters)
            subsetter.subset(font)
            font.flavor = "woff2"
            font.save(directory / f"{face}-{cut}.woff2")
    (directory / "art.svg").write_text(svg_of_art(), encoding="utf-8")
    for face, name in FACES.items():
        (directory / f"{face}.ttf").write_bytes((FONT_DIR / name).read_bytes())


def ours(people: list[CertificateContent], directory: Path) -> Iterator[bytes]:
    """The product's own way, tagged PDF/A-3a and PDF/UA-1."""
    yield from certificate.render_certificates(people)


def weasyprint_woff2(people: list[CertificateContent], directory: Path) -> Iterator[bytes]:
    """One ``HTML(string).write_pdf()`` for each delegate with web fonts, tagged PDF/A-3a."""
    sources = {face: [f"{face}-{cut}.woff2" for cut in CUTS] for face in FACES}
    yield from _weasyprint(people, directory, sources)


def weasyprint_ttf(people: list[CertificateContent], directory: Path) -> Iterator[bytes]:
    """The same with static TrueType files."""
    yield from _weasyprint(people, directory, {face: [f"{face}.ttf"] for face in FACES})


def _weasyprint(people: Iterable[CertificateContent], directory: Path, sources: dict[str, list[str]]) -> Iterator[bytes]:
    from weasyprint import HTML

    faces = "".join(
        f"@font-face {{ font-family: '{family}'; font-weight: {weight}; font-style: {style}; src: url({file}) }}"
        for face, (family, weight, style) in STYLES.items()
        for file in sources[face]
    )
    (directory / "paper.css").write_text(
        faces + sheet_of(PARTICIPANT).css + ".art, .qr { position: absolute; left: 0; top: 0 }", encoding="utf-8"
    )
    art = base64.b64encode(svg_of_art().encode()).decode()
    for person in people:
        paper = certificate.paper_of(person)
        code = segno.make_qr(person.verify_url, error="m").svg_inline(scale=2, border=0, title=person.verify_url, svgclass=None)
        html = (
            f'<html lang="id"><head><title>{paper.title}</title><link rel="stylesheet" href="paper.css"></head><body>'
            f'<img class="art" alt="Border" src="data:image/svg+xml;base64,{art}">{paper.body}'
            f'<div class="qr" style="left:39mm; top:158mm">{code}</div></body></html>'
        )
        yield HTML(string=html, base_url=str(directory) + "/").write_pdf(pdf_variant="pdf/a-3a")


def reportlab(people: list[CertificateContent], directory: Path) -> Iterator[bytes]:
    """Every line, text and module placed by hand; no tags, no shaping, no archive format."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont as ReportlabFont
    from reportlab.pdfgen.canvas import Canvas

    for face, name in FACES.items():
        pdfmetrics.registerFont(ReportlabFont(face, str(FONT_DIR / name)))
    millimetre = 72 / 25.4
    shapes = [(HexColor(colour), list(_steps(data))) for colour, data in re.findall(r'<path fill="(#\w+)" d="([^"]+)"', svg_of_art())]
    for person in people:
        kept = BytesIO()
        canvas = Canvas(kept, pagesize=landscape(A4), pageCompression=1)
        canvas.setTitle(person.number)
        canvas.saveState()
        canvas.transform(millimetre, 0, 0, -millimetre, 0, 210 * millimetre)
        for colour, steps in shapes:
            path = canvas.beginPath()
            for step, points in steps:
                {"M": path.moveTo, "L": path.lineTo, "C": path.curveTo, "Z": path.close}[step](*points)
            canvas.setFillColor(colour)
            canvas.drawPath(path, stroke=0, fill=1)
        canvas.setFillColor(HexColor("#2b1717"))
        code = segno.make_qr(person.verify_url, error="m", mask=3, boost_error=False)
        module = 23 / len(code.matrix)
        for row, modules in enumerate(code.matrix):
            for column, dark in enumerate(modules):
                if dark:
                    canvas.rect(39 + column * module, 157.8 + row * module, module, module, stroke=0, fill=1)
        canvas.restoreState()
        for face, size, height, text in lines_of(person):
            canvas.setFont(face, size)
            canvas.drawCentredString(148.5 * millimetre, (210 - height) * millimetre, text)
        canvas.save()
        yield kept.getvalue()


def lines_of(person: CertificateContent) -> list[tuple[str, float, float, str]]:
    """Face, size, distance from the top in millimetres, and text of each line."""
    words = PARTICIPANT.spoken()
    return [
        ("sans-bold", 8.6, 31, person.issuer.upper()),
        ("serif-bold", 39, 59, words["heading"][0].upper()),
        ("serif-italic", 16, 67, words["heading"][1]),
        ("sans", 8.4, 73, f"{words['number'][0]} / {words['number'][1]}: {person.number}"),
        ("serif", 13.5, 82, f"{words['given'][0]} · {words['given'][1]}"),
        ("serif-bold", 28, 99, person.name),
        ("serif", 14.5, 110, person.position),
        ("serif-bold", 15.5, 116, person.organisation),
        ("serif", 13.5, 125, f"{words['deed'][0]} · {words['deed'][1]}"),
        ("serif-bold", 19, 132, person.programme_id),
        ("serif-italic", 14.5, 139, person.programme_en),
        ("serif", 13, 146, f"18 November 2026, {person.venue_id}"),
        ("serif-italic", 13, 151, f"18 November 2026, {person.venue_en}"),
        ("sans", 6.8, 160, words["check"][0]),
        ("sans", 6.8, 164, words["check"][1]),
        ("sans-bold", 6.8, 168, person.verify_url),
        ("serif", 11.5, 174, f"{person.place}, 24 November 2026"),
        ("serif", 11.5, 180, person.issuer),
    ]


def _steps(data: str) -> Iterator[tuple[str, list[float]]]:
    for command, numbers in re.findall(r"([MLCZ])([^MLCZ]*)", data):
        points = [float(number) for number in numbers.replace(",", " ").split()]
        size = {"M": 2, "L": 2, "C": 6, "Z": 0}[command]
        for start in range(0, len(points), size or 1) if size else (0,):
            yield command, points[start : start + size]


def typst(people: list[CertificateContent], directory: Path) -> Iterator[bytes]:
    """Typst's compiler, kept between documents; art and code as SVG, tagged."""
    import json

    import typst as library

    (directory / "paper.typ").write_text(TYPST, encoding="utf-8")
    compiler = library.Compiler(str(directory / "paper.typ"), root=str(directory), font_paths=[str(FONT_DIR)], ignore_system_fonts=True)
    for person in people:
        lines = [{"face": STYLES[face], "size": size, "top": height, "text": text} for face, size, height, text in lines_of(person)]
        code = segno.make_qr(person.verify_url, error="m", mask=3, boost_error=False).svg_inline(border=0, omitsize=True)
        code = code.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
        yield compiler.compile(
            format="pdf",
            sys_inputs={"lines": json.dumps(lines), "code": code, "title": person.number},
            pdf_standards=["a-3a"],
            timestamp=1795478400,
        )


CONTESTANTS = {
    "ours": ours,
    "weasyprint, woff2": weasyprint_woff2,
    "weasyprint, ttf": weasyprint_ttf,
    "reportlab": reportlab,
    "typst": typst,
}
