"""Slides and handouts of an agenda item: kept as they were shown, whatever happens to the original afterwards."""

import re
import uuid
import zipfile
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

MOST_BYTES = 25 * 1024 * 1024
BEGINNINGS = {"pdf": b"%PDF-", "pptx": b"PK\x03\x04", "odp": b"PK\x03\x04", "docx": b"PK\x03\x04", "xlsx": b"PK\x03\x04"}
ENDINGS = ", ".join(f".{ending}" for ending in BEGINNINGS)


def checked(upload: UploadedFile) -> tuple[UploadedFile, str]:
    """The file under a random name, and the name that people know it by.

    Raises:
        ValidationError: it is too large, of another kind than its name says, or holds macros; says what to do.
    """
    path = PurePath(upload.name)
    ending = path.suffix.lower().removeprefix(".")
    if ending not in BEGINNINGS:
        raise ValidationError(_("Choose slides or a document of one of these kinds: %(endings)s.") % {"endings": ENDINGS})
    if upload.size > MOST_BYTES:
        raise ValidationError(
            _("The file is larger than %(limit)d MB. Save it with smaller pictures, or as PDF.") % {"limit": MOST_BYTES // 1024 // 1024}
        )
    upload.seek(0)
    if not upload.read(8).startswith(BEGINNINGS[ending]):
        raise ValidationError(_("This file is not what its name says, or it is damaged. Save it again, for example as PDF."))
    if ending != "pdf" and _holds_macros(upload):
        raise ValidationError(_("This file is damaged or holds macros. Save it again without macros, for example as PDF."))
    upload.seek(0)
    upload.name = f"{uuid.uuid4().hex}.{ending}"
    known = re.sub(r"[^\w.,() -]+", "-", path.stem).strip("-. ")[:100] or "materi"
    return upload, f"{known}.{ending}"


def _holds_macros(upload: UploadedFile) -> bool:
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload) as archive:
            return any("vbaproject" in name.lower() or name.lower().startswith("basic/") for name in archive.namelist())
    except zipfile.BadZipFile:
        return True
