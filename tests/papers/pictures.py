"""Compare papers with reference pictures, each of which a person has checked.

To renew them, run the tests with ``RENEW_PICTURES=1`` and check every changed picture before it is committed.
"""

import os
import subprocess
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

DPI = 60
MOST_PAGES = 3
# Versions of Poppler smooth edges differently. After the blur, a shift of a tenth of a millimetre changes about five pixels; a shift of
# a third of a millimetre, or another date in small letters, changes more than fifty.
BLUR, NOTICED = 0.8, 32
MOST_NOTICED = 30


def strip_of(pdf: bytes, directory: Path) -> Image.Image:
    """A picture of the first pages side by side, in grey."""
    source = directory / "reference.pdf"
    source.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(DPI), "-gray", "-png", "-l", str(MOST_PAGES), source, directory / "reference"], check=True)
    pages = [Image.open(path) for path in sorted(directory.glob("reference-*.png"))]
    strip = Image.new("L", (sum(page.width + 4 for page in pages) - 4, max(page.height for page in pages)), 128)
    left = 0
    for page in pages:
        strip.paste(page, (left, 0))
        left += page.width + 4
        page.close()
    return strip


def difference(one: Image.Image, other: Image.Image) -> int:
    """The number of pixels that are noticeably different; all pixels if the sizes differ."""
    if one.size != other.size:
        return one.width * one.height
    blurred = [picture.convert("L").filter(ImageFilter.GaussianBlur(BLUR)) for picture in (one, other)]
    return sum(ImageChops.difference(*blurred).histogram()[NOTICED:])


def assert_looks_as_before(pdf: bytes, reference: Path, directory: Path) -> None:
    """Fail if a paper differs from its reference picture; with RENEW_PICTURES set, write the picture instead."""
    strip = strip_of(pdf, directory)
    if os.environ.get("RENEW_PICTURES"):
        reference.parent.mkdir(parents=True, exist_ok=True)
        # Sixteen greys are enough for checking, and make the file small.
        strip.quantize(16).save(reference, optimize=True)
        return
    assert reference.exists(), f"{reference.name} is missing: make it with RENEW_PICTURES=1 and check it"
    with Image.open(reference) as kept:
        dots = difference(strip, kept)
    if dots > MOST_NOTICED:
        strip.save(directory / f"now-{reference.name}")
    assert dots <= MOST_NOTICED, f"{reference.name} differs ({dots} pixels): compare {directory / f'now-{reference.name}'}"
