"""Signature images and logos of certificates: kept under their hash, so that a paper can always be made again as it was."""

import base64
import hashlib
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils.translation import gettext as _
from PIL import Image

from knowledge_hub.papers import PaperRefused
from knowledge_hub.papers.pictures import NotAllowed, check_picture

FOLDER = "certificate-pictures"
KINDS = {"PNG": "image/png", "JPEG": "image/jpeg"}
# 60 mm at 300 dots per inch.
MOST_PIXELS = (708, 354)
MOST_BYTES = 4_000_000


def keep(uploaded: bytes) -> str:
    """Check a picture, make it as large as print needs, and keep it.

    Returns:
        Its name, from its hash: the same picture is kept once.

    Raises:
        PaperRefused: it is no PNG or JPEG, or enormous.
    """
    if len(uploaded) > MOST_BYTES:
        raise PaperRefused(_("The picture is larger than 4 MB."))
    kind = KINDS["PNG"] if uploaded.startswith(b"\x89PNG") else KINDS["JPEG"]
    try:
        check_picture(uploaded, kind)
    except NotAllowed as error:
        raise PaperRefused(_("Choose a picture in PNG or JPEG format.")) from error
    with Image.open(BytesIO(uploaded)) as picture:
        transparent = picture.mode in {"RGBA", "LA", "P"}
        small = picture.convert("RGBA" if transparent else "RGB")
    small.thumbnail(MOST_PIXELS)
    written = BytesIO()
    # Written anew: nothing that the file carried beside its pixels comes along.
    small.save(written, "PNG", optimize=True)
    content = written.getvalue()
    name = f"{hashlib.sha256(content).hexdigest()}.png"
    storage = storages["private"]
    if not storage.exists(f"{FOLDER}/{name}"):
        storage.save(f"{FOLDER}/{name}", ContentFile(content))
    return name


def read(name: str) -> bytes:
    """The picture as it was kept.

    Raises:
        PaperRefused: it is gone, or is not what was kept.
    """
    try:
        with storages["private"].open(f"{FOLDER}/{name}") as file:
            content = file.read()
    except OSError as error:
        raise PaperRefused(_("A picture of this certificate is missing: %(name)s") % {"name": name}) from error
    if hashlib.sha256(content).hexdigest() != name.removesuffix(".png"):
        raise PaperRefused(_("A picture of this certificate is damaged: %(name)s") % {"name": name})
    return content


def data_url(name: str) -> str:
    """The picture as an address that holds it."""
    return f"data:image/png;base64,{base64.b64encode(read(name)).decode()}"
