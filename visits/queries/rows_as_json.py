"""Several lists of rows in one statement: each list comes as JSON in a column beside one arbitrary row.

A page that shows the letters, messages, tasks, … of one row would otherwise make a query for each of them.
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import F, JSONField, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from knowledge_hub.core.encrypted import EncryptedTextField
from knowledge_hub.models import User
from visits.models import Programme, Visit

Related = Mapping[str, "Related"]
"""Names of foreign keys that are read too, each with those of its own model."""

_ONLY: dict[type[models.Model], frozenset[str]] = {
    User: frozenset({"id", "username", "first_name", "last_name"}),
    Programme: frozenset({"id", "name_id", "name_en", "is_online"}),
    Visit: frozenset({"id", "reference", "status", "organisation", "group_size", "programme_id", "slot_id", "recorded_date"}),
}
"""Fields that are read of models with many; of the others, all but encrypted ones. PostgreSQL takes fifty at most."""


class JSONList(Subquery):
    """The rows of a query that has the column ``as_json``, in its order, as one JSON list."""

    output_field = JSONField()

    def unfold(self, rows: list[dict]) -> list:
        """The rows, from the list as the database gave it."""
        raise NotImplementedError

    def as_sqlite(self, compiler, connection, **context: Any):
        """SQLite keeps JSON as text: json() tells that a text is JSON."""
        template = "(SELECT json_group_array(json(item.as_json)) FROM (%(subquery)s) AS item)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler, connection, **context: Any):
        """PostgreSQL gives NULL for no rows."""
        template = "(SELECT COALESCE(jsonb_agg(item.as_json), '[]'::jsonb) FROM (%(subquery)s) AS item)"
        return self.as_sql(compiler, connection, template=template, **context)


class ValuesAsJSON(JSONList):
    """Columns of a query as lists of plain values; dates and times stay texts.

    Args:
        rows: the query.
        columns: names as values_list() takes them.
    """

    def __init__(self, rows: QuerySet, columns: tuple[str, ...]):
        self.columns = columns
        super().__init__(rows.values(as_json=JSONObject(**{f"c{number}": F(name) for number, name in enumerate(columns)})))

    def unfold(self, rows: list[dict]) -> list[list]:
        """The values of each row, in the order of the columns."""
        return [[row[f"c{number}"] for number in range(len(self.columns))] for row in rows or ()]


class RowsAsJSON(JSONList):
    """The rows of a query as one JSON list; unfold() makes model instances of them again.

    Args:
        rows: the query.
        related: foreign keys that are read too.
        computed: annotations of the query that are read too; they become attributes.
        without: long fields that nobody needs here.
    """

    def __init__(self, rows: QuerySet, *, related: Related | None = None, computed: tuple[str, ...] = (), without: tuple[str, ...] = ()):
        self.model, self.related, self.computed, self.without = rows.model, related or {}, computed, without
        columns = {**_columns(rows.model, self.related), **{name: F(name) for name in computed}}
        for name in without:
            del columns[name]
        super().__init__(rows.values(as_json=JSONObject(**columns)))

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


@dataclass
class ReadList:
    """A list that was read; ``raw`` holds its rows as the database gave them, which cost nothing to count."""

    declared: JSONList
    raw: list[dict]

    @cached_property
    def rows(self) -> list:
        """All rows."""
        return self.declared.unfold(self.raw)

    def part(self, limit: int, *, last: bool = False) -> list:
        """The first rows, or the last."""
        return self.declared.unfold(self.raw[-limit:] if last else self.raw[:limit])


_FIRST = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)


class PreparedLists:
    """Several lists read by one statement that is compiled once: later only its parameters are replaced.

    Compiling twenty queries takes longer than reading their rows.

    Args:
        lists: makes the lists by name, of values by name and of options that change the statement.
        keys, texts, moments, dates: names of the values, by their kind.
    """

    def __init__(
        self,
        lists: Callable[..., dict[str, JSONList]],
        *,
        keys: tuple[str, ...] = (),
        texts: tuple[str, ...] = (),
        moments: tuple[str, ...] = (),
        dates: tuple[str, ...] = (),
    ):
        self._lists = lists
        self._placeholders: dict[str, Any] = {
            **{name: -1_000_000 - number for number, name in enumerate(keys)},
            **{name: f"\N{SYMBOL FOR SUBSTITUTE}{name}" for name in texts},
            **{name: _FIRST + dt.timedelta(days=number) for number, name in enumerate(moments)},
            **{name: (_FIRST + dt.timedelta(days=number)).date() for number, name in enumerate(dates)},
        }
        self._compiled: dict[tuple, tuple[dict[str, JSONList], str, tuple]] = {}

    def read(self, values: Mapping[str, Any], **options: bool) -> dict[str, "ReadList"]:
        """Each list by name; one query."""
        lists, sql, params = self._statement(options)
        given = {self._adapted(placeholder): self._adapted(values[name]) for name, placeholder in self._placeholders.items()}
        with connection.cursor() as cursor:
            cursor.execute(sql, tuple(given.get(param, param) for param in params))
            found = cursor.fetchone()
        texts = (json.loads(text) if isinstance(text, str) else text for text in found)
        return {name: ReadList(each, rows or []) for (name, each), rows in zip(lists.items(), texts, strict=True)}

    def _statement(self, options: dict[str, bool]) -> tuple[dict[str, JSONList], str, tuple]:
        """Lists, SQL and parameters with placeholders."""
        key = (connection.vendor, *sorted(options.items()))
        if key not in self._compiled:
            lists = self._lists(self._placeholders, **options)
            # Any row will do: the lists are asked for beside it.
            any_row = ContentType.objects.order_by("pk").values_list(*lists.values())[:1]
            sql, params = any_row.query.get_compiler(connection=connection).as_sql()
            self._compiled[key] = lists, sql, params
        return self._compiled[key]

    def _adapted(self, value: Any) -> Any:
        """A value as the database takes it."""
        if isinstance(value, dt.datetime):
            return connection.ops.adapt_datetimefield_value(value)
        return connection.ops.adapt_datefield_value(value) if isinstance(value, dt.date) else value
