"""How a Django object becomes an index document: one layout per root model, one Whoosh schema for all layouts.

A document holds
- its words, once as typed (``raw``, with places) and once stemmed in its language (``stem_id`` or ``stem_en``),
- the beginnings of the words of its autocomplete fields (``ac``),
- its model and that model's parents (``ct``) and its primary key (``key``),
- columns with the key, the values of all filter fields, and the text for excerpts.

A word's weight is the sum of the boosts of the fields it stands in (BM25F). Which fields these are is kept as a bit mask beside the
posting (stems, beginnings) or in the upper bits of each place (typed words).
"""

import hashlib
from array import array
from collections import defaultdict
from struct import Struct

from django.db.models import Manager, Model, QuerySet
from modelsearch.index import AutocompleteField, FilterField, RelatedFields, SearchField, get_indexed_models
from whoosh import columns, fields, formats

from knowledge_hub.search.analysis import DEFAULT_LANGUAGE, LANGUAGES, language_of, stem, words
from knowledge_hub.search.values import VALUE_SEPARATOR, encode_values

LAYOUT_VERSION = 1
FIELD_SHIFT = 22
PLACE_MASK = (1 << FIELD_SHIFT) - 1
LAST_FIELD_ID = 62
# Two values of one field are this far apart, so that no phrase reaches from one into the other.
GAP = 64
LONGEST_BEGINNING = 20
MAX_STORED_TEXT = 200_000
PATH_SEPARATOR = "\x1d"
TEXT_SEPARATOR = "\x1f"
_MASK = Struct("=Q")
pack_mask = _MASK.pack


class FieldMask(formats.Format):
    """A posting's value is the set of fields, as 64 bits, in which the document has the term."""

    posting_size = _MASK.size

    def decode_frequency(self, valuestring):
        """How often the term occurs is not kept, only its weight."""
        return 1


class Places(formats.Format):
    """A posting's value is the list of places as unsigned 32-bit numbers: the field in the upper bits, the word's number in the lower."""

    posting_size = -1

    def decode_positions(self, valuestring):
        """The places, for Whoosh's own phrase query."""
        return array("I", valuestring).tolist()

    def decode_frequency(self, valuestring):
        """How often the term occurs."""
        return len(valuestring) // 4


class Prepared(fields.FieldType):
    """An indexed field whose postings were prepared by Layout.document()."""

    def __init__(self, posting_format, *, scorable=False):
        super().__init__(posting_format, None, scorable=scorable)

    def index(self, value, **kwargs):
        """The prepared postings: tuples of term (bytes), frequency, weight and encoded value."""
        return value


def whoosh_schema() -> fields.Schema:
    """The schema that every index of this backend has."""
    return fields.Schema(
        key=Prepared(formats.Existence()),
        ct=Prepared(formats.Existence()),
        raw=Prepared(Places(), scorable=True),
        ac=Prepared(FieldMask(), scorable=True),
        column_key=fields.COLUMN(columns.VarBytesColumn()),
        column_filters=fields.COLUMN(columns.VarBytesColumn()),
        column_text=fields.COLUMN(columns.VarBytesColumn()),
        **{f"stem_{language}": Prepared(FieldMask(), scorable=True) for language in LANGUAGES},
    )


