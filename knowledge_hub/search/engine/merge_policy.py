"""Merge policy: which segments are merged, so that their number stays small."""

from collections.abc import Iterable, Sequence

from whoosh.codec.base import Segment as WhooshSegment
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

# Number of segments in a tier that starts a merge. A tier has segments with the same number of digits in their document count.
MERGE_AT = 8


def _tier(segment: WhooshSegment) -> int:
    return len(str(segment.doc_count()))


def full_tiers(segments: Iterable[WhooshSegment]) -> set[int]:
    """The tiers with enough segments for a merge."""
    tiers = [_tier(segment) for segment in segments]
    return {tier for tier in tiers if tiers.count(tier) >= MERGE_AT}


def mostly_deleted(segments: Iterable[WhooshSegment]) -> bool:
    """Whether more than a fifth of the documents of some segment are deleted."""
    return any(segment.doc_count_all() >= 64 and segment.deleted_count() * 5 > segment.doc_count_all() for segment in segments)


def merge_tiers(writer: SegmentWriter, segments: Sequence[WhooshSegment]) -> list[WhooshSegment]:
    """Merge policy for Whoosh: merge full tiers, and rewrite segments with more than a fifth of their documents deleted."""
    full = full_tiers(segments)
    kept = []
    for segment in segments:
        if _tier(segment) in full or mostly_deleted([segment]):
            writer.add_reader(SegmentReader(writer.storage, writer.schema, segment))
        else:
            kept.append(segment)
    return kept
