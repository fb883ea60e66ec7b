"""Finds regions by official names, short names and other spellings."""

import difflib
import re

from knowledge_hub.models import Region

_KINDS = frozenset(
    {"kabupaten", "kab", "kota", "provinsi", "prov", "pemkab", "pemko", "pemkot", "pemprov", "pemda", "pemerintah", "dprd", "administrasi"}
)
"""Words before the name of a region."""


def fold(text: str) -> str:
    """A name without case, spaces and punctuation."""
    return re.sub(r"[^0-9a-z]", "", text.casefold())


def _short(text: str) -> str:
    words = text.casefold().replace(".", " ").split()
    while words and words[0] in _KINDS:
        words = words[1:]
    return fold(" ".join(words))


def label(region: Region) -> str:
    """The region in the picker, with its province. Provinces are marked, because Gorontalo is also a city and a regency."""
    if region.parent_id:
        return f"{region.name}, {region.parent.name}"
    return region.name if _short(region.name) != fold(region.name) else f"Provinsi {region.name}"


def options() -> list[tuple[str, str]]:
    """Label and other spellings of all regions for the picker; one query."""
    return [(label(region), region.aliases) for region in Region.objects.select_related("parent").order_by("parent__name", "name")]


def find(text: str) -> list[Region]:
    """Regions with a name, best first: one if it is clear, several if it is ambiguous, none if it is unknown.

    “Batubara”, “kab. batu bara” and “Kabupaten Batu Bara, Sumatera Utara” all find 12.19. One query.
    """
    regions = list(Region.objects.select_related("parent"))
    wanted, name = fold(text), text.split(",")[0]
    if not wanted:
        return []
    exact = [region for region in regions if wanted in (fold(label(region)), fold(region.name)) and wanted != _short(name)]
    if exact:
        return exact
    named = [region for region in regions if _short(name) in _names(region)]
    return named or [region for region in regions if len(_short(name)) >= 3 and _short(region.name).startswith(_short(name))]


def similar(text: str, *, count: int = 5) -> list[Region]:
    """Regions whose names contain a text or are similar to it; one query."""
    by_name: dict[str, list[Region]] = {}
    for region in Region.objects.select_related("parent"):
        for name in _names(region):
            by_name.setdefault(name, []).append(region)
    wanted = _short(text.split(",")[0])
    close = [name for name in by_name if len(wanted) >= 4 and wanted in name]
    close += difflib.get_close_matches(wanted, by_name, n=count, cutoff=0.6)
    return list(dict.fromkeys(region for name in close for region in by_name[name]))[:count]


def _names(region: Region) -> set[str]:
    return {_short(name) for name in (region.name, *region.aliases.split(",")) if name.strip()}