class Layout:
    """What the models below one root model put into their common index.

    Attributes:
        name: the name of the index, for example "wagtailcore_page".
        filters: filter path to its number; a path is relation names and an attribute name joined by dots.
        fields: path of a search field to its number.
        beginnings: path of an autocomplete field to its number.
        version: changes when documents have to be written anew.
    """

    def __init__(self, root: type[Model]):
        self.name = f"{root._meta.app_label}_{root.__name__}".lower()
        self.models = [model for model in get_indexed_models() if issubclass(model, root)]
        filters, searched, beginnings = set(), set(), set()
        for model in self.models:
            for path, field in _walk_fields(model, model.get_search_fields()):
                kind = {FilterField: filters, AutocompleteField: beginnings}.get(type(field), searched)
                kind.add(path)
        self.filters = {path: number for number, path in enumerate(sorted(filters))}
        self.fields = {path: min(number, LAST_FIELD_ID) for number, path in enumerate(sorted(searched))}
        self.beginnings = {path: min(number, LAST_FIELD_ID) for number, path in enumerate(sorted(beginnings))}
        described = repr((LAYOUT_VERSION, sorted(self.filters), sorted(self.fields), sorted(self.beginnings)))
        self.version = hashlib.sha256(described.encode()).hexdigest()[:16]

    def document(self, obj: Model) -> dict:
        """The arguments of Whoosh's add_document() for one object.

        Args:
            obj: an instance of one of the layout's models, in its most specific class.
        """
        language = object_language(obj)
        text = _Text(language)
        filters: dict[str, list] = defaultdict(list)
        self._collect(obj, obj.get_search_fields(), "", text, filters)
        parents = [parent._meta.label_lower for parent in (type(obj), *type(obj)._meta.get_parent_list())]
        cells = [VALUE_SEPARATOR.join(encode_values(filters.get(path, ()))) for path in self.filters]
        key = str(obj.pk).encode()
        document = {
            "key": [(key, 1, 1.0, b"")],
            "ct": [(parent.encode(), 1, 1.0, b"") for parent in parents],
            "column_key": key,
            "column_filters": PATH_SEPARATOR.join(cells).encode("utf-8", "replace"),
            "column_text": TEXT_SEPARATOR.join(text.stored)[:MAX_STORED_TEXT].encode("utf-8", "replace"),
        }
        document |= text.postings()
        return document

    def _collect(self, obj, search_fields, prefix, text, filters):
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
                text.add_beginnings(self.beginnings.get(path, LAST_FIELD_ID), value)
            elif isinstance(field, SearchField):
                text.add(self.fields.get(path, LAST_FIELD_ID), value, float(field.boost or 1), stored=path not in ("title", "name"))


class _Text:
    """The postings of one document while its fields are read."""

    def __init__(self, language: str):
        self.language = language
        self.stored: list[str] = []
        self.places: dict[str, array] = defaultdict(lambda: array("I"))
        self.weights: dict[str, float] = defaultdict(float)
        self.masks: dict[str, int] = defaultdict(int)
        self.beginnings: dict[str, list] = {}
        self.next_place: dict[int, int] = defaultdict(int)

    def add(self, field_id: int, value, boost: float, *, stored: bool) -> None:
        base = field_id << FIELD_SHIFT
        bit = 1 << field_id
        for piece in _texts(value):
            if stored:
                self.stored.append(piece)
            place = self.next_place[field_id]
            for word in words(piece):
                self.places[word].append(base | min(place, PLACE_MASK))
                self.weights[word] += boost
                self.masks[word] |= bit
                place += 1
            self.next_place[field_id] = place + GAP

    def add_beginnings(self, field_id: int, value) -> None:
        bit = 1 << field_id
        for piece in _texts(value):
            for word in words(piece):
                for length in range(1, min(len(word), LONGEST_BEGINNING) + 1):
                    entry = self.beginnings.setdefault(word[:length], [0.0, 0])
                    # A whole word counts more than the beginning of a longer one.
                    entry[0] += 2.0 if length == len(word) else 1.0
                    entry[1] |= bit

    def postings(self) -> dict:
        raw = []
        stems: dict[str, list] = {}
        for word, places in self.places.items():
            weight = self.weights[word]
            raw.append((word.encode("utf-8", "replace"), len(places), weight, places.tobytes()))
            root = stem(word, self.language)
            entry = stems.setdefault(root, [0, 0.0, 0])
            entry[0] += len(places)
            entry[1] += weight
            entry[2] |= self.masks[word]
        found = {
            "raw": raw,
            f"stem_{self.language}": [(root.encode("utf-8", "replace"), n, w, pack_mask(mask)) for root, (n, w, mask) in stems.items()],
            "ac": [(beginning.encode("utf-8", "replace"), 1, w, pack_mask(mask)) for beginning, (w, mask) in self.beginnings.items()],
        }
        return {name: postings for name, postings in found.items() if postings}


def object_language(obj: Model) -> str:
    """The search language of an object: that of its Wagtail locale, otherwise Indonesian."""
    if getattr(obj, "locale_id", None) is None:
        return DEFAULT_LANGUAGE
    return language_of(obj.locale.language_code)


def _walk_fields(model, search_fields, prefix=""):
    for field in search_fields:
        if isinstance(field, RelatedFields):
            yield from _walk_fields(field.get_field(model).related_model, field.fields, f"{prefix}{field.field_name}.")
        else:
            yield prefix + (field.get_attname(model) if isinstance(field, FilterField) else field.field_name), field


def _related_objects(value):
    if value is None:
        return []
    return value.all() if isinstance(value, Manager | QuerySet) else [value]


def _texts(value):
    if value is None:
        return []
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, list | tuple):
        return [piece for item in value for piece in _texts(item)]
    if isinstance(value, Manager | QuerySet):
        return [str(item) for item in value.all()]
    return [str(value)]
