"""Rows of several tables in one query: each list of rows comes as JSON in a column of the query for its owner.

A page that shows the letters, messages, tasks, … of one row would otherwise make a query for each of them.
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.db import models
from django.db.models import F, JSONField, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from knowledge_hub.models import User
from visits.models.encrypted import EncryptedTextField

Related = Mapping[str, "Related"]
"""Names of foreign keys that are read too, each with those of its own model."""

_ONLY: dict[type[models.Model], frozenset[str]] = {User: frozenset({"id", "username", "first_name", "last_name", "email", "is_active"})}
"""Fields that are read of some models; of the others, all but encrypted ones."""


class RowsAsJSON(Subquery):
    """The rows of a query with an OuterRef, in its order, as one JSON list; unfold() makes model instances of them again.

    Args:
        rows: the query.
        related: foreign keys that are read too.
        computed: annotations of the query that are read too; they become attributes.
        without: long fields that nobody needs here.
    """

    output_field = JSONField()

    def __init__(self, rows: QuerySet, *, related: Related | None = None, computed: tuple[str, ...] = (), without: tuple[str, ...] = ()):
        self.model, self.related, self.computed, self.without = rows.model, related or {}, computed, without
        columns = {**_columns(rows.model, self.related), **{name: F(name) for name in computed}}
        for name in without:
            del columns[name]
        super().__init__(rows.values(as_json=JSONObject(**columns)))

    def as_sqlite(self, compiler, connection, **context: Any):
        """SQLite keeps JSON as text: json() tells that a text is JSON."""
        template = "(SELECT json_group_array(json(item.as_json)) FROM (%(subquery)s) AS item)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler, connection, **context: Any):
        """PostgreSQL gives NULL for no rows."""
        template = "(SELECT COALESCE(jsonb_agg(item.as_json), '[]'::jsonb) FROM (%(subquery)s) AS item)"
        return self.as_sql(compiler, connection, template=template, **context)

    def unfold(self, rows: list[dict]) -> list:
        """Model instances of the rows, with what was read of their foreign keys."""
        return [_instance(self.model, row, self.related, self.computed) for row in rows or ()]


@cache
def _fields(model: type[models.Model]) -> tuple[models.Field, ...]:
    """Fields that are read of a model, in the order of its table."""
    only = _ONLY.get(model)
    return tuple(
        field
        for field in model._meta.concrete_fields
        if not isinstance(field, EncryptedTextField) and (only is None or field.attname in only)
    )


def _columns(model: type[models.Model], related: Related, prefix: str = "") -> dict[str, Combinable]:
    columns: dict[str, Combinable] = {field.attname: F(f"{prefix}{field.attname}") for field in _fields(model)}
    for name, further in related.items():
        target = model._meta.get_field(name).related_model
        columns[name] = JSONObject(**_columns(target, further, f"{prefix}{name}__"))
    return columns


def _instance(model: type[models.Model], row: dict, related: Related, computed: tuple[str, ...] = ()) -> Any:
    names, values = [], []
    for name, convert in _converters(model):
        if name not in row:
            continue
        value = row[name]
        names.append(name)
        values.append(convert(value) if convert and value is not None else value)
    instance = model.from_db(None, names, values)
    for name, further in related.items():
        target = model._meta.get_field(name).related_model
        known = row[name]
        if isinstance(known, str):
            known = json.loads(known)
        found = known and known[target._meta.pk.attname] is not None
        instance._state.fields_cache[name] = _instance(target, known, further) if found else None
    for name in computed:
        setattr(instance, name, row[name])
    return instance


@cache
def _converters(model: type[models.Model]) -> tuple[tuple[str, Callable | None], ...]:
    return tuple((field.attname, _converter(field)) for field in _fields(model))


def _converter(field: models.Field) -> Callable | None:
    """What makes a value of JSON into the field's own; None if it is one already."""
    if isinstance(field, models.DateTimeField):
        return moment
    if isinstance(field, models.DateField):
        return dt.date.fromisoformat
    if isinstance(field, models.BooleanField):
        return bool
    if isinstance(field, models.JSONField):
        return lambda value: json.loads(value) if isinstance(value, str) else value
    return None


def moment(text: str) -> dt.datetime:
    """A moment as the databases write it into JSON: SQLite without time zone, in UTC."""
    found = dt.datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
