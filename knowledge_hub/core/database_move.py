"""Moves the data of the site from one database to another, and its files from one storage to another, and compares both sides."""

import hashlib
from collections.abc import Iterator
from itertools import islice, zip_longest
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.core.files.storage import Storage
from django.core.management.color import no_style
from django.db import Error, connections, transaction
from django.db.models import Model

from knowledge_hub.core.backups import file_names

CHUNK = 500
SEARCH = "wagtailsearch"
"""The tables of the databases' own searches, which differ and are rebuilt."""


class MoveRefused(Exception):
    """A move that cannot begin or whose sides differ; the sentence says what to do. Nothing was moved."""


def tables() -> list[type[Model]]:
    """The models of all tables that are moved, those of many-to-many fields included."""
    models = apps.get_models(include_auto_created=True)
    return [model for model in models if model._meta.managed and not model._meta.proxy and model._meta.app_label != SEARCH]


def copy_rows(source: str, target: str) -> dict[str, int]:
    """Replace all rows of a migrated, unused database by those of another one, in one transaction, and compare them.

    Nobody writes to a source on SQLite meanwhile: its write lock is held.

    Args:
        source: alias of the database to read.
        target: alias of the database to fill.

    Returns:
        The number of rows by table.

    Raises:
        MoveRefused: the target is used already, cannot hold a row, or holds something else afterwards.
    """
    models = tables()
    if used := [model for model in models if _is_content(model) and model._base_manager.using(target).exists()]:
        raise MoveRefused(f"The new database is used already: {used[0]._meta.db_table} has rows. Give an empty one.")
    counts = {}
    try:
        with transaction.atomic(using=source), transaction.atomic(using=target):
            _empty(models, target)
            for model in models:
                counts[model._meta.db_table] = _copy_table(model, source, target)
            for statement in connections[target].ops.sequence_reset_sql(no_style(), models):
                with connections[target].cursor() as cursor:
                    cursor.execute(statement)
            for model in models:
                _compare(model, source, target)
    except Error as error:
        raise MoveRefused(f"The new database refuses a row: {error}") from error
    return counts


def _is_content(model: type[Model]) -> bool:
    """Whether rows of a model come from people, not from migrations."""
    return model._meta.label in ("visits.Visit", "knowledge_hub.User")


def _empty(models: list[type[Model]], alias: str) -> None:
    """Delete what migrations wrote."""
    connection = connections[alias]
    names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names} CASCADE")


def _copy_table(model: type[Model], source: str, target: str) -> int:
    fields, copied = model._meta.local_concrete_fields, 0
    names = [field.attname for field in fields]
    rows = model._base_manager.using(source).order_by("pk").values_list(*names).iterator(chunk_size=CHUNK)
    while chunk := [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in islice(rows, CHUNK)]:
        # As Django loads fixtures, with save_base(raw=True): this table alone, and every value as it is stored, encrypted ones too.
        model._base_manager.using(target)._insert(chunk, fields=fields, using=target, raw=True)  # type: ignore[attr-defined]  # unknown to the stubs
        copied += len(chunk)
    return copied


def _compare(model: type[Model], source: str, target: str) -> None:
    for one, other in zip_longest(_values(model, source), _values(model, target)):
        if one != other:
            raise MoveRefused(f"{model._meta.db_table} differs after the move: row {(one or other)[0]}. Nothing was moved; report this.")


def _values(model: type[Model], alias: str) -> Iterator[tuple[Any, ...]]:
    columns = [model._meta.pk.attname, *(field.attname for field in model._meta.local_concrete_fields)]
    return model._base_manager.using(alias).order_by("pk").values_list(*columns).iterator(chunk_size=CHUNK)


def copy_files(source: Storage, target: Storage) -> int:
    """Copy all files of a storage to another one under the same names, and compare them; returns how many there are.

    Files that are there already, as after an interrupted copy, are kept if they are the same.

    Raises:
        MoveRefused: the target has another file of that name.
    """
    copied = 0
    for name in file_names(source):
        if not target.exists(name):
            with source.open(name) as file:
                target.save(name, file)
        if _digest(source, name) != _digest(target, name):
            raise MoveRefused(f"The new storage has another file {name}. Empty it, then move again.")
        copied += 1
    return copied


def _digest(storage: Storage, name: str) -> str:
    with storage.open(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
