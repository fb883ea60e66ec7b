"""Letters attached to unfinished requests, in the private storage until the request is sent."""

import datetime as dt
import uuid

from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from visits.models import SavedDraft

FOLDER = "drafts"
STORED_FOR = dt.timedelta(days=1)
"""How long a letter is stored whose request was neither sent nor saved."""


def store(upload: UploadedFile) -> str:
    """Store a letter until the request is sent; returns its name in the private storage."""
    return storages["private"].save(f"{FOLDER}/{uuid.uuid4().hex}.pdf", upload)


def is_stored(name: str) -> bool:
    """Whether a letter is still stored."""
    return name.startswith(f"{FOLDER}/") and storages["private"].exists(name)


def read(name: str, original_name: str) -> UploadedFile | None:
    """The stored letter under its original name, or None if it was deleted."""
    if not is_stored(name):
        return None
    with storages["private"].open(name) as file:
        content = file.read()
    return SimpleUploadedFile(original_name, content, content_type="application/pdf")


def delete(name: str) -> None:
    """Delete a stored letter; a missing one is fine."""
    if name.startswith(f"{FOLDER}/"):
        storages["private"].delete(name)


def delete_old(now: dt.datetime) -> int:
    """Delete letters that are older than STORED_FOR and belong to no saved request; returns how many."""
    storage = storages["private"]
    if not storage.exists(FOLDER):
        return 0
    saved = {values["letter_file"]["stored"] for values in SavedDraft.objects.values_list("values", flat=True) if "letter_file" in values}
    names = [f"{FOLDER}/{name}" for name in storage.listdir(FOLDER)[1]]
    old = [name for name in names if name not in saved and storage.get_modified_time(name) < now - STORED_FOR]
    for name in old:
        storage.delete(name)
    return len(old)
