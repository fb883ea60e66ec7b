"""The last check of a sealed paper before it is issued: only the seal may have been added."""

import datetime as dt
from io import BytesIO

import pikepdf
from django.utils.translation import gettext as _

from visits.documents.signing.reading import inspect
from visits.enums import SealLevel

# The size limit for certificates, time stamp and revocation lists of a seal; a larger file contains something else.
MOST_ADDED = 200 * 1024


class NotAsOrdered(Exception):
    """The sealed paper is not the drawn one, or its seal is invalid; the text says what is wrong."""


def check_issued(issued: bytes, drawn: bytes, level: SealLevel) -> dt.datetime | None:
    """Check a paper after its seal: same page, structure kept, size plausible, signature intact over the entire file.

    Returns:
        The time of the time stamp, if there is one.

    Raises:
        NotAsOrdered: a check failed.
    """
    if len(issued) > len(drawn) + MOST_ADDED:
        raise NotAsOrdered(_("The sealed file is much larger than the paper."))
    try:
        before, after = _essence(drawn), _essence(issued)
    except (pikepdf.PdfError, AttributeError, KeyError, IndexError, TypeError) as error:
        raise NotAsOrdered(_("The sealed file is damaged or cut off.")) from error
    if before != after:
        raise NotAsOrdered(_("The sealed file says something else than the paper that was drawn."))
    if level == SealLevel.NONE:
        if issued != drawn:
            raise NotAsOrdered(_("The file was changed without a seal."))
        return None
    found = inspect(issued)
    if not found.is_sealed:
        raise NotAsOrdered(_("The seal does not cover the entire file, or does not fit it."))
    return dt.datetime.fromisoformat(found.stamped_at) if found.stamped_at else None


def _essence(pdf: bytes) -> tuple:
    """The parts that a seal may not change: the page's content, tags, language, PDF/A mark, colours and attachment."""
    with pikepdf.open(BytesIO(pdf)) as document:
        [page] = document.pages
        # A service may split the content into several streams, so their concatenation is compared.
        page.contents_coalesce()
        root = document.Root
        metadata = root.Metadata.read_bytes()
        names = root.get("/Names", {}).get("/EmbeddedFiles")
        return (
            page.Contents.read_bytes(),
            [float(side) for side in page.MediaBox],
            str(root.Lang),
            bool(root.MarkInfo.Marked),
            root.StructTreeRoot.K[0].S == "/Document",
            len(root.OutputIntents),
            b"pdfaid:part" in metadata,
            b"pdfuaid:part" in metadata,
            names and names.Names[1].EF.F.read_bytes(),
        )
