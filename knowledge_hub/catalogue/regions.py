"""Facts about a region: its location and distance from Binjai."""

import math
from dataclasses import dataclass

from knowledge_hub.models import Region

EARTH_RADIUS_KM = 6371.0088
HOST = "12.75"


@dataclass(frozen=True)
class RegionFacts:
    """A region with its great-circle distance from Binjai in kilometres; None for Binjai itself or if unknown."""

    region: Region
    distance_km: int | None


def facts(region: Region) -> RegionFacts:
    """Facts about a region; one query, for Binjai's coordinates."""
    host = Region.objects.filter(pk=HOST).first()
    if host is None or host.pk == region.pk:
        return RegionFacts(region, None)
    return RegionFacts(region, round(distance_km(host.latitude, host.longitude, region.latitude, region.longitude)))


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Great-circle distance in kilometres between two places, given in degrees (haversine formula)."""
    phi, other_phi = math.radians(latitude), math.radians(other_latitude)
    half_chord = (
        math.sin((other_phi - phi) / 2) ** 2
        + math.cos(phi) * math.cos(other_phi) * math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half_chord))
