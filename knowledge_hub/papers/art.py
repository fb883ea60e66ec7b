"""Art drawn once and placed into many papers: the page of a finished PDF becomes one decoration of another."""

from collections.abc import Iterable
from io import BytesIO

import pikepdf
import pydyf

USED_RESOURCES = ("/XObject", "/ExtGState", "/Pattern", "/Shading")


class Finished(pydyf.Object):
    """A stream whose bytes are made now and kept."""

    compressible = False

    def __init__(self, stream: pydyf.Stream):
        super().__init__()
        self.number = stream.number
        self.data_bytes = stream.data

    @property
    def data(self) -> bytes:
        return self.data_bytes


class _Copied(pydyf.Object):
    """An object of the art with the numbers that its references have in the new file."""

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


class Art:
    """The first page of ``pdf``, taken apart into objects that can be added to any number of documents.

    It is placed as an artifact: readers see it, screen readers pass over it (ISO 32000-1, 14.8.2.2).
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
            self._form = self._take(form)

    def add_to(self, pdf: pydyf.PDF) -> bytes:
        """Add the art's objects to a document; returns the reference to draw it by."""
        base = len(pdf.objects)
        for parts, is_stream in self._objects:
            pdf.add_object(_Copied(parts, base, is_stream=is_stream))
        return b"%d 0 R" % (base + self._form)

    def _take(self, item: pikepdf.Object) -> int:
        """Remember an indirect object; returns its place among the art's objects."""
        if item.objgen in self._index:
            return self._index[item.objgen]
        place = self._index[item.objgen] = len(self._objects)
        # Kept free before its parts are taken: objects may refer to each other in a circle.
        self._objects.append(([], False))
        if isinstance(item, pikepdf.Stream):
            self._objects[place] = (self._encode_stream(item), True)
        else:
            self._objects[place] = (self._encode(item, top=True), False)
        return place

    def _encode(self, item: object, *, top: bool = False) -> list[bytes | int]:
        if isinstance(item, pikepdf.Object) and item.is_indirect and not top:
            return [self._take(item)]
        if isinstance(item, pikepdf.Dictionary):
            return [b"<<", *self._encode_entries(item.items()), b">>"]
        if isinstance(item, pikepdf.Array):
            return [b"[", *(part for entry in item for part in (*self._encode(entry), b" ")), b"]"]
        if isinstance(item, pikepdf.Object):
            return [item.unparse()]
        # pikepdf hands numbers and truth values out as Python's own.
        return [str(item).lower().encode()]

    def _encode_entries(self, entries: Iterable[tuple[str, object]]) -> list[bytes | int]:
        return [part for key, value in entries for part in (key.encode() + b" ", *self._encode(value), b" ")]

    def _encode_stream(self, item: pikepdf.Stream) -> list[bytes | int]:
        raw = item.read_raw_bytes()
        entries: dict[str, object] = {key: value for key, value in item.items() if key != "/Length"}
        if not entries.get("/Filter"):
            squeezed = pydyf.Stream([raw], compress=True).data
            raw = squeezed.split(b"stream\n", 1)[1].rsplit(b"\nendstream", 1)[0]
            entries["/Filter"] = pikepdf.Name.FlateDecode
        return [b"<<", *self._encode_entries(entries.items()), b"/Length %d>>\nstream\n" % len(raw), raw, b"\nendstream"]
