"""Pictures on papers: what may be one."""

import re
from io import BytesIO

from PIL import Image, UnidentifiedImageError

RASTER_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG"}
MAX_PIXELS = 20_000_000
# Anything in an SVG that loads, runs or expands.
SVG_FORBIDDEN = re.compile(
    rb"<!DOCTYPE|<!ENTITY|<\?xml-stylesheet|<script|<foreignObject|<image|<feImage|@import|\son\w+\s*="
    rb"|href\s*=\s*[\"'](?!#)|url\(\s*[\"']?(?!#)",
    re.IGNORECASE,
)


class NotAllowed(ValueError):
    """The address leads outside, or to something that is not a picture."""


def check_picture(content: bytes, kind: str) -> None:
    """Refuse what is not the picture it claims to be, is enormous, or could load or run something.

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
