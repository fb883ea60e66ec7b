"""Finding a region by what people type: official names, short names, other spellings."""

import re

from knowledge_hub.models import Region

_KINDS = ("kabupaten", "kab", "kota", "provinsi", "prov", "pemkab", "pemko", "pemkot")


def fold(text: str) -> str:
    """A name without case, spaces and punctuation."""
    return re.sub(r"[^0-9a-z]", "", text.casefold())


def _short(text: str) -> str:
    words = text.casefold().replace(".", " ").split()
    while words and words[0] in _KINDS:
        words = words[1:]
    return fold(" ".join(words))


def label(region: Region) -> str:
    """The region as the picker shows it: with its province."""
    return f"{region.name}, {region.parent.name}" if region.parent_id else region.name


def all_labels() -> list[str]:
    """Labels of all regions, for the picker; one query."""
    return [label(region) for region in Region.objects.select_related("parent").order_by("parent__name", "name")]


def find(text: str) -> list[Region]:
    """Regions that a text names, best first: one for a clear name, several for an ambiguous one, none for an unknown one.

    “Batubara”, “kab. batu bara” and “Kabupaten Batu Bara, Sumatera Utara” all find 12.19. One query.
    """
    regions = list(Region.objects.select_related("parent"))
    wanted, short = fold(text), _short(text.split(",")[0])
    if not wanted:
        return []
    exact = [region for region in regions if fold(label(region)) == wanted or fold(region.name) == wanted]
    if exact:
        return exact
    named = [
        region for region in regions if _short(region.name) == short or short in {_short(alias) for alias in region.aliases.split(",")}
    ]
    if named:
        return named
    return [region for region in regions if len(short) >= 3 and _short(region.name).startswith(short)]
