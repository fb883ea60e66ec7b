"""Files that staff and speakers add to a visit: slides and photos are checked, renamed and cleaned before they are stored."""

import uuid
from collections.abc import Sequence
from io import BytesIO
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from knowledge_hub.core import file_types
from knowledge_hub.core.uploads import virus_scanner
from knowledge_hub.core.uploads.safe import make_safe
from knowledge_hub.papers.pictures import NotAllowed, check_picture
from visits.domain.file_names import file_name

MATERIAL_MAX_BYTES = 25 * 1024 * 1024
MATERIAL_KINDS = ("pdf", "pptx", "odp", "docx", "xlsx")
MATERIAL_ENDINGS = ", ".join(f".{kind}" for kind in MATERIAL_KINDS)


def check_material(upload: UploadedFile, *, kinds: Sequence[str] = MATERIAL_KINDS) -> tuple[UploadedFile, str]:
    """The upload, made safe, with a random name, and its readable name.

    Args:
        kinds: endings of the files that are taken.

    Raises:
        ValidationError: it is too large, not of the kind that its name says, or :func:`make_safe` refuses it; says what to do.
    """
    name = upload.name or ""
    ending = file_types.ending_of(name)
    if ending not in kinds:
        endings = ", ".join(f".{kind}" for kind in kinds)
        raise ValidationError(_("Choose slides or a document of one of these kinds: %(endings)s.") % {"endings": endings})
    if upload.size is None or upload.size > MATERIAL_MAX_BYTES:
        raise ValidationError(
            _("The file is larger than %(limit)d MB. Save it with smaller pictures, or as PDF.")
            % {"limit": MATERIAL_MAX_BYTES // 1024 // 1024}
        )
    if not file_types.is_what_it_says(upload):
        raise ValidationError(_("This file is not what its name says, or it is damaged. Save it again, for example as PDF."))
    make_safe(upload)
    known = file_name(PurePath(name).stem or "materi", ending)
    upload.name = f"{uuid.uuid4().hex}.{ending}"
    return upload, known


PHOTO_MAX_BYTES = 12_000_000
PHOTO_MAX_SIDE = 1600


def clean_photo(upload: UploadedFile) -> ContentFile:
    """A photo turned upright, at most 1600 pixels on its longer side, as a new JPEG with a random name.

    Only pixels are kept: place, time and device that cameras write into the file are removed.

    Raises:
        ValidationError: it is not a PNG or JPEG, larger than 12 MB, or infected.
    """
    if upload.size is None or upload.size > PHOTO_MAX_BYTES:
        raise ValidationError(_("The photo is larger than 12 MB. Choose a smaller one."))
    virus_scanner.scan(upload)
    upload.seek(0)
    content = upload.read()
    try:
        check_picture(content, "image/png" if content.startswith(b"\x89PNG") else "image/jpeg")
    except NotAllowed as error:
        raise ValidationError(_("Choose a photo in PNG or JPEG format.")) from error
    with Image.open(BytesIO(content)) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((PHOTO_MAX_SIDE, PHOTO_MAX_SIDE))
    written = BytesIO()
    upright.save(written, "JPEG", quality=85)
    return ContentFile(written.getvalue(), name=f"{uuid.uuid4().hex}.jpg")


PHOTO_KINDS = ("jpg", "jpeg", "png")


def check_evidence(upload: UploadedFile) -> File:
    """A photo or document that a guest sends as evidence, made safe, with a random name. Raises ValidationError as the two above do."""
    if file_types.ending_of(upload.name or "") in PHOTO_KINDS:
        return clean_photo(upload)
    return check_material(upload)[0]
