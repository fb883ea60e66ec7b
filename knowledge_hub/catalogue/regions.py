"""What is known of another region: where it lies and how far it is."""

import math
from dataclasses import dataclass

from knowledge_hub.models import Region

EARTH_RADIUS_KM = 6371.0088
HOST = "12.75"


@dataclass(frozen=True)
class RegionFacts:
    """A region with its distance from Binjai, as the crow flies, in kilometres; None for Binjai itself or where it is unknown."""

    region: Region
    distance_km: int | None


def facts(region: Region) -> RegionFacts:
    """The region's facts; one query for the host."""
    host = Region.objects.filter(pk=HOST).first()
    if host is None or host.pk == region.pk:
        return RegionFacts(region, None)
    return RegionFacts(region, round(distance_km(host.latitude, host.longitude, region.latitude, region.longitude)))


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Length of the great circle between two places in degrees (haversine formula)."""
    phi, other_phi = math.radians(latitude), math.radians(other_latitude)
    half_chord = (
        math.sin((other_phi - phi) / 2) ** 2
        + math.cos(phi) * math.cos(other_phi) * math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half_chord))
