"""Checking what guests upload, and keeping letters while the form is not finished."""

import datetime as dt
import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from knowledge_hub.core.file_types import is_pdf
from visits.models import SavedDraft

DRAFTS = "drafts"
_LOCKED = gettext_lazy("This PDF is locked by a password or against changes. Print it to a new PDF and attach that.")
_ACTIVE = ("/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/XFA")


def check_pdf(upload: UploadedFile) -> None:
    """Refuse what is not a plain PDF letter.

    Raises:
        ValidationError: too large, not a PDF, damaged, locked by a password, or with active content; says what to do.
    """
    if upload.size > settings.VISIT_LETTER_MAX_BYTES:
        raise ValidationError(
            _("The file is larger than %(limit)d MB. Scan it at a lower resolution.")
            % {"limit": settings.VISIT_LETTER_MAX_BYTES // 1024 // 1024}
        )
    if not is_pdf(upload):
        raise ValidationError(_("This file is not a PDF. Save or scan the letter as a PDF and attach that."))
    try:
        reader = PdfReader(upload)
        if reader.is_encrypted:
            raise ValidationError(_LOCKED)
        if not len(reader.pages):
            raise ValidationError(_("This PDF has no pages. Attach the letter again."))
        root = reader.trailer["/Root"]
        names = root.get("/Names", {})
        if any(key in root or key in names for key in (*_ACTIVE, "/OpenAction", "/EmbeddedFiles")) and not _harmless(root, names):
            raise ValidationError(_("This PDF holds scripts or other files. Print it to a new PDF and attach that."))
    except DependencyError as error:
        # Even to see what an AES lock allows needs a library that nothing else here needs.
        raise ValidationError(_LOCKED) from error
    except (PyPdfError, KeyError, ValueError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise ValidationError(_("This PDF is damaged and cannot be read. Save or scan the letter again.")) from error
    finally:
        upload.seek(0)


def _harmless(root, names) -> bool:
    """An OpenAction that only says where to begin reading is what most word processors write."""
    if any(key in root or key in names for key in (*_ACTIVE, "/EmbeddedFiles")):
        return False
    action = root.get("/OpenAction")
    return not hasattr(action, "get") or action.get("/S") in (None, "/GoTo")


def keep_draft(upload: UploadedFile) -> str:
    """Store an upload until the form is sent; returns its name in the private storage."""
    return storages["private"].save(f"{DRAFTS}/{uuid.uuid4().hex}.pdf", upload)


def has_draft(name: str) -> bool:
    """Whether a kept upload is still there."""
    return name.startswith(f"{DRAFTS}/") and storages["private"].exists(name)


def open_draft(name: str, original_name: str) -> UploadedFile | None:
    """The kept upload, or None where it was cleaned away."""
    if not has_draft(name):
        return None
    with storages["private"].open(name) as file:
        content = file.read()
    return SimpleUploadedFile(original_name, content, content_type="application/pdf")


def drop_draft(name: str) -> None:
    """Remove a kept upload; a missing one is fine."""
    if name.startswith(f"{DRAFTS}/"):
        storages["private"].delete(name)


def forget_old_drafts(now: dt.datetime, *, older_than: dt.timedelta = dt.timedelta(days=1)) -> int:
    """Remove uploads whose form was neither sent nor saved for later; returns how many."""
    storage = storages["private"]
    if not storage.exists(DRAFTS):
        return 0
    saved = {values["letter_file"]["stored"] for values in SavedDraft.objects.values_list("values", flat=True) if "letter_file" in values}
    old = [
        name
        for name in storage.listdir(DRAFTS)[1]
        if f"{DRAFTS}/{name}" not in saved and storage.get_modified_time(f"{DRAFTS}/{name}") < now - older_than
    ]
    for name in old:
        storage.delete(f"{DRAFTS}/{name}")
    return len(old)
