"""From a Django object to an index document: one layout per root model, one Whoosh schema for all layouts.

A document contains
- its words, as typed (``raw``, with positions) and stemmed in its language (``stem_id`` or ``stem_en``),
- the prefixes of words in its autocomplete fields (``ac``),
- its model and the parents of the model (``ct``), and its primary key (``key``),
- columns with the key, the values of all filter fields, and the text for excerpts.

The weight of a word is the sum of the boosts of the fields that contain it (BM25F). These fields are stored as a bit mask in the
posting (stems, prefixes) or in the upper bits of each position (typed words).
"""

import hashlib
import json
import logging
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import asdict, dataclass
from typing import Any

from django.db import DatabaseError
from django.db.models import Manager, Model, QuerySet
from modelsearch.index import AutocompleteField, BaseField, FilterField, RelatedFields, SearchField, get_indexed_models
from whoosh import columns, fields, formats

from knowledge_hub.search.engine.codec import MASK, POSITIONS, kind_of
from knowledge_hub.search.engine.filter_values import VALUE_SEPARATOR, encode_values
from knowledge_hub.search.engine.stem_cache import rules_version
from knowledge_hub.search.engine.storage import IndexDamaged
from knowledge_hub.search.words.analysis import LANGUAGES, language_of, words

logger = logging.getLogger(__name__)

LAYOUT_VERSION = 2
FIELD_SHIFT = 22
POSITION_MASK = (1 << FIELD_SHIFT) - 1
LAST_FIELD_ID = 62
# Distance between two values of a field, so that no phrase matches across them.
GAP = 64
MAX_PREFIX_LENGTH = 20
MAX_STORED_TEXT = 200_000
PATH_SEPARATOR = "\x1d"
TEXT_SEPARATOR = "\x1f"


class FieldMask(formats.Format):
    """Value of a posting: bit mask (64 bits) of the fields of the document that contain the term."""

    kind = MASK
    posting_size = 8

    def decode_frequency(self, valuestring: bytes) -> int:
        """1, because only the weight of a term is stored and not its frequency."""
        return 1


class Positions(formats.Format):
    """Value of a posting: its positions as unsigned 32-bit numbers, with the field in the upper bits and the word's number below."""

    kind = POSITIONS
    posting_size = -1

    def decode_positions(self, valuestring: bytes) -> list[int]:
        """The positions, for Whoosh's phrase query."""
        return array("I", valuestring).tolist()

    def decode_frequency(self, valuestring: bytes) -> int:
        """Frequency of the term in the document."""
        return len(valuestring) // 4


class Indexed(fields.FieldType):
    """A field whose postings are written by PostingsBuilder and not by Whoosh."""

    def __init__(self, posting_format: formats.Format, *, scorable: bool = False):
        super().__init__(posting_format, None, scorable=scorable)


def whoosh_schema() -> fields.Schema:
    """The Whoosh schema of every index."""
    return fields.Schema(
        key=Indexed(formats.Existence()),
        ct=Indexed(formats.Existence()),
        raw=Indexed(Positions(), scorable=True),
        ac=Indexed(FieldMask(), scorable=True),
        column_key=fields.COLUMN(columns.VarBytesColumn()),
        column_filters=fields.COLUMN(columns.VarBytesColumn()),
        column_text=fields.COLUMN(columns.VarBytesColumn()),
        **{f"stem_{language}": Indexed(FieldMask(), scorable=True) for language in LANGUAGES},
    )


# Kind of the postings of each field (see codec.py).
POSTING_KINDS = {name: kind_of(field.format) for name, field in whoosh_schema().items() if field.indexed}


