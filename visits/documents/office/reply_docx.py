"""The reply letter as a DOCX file, for those who finish it in a word processor. The only module here that knows python-docx."""

from io import BytesIO

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from knowledge_hub.papers.names import without_controls
from visits.documents.office.base import crest_picture
from visits.documents.office.reply_letter import DOCX, parts
from visits.domain.replies import LANGUAGE
from visits.models import OfficeSettings
from visits.queries.dossier import Dossier

FONT = "Arial"
AFTER_BORDERS = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
LABEL_WIDTH, COLON_WIDTH = Mm(24), Mm(4)
CREST_WIDTH = Mm(20)
LONGEST_PROPERTY = 255
SIGN_INDENT = Mm(85)


def reply_docx(dossier: Dossier) -> bytes:
    """The letter of a dossier that has one, with the same parts as the printed one."""
    with override(LANGUAGE):
        content = parts(dossier)
        document = _sheet(dossier.office, content["letter"]["subject"])
        _letterhead(document, dossier.office)
        _top(document, content["letter"], dossier.office)
        last = [*_text(document, content)[-1:], *_signature(document, content["letter"]["signatory"])]
        if content["copies"]:
            heading = pgettext("of a letter", "Copies")
            last.append(_paragraph(document, f"{heading}:", before=14))
            last += [_paragraph(document, f"{number}. {copy}") for number, copy in enumerate(content["copies"], start=1)]
        # No page holds only a signature or only copies.
        for paragraph in last[:-1]:
            paragraph.paragraph_format.keep_with_next = True
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _sheet(office: OfficeSettings, title: str):
    document = Document()
    width, height = DOCX.size_for(office)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin = Mm(16), Mm(18)
    section.left_margin = section.right_margin = Mm(20)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(11)
    style.paragraph_format.space_after = Pt(0)
    # The spelling checker of the reader's program goes by this one, not by the document's property.
    document.styles.element.find(f".//{qn('w:lang')}").set(qn("w:val"), "id-ID")
    document.core_properties.title, document.core_properties.author = without_controls(title)[:LONGEST_PROPERTY], office.government
    document.core_properties.language = LANGUAGE
    return document


def _paragraph(document, text: str, *, bold=False, size=None, align=None, before=0, indent=None, first=None):
    paragraph = document.add_paragraph()
    run = paragraph.add_run(without_controls(text))
    run.bold = bold
    if size:
        run.font.size = Pt(size)
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = Pt(before)
    paragraph.paragraph_format.left_indent = indent
    paragraph.paragraph_format.first_line_indent = first
    return paragraph


def _letterhead(document, office: OfficeSettings) -> None:
    """Crest and words side by side, or the words alone, and the double rule below."""
    crest = crest_picture(office)
    if crest:
        table = document.add_table(rows=1, cols=2)
        table.autofit = False
        beside, words = table.rows[0].cells
        # Programs read either the one or the other.
        for column, cell, width in zip(table.columns, (beside, words), (CREST_WIDTH + Mm(4), Mm(146)), strict=True):
            column.width = cell.width = width
        beside.paragraphs[0].add_run().add_picture(BytesIO(crest), width=CREST_WIDTH)
        _words_of_letterhead(words, office)
        # A cell begins with an empty paragraph.
        words._tc.remove(words.paragraphs[0]._p)
    else:
        _words_of_letterhead(document, office)
    _rule_below(_paragraph(document, "", size=2))


def _words_of_letterhead(place, office: OfficeSettings) -> None:
    centre = WD_ALIGN_PARAGRAPH.CENTER
    _paragraph(place, office.government.upper(), bold=True, size=14, align=centre)
    _paragraph(place, office.unit.upper(), bold=True, size=17, align=centre)
    for line in filter(None, (office.address, office.contact)):
        _paragraph(place, line, size=9, align=centre)


def _rule_below(paragraph) -> None:
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "thickThinSmallGap"), ("sz", "24"), ("space", "4"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    # The schema gives the parts of a paragraph's properties an order; word processors repair or refuse another one.
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *AFTER_BORDERS)


def _rows(document, rows, *, indent=0, labels=LABEL_WIDTH) -> None:
    """Label, colon, text; further lines of the text stand below its beginning."""
    for label, text in rows:
        hanging = labels + COLON_WIDTH
        paragraph = _paragraph(document, f"{label}\t:\t{text}", indent=indent + hanging, first=-hanging)
        paragraph.paragraph_format.tab_stops.add_tab_stop(indent + labels)


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


def _text(document, content: dict) -> list:
    """What the letter says; returns its paragraphs below the appointment."""
    first = {"align": WD_ALIGN_PARAGRAPH.JUSTIFY, "first": Mm(12), "before": 8}
    for paragraph in content["opening"]:
        _paragraph(document, paragraph, **first)
    _rows(document, content["letter"]["appointment"], indent=Mm(12), labels=Mm(32))
    return [_paragraph(document, paragraph, **first) for paragraph in (*content["paragraphs"], *content["closing"])]


def _signature(document, signatory: dict) -> list:
    """Position, room for the signature, name, rank and NIP."""
    nip = signatory["nip"] and f"NIP {signatory['nip']}"
    return [
        _paragraph(document, f"{signatory['position']},", indent=SIGN_INDENT, before=16),
        _paragraph(document, signatory["name"], bold=True, indent=SIGN_INDENT, before=54),
        *(_paragraph(document, text, indent=SIGN_INDENT) for text in (signatory["rank"], nip) if text),
    ]
