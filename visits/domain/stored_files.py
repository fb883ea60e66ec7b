"""Deleting files whose row is gone."""

from functools import partial

from django.db import transaction
from django.db.models.fields.files import FieldFile


def delete_after_commit(file: FieldFile) -> None:
    """Delete a stored file once the caller's transaction is committed, so that a rollback loses nothing. An empty field is fine."""
    if file.name:
        transaction.on_commit(partial(file.storage.delete, file.name))
