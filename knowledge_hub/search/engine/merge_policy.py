"""Which segments are joined into one, so that there are never many."""

from collections.abc import Iterable, Sequence

from whoosh.codec.base import Segment as WhooshSegment
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

# Segments with as many digits in their number of documents are merged when there are this many.
MERGE_AT = 8


def _tier(segment: WhooshSegment) -> int:
    return len(str(segment.doc_count()))


def full_tiers(segments: Iterable[WhooshSegment]) -> set[int]:
    """The numbers of digits of which so many segments have gathered that they are to be merged."""
    tiers = [_tier(segment) for segment in segments]
    return {tier for tier in tiers if tiers.count(tier) >= MERGE_AT}


def mostly_deleted(segments: Iterable[WhooshSegment]) -> bool:
    """Whether more than a fifth of some segment's documents are deleted."""
    return any(segment.doc_count_all() >= 64 and segment.deleted_count() * 5 > segment.doc_count_all() for segment in segments)


def merge_tiers(writer: SegmentWriter, segments: Sequence[WhooshSegment]) -> list[WhooshSegment]:
    """Whoosh merge policy: join the segments of every tier that is full, and rewrite those with more than a fifth deleted."""
    full = full_tiers(segments)
    kept = []
    for segment in segments:
        if _tier(segment) in full or mostly_deleted([segment]):
            writer.add_reader(SegmentReader(writer.storage, writer.schema, segment))
        else:
            kept.append(segment)
    return kept
