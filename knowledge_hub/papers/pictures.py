"""Checks of pictures for papers."""

import re
from io import BytesIO

from PIL import Image, UnidentifiedImageError

RASTER_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG"}
MAX_PIXELS = 20_000_000
# Parts of an SVG that load or run something, or that expand.
SVG_FORBIDDEN = re.compile(
    rb"<!DOCTYPE|<!ENTITY|<\?xml-stylesheet|<script|<foreignObject|<image|<feImage|@import|\son\w+\s*="
    rb"|href\s*=\s*[\"'](?!#)|url\(\s*[\"']?(?!#)",
    re.IGNORECASE,
)


class NotAllowed(ValueError):
    """The address is outside our folders, or the file is not an allowed picture."""


def check_picture(content: bytes, kind: str) -> None:
    """Refuse a file of another type, with too many pixels, or an SVG that could load or run something.

    Raises:
        NotAllowed: with the reason.
    """
    if kind == "image/svg+xml":
        if SVG_FORBIDDEN.search(content) or b"\0" in content:
            raise NotAllowed("an SVG that loads or runs something")
        return
    try:
        with Image.open(BytesIO(content), formats=[RASTER_FORMATS[kind]]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise NotAllowed("too many pixels")
            picture.verify()
    except (UnidentifiedImageError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAllowed("not a picture") from error
