"""Slides and handouts of an agenda item: kept as they were shown, whatever happens to the original afterwards."""

import uuid
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from knowledge_hub.core import file_types
from visits.domain.file_names import file_name

MOST_BYTES = 25 * 1024 * 1024
KINDS = ("pdf", "pptx", "odp", "docx", "xlsx")
ENDINGS = ", ".join(f".{kind}" for kind in KINDS)


def checked(upload: UploadedFile) -> tuple[UploadedFile, str]:
    """The file under a random name, and the name that people know it by.

    Raises:
        ValidationError: it is too large, of another kind than its name says, or holds macros; says what to do.
    """
    ending = file_types.ending_of(upload.name)
    if ending not in KINDS:
        raise ValidationError(_("Choose slides or a document of one of these kinds: %(endings)s.") % {"endings": ENDINGS})
    if upload.size > MOST_BYTES:
        raise ValidationError(
            _("The file is larger than %(limit)d MB. Save it with smaller pictures, or as PDF.") % {"limit": MOST_BYTES // 1024 // 1024}
        )
    if not file_types.is_what_it_says(upload):
        raise ValidationError(_("This file is not what its name says, or it is damaged. Save it again, for example as PDF."))
    if file_types.has_macros(upload):
        raise ValidationError(_("This file holds macros. Save it again without macros, for example as PDF."))
    known = file_name(PurePath(upload.name).stem or "materi", ending)
    upload.name = f"{uuid.uuid4().hex}.{ending}"
    return upload, known
