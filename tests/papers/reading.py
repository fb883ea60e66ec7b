"""Read PDFs with other programs than those that wrote them."""

import io
import re
import subprocess
from pathlib import Path

import pikepdf
from pypdf import PdfReader


def text_of(pdf: bytes) -> str:
    """The text of all pages, with single spaces."""
    return " ".join(texts_of_pages(pdf))


def texts_of_pages(pdf: bytes) -> list[str]:
    """The text of each page, with single spaces."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def picture_of(pdf: bytes, directory: Path, *, dpi: int = 100) -> Path:
    """Render the first page with poppler; returns the PNG file."""
    source = directory / "paper.pdf"
    source.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", "-singlefile", source, directory / "paper"], check=True)
    return directory / "paper.png"


def qr_code_of(pdf: bytes, directory: Path, *, dpi: int = 100) -> str:
    """The content of the QR code on the rendered first page."""
    picture = picture_of(pdf, directory, dpi=dpi)
    return subprocess.run(["zbarimg", "--quiet", "--raw", picture], check=True, capture_output=True, text=True).stdout.strip()


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Names of the fonts, and whether each is embedded and has a mapping to text."""
    found = {}
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for item in document.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font" and item.get("/Subtype") == "/Type0":
                descriptor = item.DescendantFonts[0].FontDescriptor
                embedded = any(key in descriptor for key in ("/FontFile2", "/FontFile3"))
                found[str(item.BaseFont).split("+")[-1]] = embedded and "/ToUnicode" in item
    return found


def structure_of(pdf: bytes) -> list[tuple[str, str]]:
    """The type and alternative text of each structure element, in reading order."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        found = []

        def walk(element):
            if isinstance(element, pikepdf.Array):
                for part in element:
                    walk(part)
            elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
                found.append((str(element.S), str(element.get("/Alt", ""))))
                walk(element.get("/K", pikepdf.Array()))

        walk(document.Root.StructTreeRoot.K)
        return found


def text_extent(pdf: bytes) -> tuple[float, float]:
    """The left and right edge of all words on all pages, in points, measured by poppler."""
    words = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    edges = re.findall(r'<word xMin="([\d.-]+)" yMin="[\d.-]+" xMax="([\d.-]+)"', words)
    return min(float(left) for left, _ in edges), max(float(right) for _, right in edges)


def spoken_in_order(pdf: bytes) -> list[str]:
    """The text of each structure element of the first page in the order of the tree, as a screen reader reads it; read by poppler."""
    read = subprocess.run(["pdfinfo", "-struct-text", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    # Remove object numbers of annotations and header cells, which vary.
    lines = [re.sub(r"\d+-\d+-\d+", "", line).strip() for line in read.splitlines()]
    return [line for line in lines if line and not line.startswith("Object ")]
