"""Requirements of PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1) that can be checked without a full validator.

veraPDF, which checks all rules, is packaged neither for Debian nor for Python; docs/certificates.md says when it was run.
"""

import io
import re

import pikepdf

HEADING = re.compile(r"/H([1-6])$")
FORBIDDEN_FILTERS = {"/LZWDecode", "/Crypt"}
FORBIDDEN_ACTIONS = {"/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/JavaScript", "/Hide", "/SetOCGState", "/Rendition"}
BLEND_MODES = {"/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten"}


def assert_conforms(pdf: bytes, *, language: str, attachments: int = 0) -> None:
    """Fail with the first requirement that a PDF does not meet.

    Args:
        pdf: the file.
        language: the expected language, a BCP 47 tag.
        attachments: the expected number of attached files.
    """
    _check_file(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert not document.check_pdf_syntax(), "qpdf finds nothing wrong"
        _check_identity(document, language)
        _check_colours(document)
        _check_objects(document)
        _check_fonts(document)
        _check_attachments(document, attachments)
        _check_tags(document)
        _check_annotations(document)


def _check_file(pdf: bytes) -> None:
    header, comment = pdf.split(b"\n", 2)[:2]
    assert re.fullmatch(rb"%PDF-1\.[4-7]", header), "PDF/A-3 is PDF 1.7"
    assert comment.startswith(b"%"), "6.1.2: a comment of bytes above 127 follows the header"
    assert min(comment[1:5]) > 127, "6.1.2: a comment of bytes above 127 follows the header"


def _check_identity(document: pikepdf.Pdf, language: str) -> None:
    assert "/Encrypt" not in document.trailer
    assert len(document.trailer.ID) == 2, "6.1.3: the file has an identifier"
    metadata = document.open_metadata()
    assert metadata.pdfa_status == "3A"
    assert metadata["pdfuaid:part"] == "1"
    assert metadata["dc:title"], "PDF/UA 7.1: a title"
    assert metadata["dc:title"] == str(document.docinfo.Title), "title of metadata and document information are equal"
    assert "pdfuaid" in str(document.Root.Metadata.read_bytes()), "the namespace is described in the extension schema"
    assert document.Root.MarkInfo.Marked
    assert not document.Root.MarkInfo.get("/Suspects", False)
    assert document.Root.ViewerPreferences.DisplayDocTitle
    assert str(document.Root.Lang) == language
    assert not {"/OpenAction", "/AA"} & set(document.Root.keys()), "no actions"
    assert "/JavaScript" not in document.Root.get("/Names", {})


def _check_colours(document: pikepdf.Pdf) -> None:
    [intent] = document.Root.OutputIntents
    assert intent.S == "/GTS_PDFA1"
    profile = intent.DestOutputProfile
    assert profile.N == 3
    assert profile.read_bytes()[36:40] == b"acsp", "an ICC profile"
    assert profile.read_bytes()[16:20] == b"RGB "


def _check_objects(document: pikepdf.Pdf) -> None:
    for item in document.objects:
        if isinstance(item, pikepdf.Stream):
            filters = item.get("/Filter", [])
            names = {str(name) for name in (filters if isinstance(filters, pikepdf.Array) else [filters])}
            assert not names & FORBIDDEN_FILTERS
            assert not item.get("/Interpolate", False), "6.2.8: no image is smoothed"
            assert "/F" not in item, "6.1.7: no stream is in another file"
            assert item.get("/Subtype") != "/PS", "6.2.9: no PostScript"
        if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            assert str(item.get("/S", "")) not in FORBIDDEN_ACTIONS
            assert str(item.get("/BM", "/Normal")) in BLEND_MODES
            assert not {"/TR", "/HTP"} & set(item.keys()), "6.2.5: no transfer functions"


def _check_fonts(document: pikepdf.Pdf) -> None:
    found = 0
    for item in document.objects:
        if not isinstance(item, pikepdf.Dictionary) or item.get("/Type") != "/Font" or "/DescendantFonts" not in item:
            continue
        found += 1
        name = str(item.BaseFont)
        [descendant] = item.DescendantFonts
        descriptor = descendant.FontDescriptor
        assert re.match(r"/[A-Z]{6}\+", name), f"{name} is a subset"
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor, f"6.2.11.4: {name} is embedded"
        assert b"beginbf" in item.ToUnicode.read_bytes(), f"6.2.11.7: {name} maps glyphs to letters"
        assert item.Encoding in ("/Identity-H", "/Identity-V")
        if descendant.Subtype == "/CIDFontType2":
            assert "/CIDToGIDMap" in descendant, f"6.2.11.3.2: {name}"
    assert found, "a paper has fonts"


def _check_attachments(document: pikepdf.Pdf, count: int) -> None:
    associated = list(document.Root.get("/AF", []))
    assert len(associated) == len(document.attachments) == count
    for one in associated:
        assert one.AFRelationship in ("/Data", "/Source", "/Alternative", "/Supplement", "/Unspecified"), "6.8"
        assert one.F
        assert str(one.Desc), "what the file is"
        assert one.UF
        assert one.EF.F.Subtype, "6.8: the kind of the file"
        assert one.EF.F.Params.ModDate


def _check_tags(document: pikepdf.Pdf) -> None:
    tree = document.Root.StructTreeRoot
    assert "/ParentTree" in tree
    level, has_heading = 0, False
    for element in _elements(tree.K):
        kind = _standard(str(element.S), tree)
        heading = HEADING.match(kind)
        if heading:
            assert int(heading[1]) <= level + 1, "PDF/UA 7.4.2: no heading level is skipped"
            level, has_heading = int(heading[1]), True
        if kind == "/Figure":
            assert str(element.get("/Alt", "")).strip(), "PDF/UA 7.3: a figure has an alternative text"
        if kind == "/Table":
            _check_table(element, tree)
    assert has_heading or not document.Root.get("/Outlines"), "a paper with an outline has headings"
    for page in document.pages:
        if "/Annots" in page:
            assert page.get("/Tabs") == "/S", "PDF/UA 7.18.3: the tab order follows the structure"
        assert "/StructParents" in page
        _check_marks(page)


def _check_table(table: pikepdf.Object, tree: pikepdf.Object) -> None:
    """PDF/UA 7.5: cells refer to their headers."""
    cells = [(_standard(str(cell.S), tree), cell) for cell in _elements(table.K)]
    headers = {str(cell.ID) for kind, cell in cells if kind == "/TH"}
    assert headers, "a table has headers; layout does not use tables"
    for kind, cell in cells:
        if kind == "/TD":
            named = {str(one) for one in cell.A.get("/Headers", [])}
            assert named, "a cell belongs to a header"
            assert named <= headers


def _check_marks(page: pikepdf.Page) -> None:
    """PDF/UA 7.1: all drawing operators are either tagged or inside an artifact."""
    depth = 0
    drawing = {"Tj", "TJ", "'", '"', "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "INLINE IMAGE"}
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator in ("BMC", "BDC"):
            depth += 1
        elif operator == "EMC":
            depth -= 1
        elif operator in drawing:
            assert depth > 0, f"{operator} is outside of marked content"


def _check_annotations(document: pikepdf.Pdf) -> None:
    for page in document.pages:
        for annotation in page.get("/Annots", []):
            hidden = annotation.get("/Subtype") == "/Widget" and [float(side) for side in annotation.Rect] == [0, 0, 0, 0]
            assert int(annotation.get("/F", 0)) & 4, "6.3.2: printed"
            assert not int(annotation.F) & (1 | 2 | 32) or hidden, "6.3.2: not hidden"
            if annotation.Subtype == "/Link":
                assert str(annotation.get("/Contents", "")).strip(), "PDF/UA 7.18.5: a link has a description"
                assert "/StructParent" in annotation


def _elements(kids):
    """Yield all structure elements below, in reading order."""
    if isinstance(kids, pikepdf.Array):
        for kid in kids:
            yield from _elements(kid)
    elif isinstance(kids, pikepdf.Dictionary) and "/S" in kids:
        yield kids
        yield from _elements(kids.get("/K", pikepdf.Array()))


def _standard(kind: str, tree: pikepdf.Object) -> str:
    """The standard structure type to which the role map maps a type."""
    roles = tree.get("/RoleMap", pikepdf.Dictionary())
    return str(roles.get(kind, kind))
