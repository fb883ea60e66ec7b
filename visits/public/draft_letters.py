"""Letters that are attached to a booking form which is not sent yet."""

import datetime as dt
import uuid

from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from visits.models import SavedDraft

FOLDER = "drafts"


def store(upload: UploadedFile) -> str:
    """Store a letter until the form is sent; returns its name in the private storage."""
    return storages["private"].save(f"{FOLDER}/{uuid.uuid4().hex}.pdf", upload)


def is_stored(name: str) -> bool:
    """Whether a letter is still stored."""
    return name.startswith(f"{FOLDER}/") and storages["private"].exists(name)


def read(name: str, original_name: str) -> UploadedFile | None:
    """The stored letter, or None if it was deleted."""
    if not is_stored(name):
        return None
    with storages["private"].open(name) as file:
        content = file.read()
    return SimpleUploadedFile(original_name, content, content_type="application/pdf")


def delete(name: str) -> None:
    """Delete a stored letter; a missing one is fine."""
    if name.startswith(f"{FOLDER}/"):
        storages["private"].delete(name)


def delete_old(now: dt.datetime, *, older_than: dt.timedelta = dt.timedelta(days=1)) -> int:
    """Delete letters whose form was neither sent nor saved for later; returns how many."""
    storage = storages["private"]
    if not storage.exists(FOLDER):
        return 0
    saved = {values["letter_file"]["stored"] for values in SavedDraft.objects.values_list("values", flat=True) if "letter_file" in values}
    old = [
        name
        for name in storage.listdir(FOLDER)[1]
        if f"{FOLDER}/{name}" not in saved and storage.get_modified_time(f"{FOLDER}/{name}") < now - older_than
    ]
    for name in old:
        storage.delete(f"{FOLDER}/{name}")
    return len(old)
