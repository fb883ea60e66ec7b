"""The reply letter as a DOCX file, for those who finish it in a word processor. The only module here that knows python-docx."""

from io import BytesIO

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from knowledge_hub.papers.paper import A4_PORTRAIT, F4_PORTRAIT
from visits.documents.office.reply_letter import parts
from visits.domain.replies import LANGUAGE
from visits.models import OfficeSettings
from visits.queries.dossier import Dossier

FONT = "Arial"
LABEL_WIDTH = Mm(24)
SIGN_INDENT = Mm(85)


def reply_docx(dossier: Dossier) -> bytes:
    """The letter of a dossier that has one, with the same parts as the printed one."""
    with override(LANGUAGE):
        content = parts(dossier)
        document = _sheet(dossier.office, content["letter"]["subject"])
        _letterhead(document, dossier.office)
        _top(document, content["letter"], dossier.office)
        _text(document, content)
        _signature(document, content["letter"]["signatory"])
        if content["copies"]:
            heading = pgettext("of a letter", "Copies")
            _paragraph(document, f"{heading}:", before=18)
            for number, copy in enumerate(content["copies"], start=1):
                _paragraph(document, f"{number}. {copy}")
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _sheet(office: OfficeSettings, title: str):
    document = Document()
    width, height = F4_PORTRAIT if office.paper_size == OfficeSettings.PaperSize.F4 else A4_PORTRAIT
    section = document.sections[0]
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin = Mm(16), Mm(18)
    section.left_margin = section.right_margin = Mm(20)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(11)
    style.paragraph_format.space_after = Pt(0)
    document.core_properties.title, document.core_properties.author = title, office.government
    document.core_properties.language = LANGUAGE
    return document


def _paragraph(document, text: str, *, bold=False, size=None, align=None, before=0, indent=None, first=None):
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.bold = bold
    if size:
        run.font.size = Pt(size)
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = Pt(before)
    paragraph.paragraph_format.left_indent = indent
    paragraph.paragraph_format.first_line_indent = first
    return paragraph


def _letterhead(document, office: OfficeSettings) -> None:
    centre = WD_ALIGN_PARAGRAPH.CENTER
    last = _paragraph(document, office.government.upper(), bold=True, size=14, align=centre)
    last = _paragraph(document, office.unit.upper(), bold=True, size=17, align=centre)
    for line in filter(None, (office.address, office.contact)):
        last = _paragraph(document, line, size=9, align=centre)
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "thickThinSmallGap"), ("sz", "24"), ("space", "4"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    last._p.get_or_add_pPr().append(borders)


def _rows(document, rows, *, indent=None) -> None:
    for label, text in rows:
        paragraph = _paragraph(document, f"{label}\t: {text}", indent=indent)
        paragraph.paragraph_format.tab_stops.add_tab_stop((indent or 0) + LABEL_WIDTH)


def _top(document, letter: dict, office: OfficeSettings) -> None:
    place = f"{office.place}, {letter['date']}" if letter["date"] else office.place
    _paragraph(document, place, align=WD_ALIGN_PARAGRAPH.RIGHT, before=12)
    _rows(
        document,
        [
            (pgettext("of a letter", "Number"), letter["number"] or "–"),
            (_("Nature"), letter["nature"]),
            (_("Enclosures"), letter["enclosures"]),
            (_("Subject"), letter["subject"]),
        ],
    )
    salutation = pgettext("salutation", "Yth.")
    _paragraph(document, f"{salutation} {letter['addressee']}", before=14)
    _paragraph(document, pgettext("before the place of the addressee", "in"))
    _paragraph(document, letter["addressee_place"], indent=Mm(8))


def _text(document, content: dict) -> None:
    first = {"align": WD_ALIGN_PARAGRAPH.JUSTIFY, "first": Mm(12), "before": 8}
    for paragraph in content["opening"]:
        _paragraph(document, paragraph, **first)
    _rows(document, content["letter"]["appointment"], indent=Mm(12))
    for paragraph in (*content["paragraphs"], *content["closing"]):
        _paragraph(document, paragraph, **first)


def _signature(document, signatory: dict) -> None:
    _paragraph(document, f"{signatory['position']},", indent=SIGN_INDENT, before=18)
    _paragraph(document, signatory["name"], bold=True, indent=SIGN_INDENT, before=60)
    if signatory["rank"]:
        _paragraph(document, signatory["rank"], indent=SIGN_INDENT)
    if signatory["nip"]:
        _paragraph(document, f"NIP {signatory['nip']}", indent=SIGN_INDENT)
