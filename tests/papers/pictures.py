"""Reference pictures of papers: a person has looked at each. A paper that looks otherwise fails until somebody looks again.

To renew them: ``RENEW_PICTURES=1`` before the tests, then look at every changed picture before it is committed.
"""

import os
import subprocess
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

DPI = 60
MOST_PAGES = 3
# Poppler's versions smooth edges differently: after a blur, what moved by a tenth of a millimetre counts five dots or so, what
# moved by a third of one or another date in small letters more than fifty.
BLUR, NOTICED = 0.8, 32
MOST_NOTICED = 30


def strip_of(pdf: bytes, directory: Path) -> Image.Image:
    """The first pages side by side, in grey."""
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
    """How many dots a person would notice as different; all of them for pictures of another size."""
    if one.size != other.size:
        return one.width * one.height
    blurred = [picture.convert("L").filter(ImageFilter.GaussianBlur(BLUR)) for picture in (one, other)]
    return sum(ImageChops.difference(*blurred).histogram()[NOTICED:])


def assert_looks_as_before(pdf: bytes, reference: Path, directory: Path) -> None:
    """Compare with the reference picture; with RENEW_PICTURES set, write it instead."""
    strip = strip_of(pdf, directory)
    if os.environ.get("RENEW_PICTURES"):
        reference.parent.mkdir(parents=True, exist_ok=True)
        # Sixteen greys are enough to look at, and a fraction of the size.
        strip.quantize(16).save(reference, optimize=True)
        return
    assert reference.exists(), f"{reference.name} is missing: make it with RENEW_PICTURES=1 and look at it"
    with Image.open(reference) as kept:
        dots = difference(strip, kept)
    if dots > MOST_NOTICED:
        strip.save(directory / f"now-{reference.name}")
    assert dots <= MOST_NOTICED, f"{reference.name} looks otherwise ({dots} dots): compare {directory / f'now-{reference.name}'}"
