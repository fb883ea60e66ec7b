"""Signature images and logos of certificates, stored under their hash, so that an earlier paper can be made again unchanged."""

import base64
import hashlib
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils.translation import gettext as _
from PIL import Image

from knowledge_hub.papers import PaperRefused
from knowledge_hub.papers.pictures import MAX_PIXELS, NotAllowed, check_picture

FOLDER = "certificate-pictures"
KINDS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
# 60 mm at 300 dots per inch.
MOST_PIXELS = (708, 354)
MOST_BYTES = 4_000_000
DATA = "data:image/png;base64,"


def clean(uploaded: bytes) -> bytes:
    """A picture as PNG in the resolution for printing, without metadata.

    Raises:
        PaperRefused: it is no PNG or JPEG, damaged, or too large; the text says which, and what to do.
    """
    if len(uploaded) > MOST_BYTES:
        raise PaperRefused(_("The picture is larger than 4 MB."))
    kind = next((kind for beginning, kind in KINDS.items() if uploaded.startswith(beginning)), None)
    if kind is None and b"<svg" in uploaded[:2000].lower():
        raise PaperRefused(_("SVG drawings are not taken, because they can hold programs. Save it as PNG, about 700 pixels wide."))
    if kind is None:
        raise PaperRefused(_("This is not a picture. Choose a picture in PNG or JPEG format."))
    try:
        check_picture(uploaded, kind)
        with Image.open(BytesIO(uploaded)) as picture:
            transparent = picture.mode in {"RGBA", "LA", "P"}
            small = picture.convert("RGBA" if transparent else "RGB")
    except NotAllowed as error:
        raise PaperRefused(
            _("The picture is damaged or has more than %(count)d million pixels. Save a smaller one as PNG, about 700 pixels wide.")
            % {"count": MAX_PIXELS // 1_000_000}
        ) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise PaperRefused(_("The picture is damaged. Save it again as PNG and choose that.")) from error
    small.thumbnail(MOST_PIXELS)
    written = BytesIO()
    small.save(written, "PNG", optimize=True)
    return written.getvalue()


def store(picture: bytes) -> str:
    """Store a cleaned picture; returns its name, which is made from its hash, so that equal pictures are stored once."""
    name = f"{hashlib.sha256(picture).hexdigest()}.png"
    storage = storages["private"]
    if not storage.exists(f"{FOLDER}/{name}"):
        storage.save(f"{FOLDER}/{name}", ContentFile(picture))
    return name


def read(name: str) -> bytes:
    """The stored picture.

    Raises:
        PaperRefused: it is missing, or its content has changed.
    """
    try:
        with storages["private"].open(f"{FOLDER}/{name}") as file:
            content = file.read()
    except OSError as error:
        raise PaperRefused(_("A picture of this certificate is missing: %(name)s") % {"name": name}) from error
    if hashlib.sha256(content).hexdigest() != name.removesuffix(".png"):
        raise PaperRefused(_("A picture of this certificate is damaged: %(name)s") % {"name": name})
    return content


def inline_name(picture: bytes) -> str:
    """A name that contains a cleaned picture itself, for a preview without storing it."""
    return DATA + base64.b64encode(picture).decode()


def data_url(name: str) -> str:
    """The picture as a data URL."""
    return name if name.startswith(DATA) else inline_name(read(name))
