"""Form XObjects: a page of a PDF that is drawn once and placed as background into many other documents."""

from collections.abc import Iterable
from io import BytesIO

import pikepdf
import pydyf

USED_RESOURCES = ("/XObject", "/ExtGState", "/Pattern", "/Shading")


class FrozenStream(pydyf.Object):
    """A stream whose compressed bytes are computed once."""

    compressible = False

    def __init__(self, stream: pydyf.Stream):
        super().__init__()
        self.number = stream.number
        self.data_bytes = stream.data

    @property
    def data(self) -> bytes:
        return self.data_bytes


class _CopiedObject(pydyf.Object):
    """An object of the page, with its references renumbered for the new file."""

    def __init__(self, parts: list[bytes | int], base: int, *, is_stream: bool):
        super().__init__()
        self.data_bytes = b"".join(part if isinstance(part, bytes) else b"%d 0 R" % (base + part) for part in parts)
        self.is_stream = is_stream

    @property
    def data(self) -> bytes:
        return self.data_bytes

    @property
    def compressible(self) -> bool:
        return not self.is_stream


class FormXObject:
    """The first page of ``pdf`` as a form XObject that can be added to any number of documents.

    It is placed as an artifact, which screen readers skip (ISO 32000-1, 14.8.2.2).
    """

    def __init__(self, pdf: bytes):
        self._objects: list[tuple[list[bytes | int], bool]] = []
        self._index: dict[tuple[int, int], int] = {}
        with pikepdf.open(BytesIO(pdf)) as source:
            page = source.pages[0]
            resources = pikepdf.Dictionary({name: page.Resources[name] for name in USED_RESOURCES if page.Resources.get(name)})
            form = source.make_stream(page.Contents.read_bytes())
            form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
            form.BBox, form.Resources = page.MediaBox, resources
            self._form = self._copy(form)

    def add_to(self, pdf: pydyf.PDF) -> bytes:
        """Add the objects to a document; returns the reference to draw."""
        base = len(pdf.objects)
        for parts, is_stream in self._objects:
            pdf.add_object(_CopiedObject(parts, base, is_stream=is_stream))
        return b"%d 0 R" % (base + self._form)

    def _copy(self, item: pikepdf.Object) -> int:
        """Copy an indirect object; returns its index among the copied objects."""
        if item.objgen in self._index:
            return self._index[item.objgen]
        number = self._index[item.objgen] = len(self._objects)
        # Reserved before its parts are copied, because objects may refer to each other.
        self._objects.append(([], False))
        if isinstance(item, pikepdf.Stream):
            self._objects[number] = (self._encode_stream(item), True)
        else:
            self._objects[number] = (self._encode(item, top=True), False)
        return number

    def _encode(self, item: object, *, top: bool = False) -> list[bytes | int]:
        if isinstance(item, pikepdf.Object) and item.is_indirect and not top:
            return [self._copy(item)]
        if isinstance(item, pikepdf.Dictionary):
            return [b"<<", *self._encode_entries(item.items()), b">>"]
        if isinstance(item, pikepdf.Array):
            return [b"[", *(part for entry in item for part in (*self._encode(entry), b" ")), b"]"]
        if isinstance(item, pikepdf.Object):
            return [item.unparse()]
        # pikepdf returns numbers and booleans as Python objects.
        return [str(item).lower().encode()]

    def _encode_entries(self, entries: Iterable[tuple[str, object]]) -> list[bytes | int]:
        return [part for key, value in entries for part in (key.encode() + b" ", *self._encode(value), b" ")]

    def _encode_stream(self, item: pikepdf.Stream) -> list[bytes | int]:
        raw = item.read_raw_bytes()
        entries: dict[str, object] = {key: value for key, value in item.items() if key != "/Length"}
        if not entries.get("/Filter"):
            compressed = pydyf.Stream([raw], compress=True).data
            raw = compressed.split(b"stream\n", 1)[1].rsplit(b"\nendstream", 1)[0]
            entries["/Filter"] = pikepdf.Name.FlateDecode
        return [b"<<", *self._encode_entries(entries.items()), b"/Length %d>>\nstream\n" % len(raw), raw, b"\nendstream"]
