"""Photos of the day: only pixels are kept. What cameras write beside them (place, time, device) is dropped."""

import uuid
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from knowledge_hub.papers.pictures import NotAllowed, check_picture

MOST_BYTES = 12_000_000
LONGEST_SIDE = 1600


def cleaned(upload: UploadedFile) -> ContentFile:
    """A photo turned upright, at most 1600 pixels on its longer side, written anew as JPEG under a random name.

    Raises:
        ValidationError: it is no PNG or JPEG, or larger than 12 MB.
    """
    if upload.size > MOST_BYTES:
        raise ValidationError(_("The photo is larger than 12 MB. Choose a smaller one."))
    upload.seek(0)
    content = upload.read()
    try:
        check_picture(content, "image/png" if content.startswith(b"\x89PNG") else "image/jpeg")
    except NotAllowed as error:
        raise ValidationError(_("Choose a photo in PNG or JPEG format.")) from error
    with Image.open(BytesIO(content)) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    written = BytesIO()
    upright.save(written, "JPEG", quality=85)
    return ContentFile(written.getvalue(), name=f"{uuid.uuid4().hex}.jpg")