@dataclass(frozen=True)
class Numbering:
    """Numbers of the fields in one generation of an index.

    Attributes:
        version: differs if documents must be indexed again.
        filters: numbers of filter fields by path; a path is relation names and an attribute name joined by dots.
        fields: numbers of search fields by path.
        prefixes: numbers of autocomplete fields by path.
    """

    version: str
    filters: dict[str, int]
    fields: dict[str, int]
    prefixes: dict[str, int]

    def as_text(self) -> str:
        """JSON for the file LAYOUT of a generation."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> "Numbering":
        """The numbers from the JSON of as_text().

        Raises:
            IndexDamaged: the text is anything else.
        """
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise IndexDamaged("the numbers of the fields can't be read") from error
        if not isinstance(values, dict) or values.keys() != cls.__dataclass_fields__.keys():
            raise IndexDamaged("the numbers of the fields are those of another release")
        parts = [values[name] for name in ("filters", "fields", "prefixes")]
        if not all(isinstance(part, dict) and all(isinstance(number, int) for number in part.values()) for part in parts):
            raise IndexDamaged("the numbers of the fields are no numbers")
        return cls(**values)


class Layout:
    """What the index stores of the models below one root model.

    Attributes:
        name: name of the index, for example "wagtailcore_page".
        numbering: numbers of its fields.
    """

    def __init__(self, root: type[Model]):
        self.name = f"{root._meta.app_label}_{root.__name__}".lower()
        self.models = [model for model in get_indexed_models() if issubclass(model, root)]
        filters: set[str] = set()
        searched: set[str] = set()
        prefixes: set[str] = set()
        for model in self.models:
            for path, field in _walk_fields(model, model.get_search_fields()):
                kind = {FilterField: filters, AutocompleteField: prefixes}.get(type(field), searched)
                kind.add(path)
        described = repr((LAYOUT_VERSION, rules_version(), sorted(filters), sorted(searched), sorted(prefixes)))
        self.numbering = Numbering(
            version=hashlib.sha256(described.encode()).hexdigest()[:16],
            filters={path: number for number, path in enumerate(sorted(filters))},
            fields={path: min(number, LAST_FIELD_ID) for number, path in enumerate(sorted(searched))},
            prefixes={path: min(number, LAST_FIELD_ID) for number, path in enumerate(sorted(prefixes))},
        )

    @property
    def filters(self) -> dict[str, int]:
        """Numbers of filter fields by path."""
        return self.numbering.filters

    @property
    def fields(self) -> dict[str, int]:
        """Numbers of search fields by path."""
        return self.numbering.fields

    @property
    def prefixes(self) -> dict[str, int]:
        """Numbers of autocomplete fields by path."""
        return self.numbering.prefixes

    def numbered(self, numbering: Numbering | None) -> "Layout":
        """The same layout with the field numbers of another generation, to read and write that generation."""
        if numbering is None or numbering == self.numbering:
            return self
        other = copy(self)
        other.numbering = numbering
        return other

    def documents(self, objects: Iterable[Model]) -> dict[str, "PreparedDocument"]:
        """Index documents of objects, by primary key.

        An object that cannot be read is logged and left out, so that the others are still indexed.

        Raises:
            DatabaseError: the database failed, not the object.
        """
        found = {}
        for obj in objects:
            try:
                found[str(obj.pk)] = self.document(obj)
            except DatabaseError:
                raise
            except Exception:
                logger.exception("%s %s can't be indexed and is left out.", obj._meta.label, obj.pk)
        return found

    def document(self, obj: Any) -> "PreparedDocument":
        """Index document of one object.

        Args:
            obj: an instance of one of the layout's models, of its most specific class.
        """
        language = object_language(obj)
        text = DocumentText(language)
        filters: dict[str, list[object]] = defaultdict(list)
        self._collect(obj, obj.get_search_fields(), "", text, filters)
        parents = [parent._meta.label_lower for parent in (type(obj), *type(obj)._meta.get_parent_list())]
        paths = sorted(self.filters, key=self.filters.__getitem__)
        cells = [VALUE_SEPARATOR.join(encode_values(filters.get(path, ()))) for path in paths]
        return PreparedDocument(str(obj.pk), parents, cells, text)

    def _collect(
        self, obj: Any, search_fields: Iterable[BaseField], prefix: str, text: "DocumentText", filters: dict[str, list[object]]
    ) -> None:
        for field in search_fields:
            if isinstance(field, RelatedFields):
                for related in _related_objects(field.get_value(obj)):
                    self._collect(related, field.fields, f"{prefix}{field.field_name}.", text, filters)
                continue
            value = field.get_value(obj)
            path = prefix + (field.get_attname(type(obj)) if isinstance(field, FilterField) else field.field_name)
            if isinstance(field, FilterField):
                filters[path].append(value)
            elif isinstance(field, AutocompleteField):
                text.add_prefixes(self.prefixes.get(path, LAST_FIELD_ID), value)
            elif isinstance(field, SearchField):
                text.add(self.fields.get(path, LAST_FIELD_ID), value, float(field.boost or 1), stored=path not in ("title", "name"))


class DocumentText:
    """The words of one document, collected while its fields are read.

    Attributes:
        words: the typed words of all fields, one after the other.
        pieces: for each value its number of words, the position of its first word (with the field in the upper bits), and its boost.
        prefixed: words that autocomplete finds, each with the number of its field.
        stored: the values that excerpts are made of.
    """

    def __init__(self, language: str):
        self.language = language
        self.stored: list[str] = []
        self.words: list[str] = []
        self.pieces: list[tuple[int, int, float]] = []
        self.prefixed: list[tuple[str, int]] = []
        self._next_position: dict[int, int] = {}

    def add(self, field_id: int, value: object, boost: float, *, stored: bool) -> None:
        """Add a value of a search field."""
        for piece in _texts(value):
            if stored:
                self.stored.append(piece)
            position = self._next_position.get(field_id, 0)
            found = words(piece)[: POSITION_MASK - GAP - position]
            if found:
                self.words += found
                self.pieces.append((len(found), field_id << FIELD_SHIFT | position, boost))
            self._next_position[field_id] = min(position + len(found) + GAP, POSITION_MASK - GAP)

    def add_prefixes(self, field_id: int, value: object) -> None:
        """Add a value of an autocomplete field."""
        for piece in _texts(value):
            self.prefixed += [(word, field_id) for word in words(piece)]


class PreparedDocument:
    """Index document of one object: encoded columns, and words for the postings.

    Args:
        key: the primary key.
        labels: lower-case labels of the model and its parents.
        cells: encoded values of each filter field.
        text: words of the search fields.
    """

    __slots__ = ("prefixed", "filters", "key", "labels", "language", "pieces", "text", "words")

    def __init__(self, key: str, labels: list[str], cells: list[str], text: DocumentText):
        self.key = key.encode()
        self.labels = [label.encode() for label in labels]
        self.filters = PATH_SEPARATOR.join(cells).encode("utf-8", "replace")
        self.text = TEXT_SEPARATOR.join(text.stored)[:MAX_STORED_TEXT].encode("utf-8", "replace")
        self.language, self.words, self.pieces, self.prefixed = text.language, text.words, text.pieces, text.prefixed


def object_language(obj: Any) -> str:
    """Search language of an object: from its Wagtail locale or its attribute ``language``, otherwise Indonesian."""
    if getattr(obj, "locale_id", None) is None:
        return language_of(getattr(obj, "language", None))
    return language_of(obj.locale.language_code)


def _walk_fields(model: type[Model], search_fields: Iterable[BaseField], prefix: str = "") -> Iterator[tuple[str, BaseField]]:
    for field in search_fields:
        if isinstance(field, RelatedFields):
            yield from _walk_fields(field.get_field(model).related_model, field.fields, f"{prefix}{field.field_name}.")
        else:
            yield prefix + (field.get_attname(model) if isinstance(field, FilterField) else field.field_name), field


def _related_objects(value: Any) -> Iterable[Any]:
    if value is None:
        return []
    return value.all() if isinstance(value, Manager | QuerySet) else [value]


def _texts(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, list | tuple):
        return [piece for item in value for piece in _texts(item)]
    if isinstance(value, Manager | QuerySet):
        return [str(item) for item in value.all()]
    return [str(value)]
