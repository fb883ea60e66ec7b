"""Ornament of the Deli coast as SVG: pucuk rebung (bamboo shoots) and tampuk manggis (mangosteen calyx) of songket, and the
Mandailing bindu (rhombs). Computed, so that it fits any page; functions return SVG path data in millimetres."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import cos, pi, sin

Point = tuple[float, float]


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if round(value, 2) else "0"


def polygon(points: list[Point]) -> str:
    """A closed shape with straight sides."""
    return "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in points) + "Z"


def rhomb(x: float, y: float, half_width: float, half_height: float) -> str:
    """A bindu: a rhomb around its centre (x, y)."""
    return polygon([(x, y - half_height), (x + half_width, y), (x, y + half_height), (x - half_width, y)])


def petal(x: float, y: float, angle: float, start: float, length: float, width: float) -> str:
    """A pointed petal between ``start`` and ``start + length`` from the centre, at ``angle`` in radians."""
    along, across = (cos(angle), sin(angle)), (-sin(angle), cos(angle))

    def at(far: float, aside: float) -> str:
        return f"{_number(x + along[0] * far + across[0] * aside)} {_number(y + along[1] * far + across[1] * aside)}"

    tip = start + length
    return (
        f"M{at(start, 0)}C{at(start + length * 0.2, width)} {at(start + length * 0.7, width)} {at(tip, 0)}"
        f"C{at(start + length * 0.7, -width)} {at(start + length * 0.2, -width)} {at(start, 0)}Z"
    )


def rosette(x: float, y: float, radius: float, petals: int = 8, *, turn: float = 0.0, hollow: float = 0.12) -> str:
    """A tampuk manggis: petals around the centre (x, y)."""
    return "".join(
        petal(x, y, turn + 2 * pi * number / petals, radius * hollow, radius * (1 - hollow), radius * 1.75 / petals)
        for number in range(petals)
    )


@dataclass
class Layers:
    """Path data by level and colour, drawn as one SVG path each. Higher levels cover lower ones."""

    paths: dict[tuple[int, str], list[str]] = field(default_factory=dict)

    def add(self, level: int, colour: str, *data: str) -> None:
        """Add shapes in a colour at a level."""
        self.paths.setdefault((level, colour), []).extend(data)

    def svg(self) -> str:
        """The shapes as SVG elements, lowest level first."""
        return "".join(f'<path fill="{colour}" d="{"".join(self.paths[level, colour])}"/>' for level, colour in sorted(self.paths))


def frame(left: float, top: float, right: float, bottom: float, thickness: float) -> str:
    """A rectangular frame: two outlines in opposite directions, so that the inside is not filled."""
    outer = [(left, top), (right, top), (right, bottom), (left, bottom)]
    inner = [(left + thickness, top + thickness), (left + thickness, bottom - thickness)]
    inner += [(right - thickness, bottom - thickness), (right - thickness, top + thickness)]
    return polygon(outer) + polygon(inner)


@dataclass(frozen=True)
class Side:
    """One side of a frame, with coordinates along the side and inward."""

    origin: Point
    direction: Point
    inward: Point
    length: float

    def at(self, along: float, inward: float) -> Point:
        """The point on the page for a distance along the side and a distance inward."""
        return (
            self.origin[0] + self.direction[0] * along + self.inward[0] * inward,
            self.origin[1] + self.direction[1] * along + self.inward[1] * inward,
        )

    def shape(self, points: list[Point]) -> str:
        """A polygon of points in coordinates of the side."""
        return polygon([self.at(*point) for point in points])


def sides(left: float, top: float, right: float, bottom: float, corner: float) -> Iterator[Side]:
    """The four sides between the corner squares of a frame, clockwise from the top."""
    across, down = right - left - 2 * corner, bottom - top - 2 * corner
    yield Side((left + corner, top), (1, 0), (0, 1), across)
    yield Side((right, top + corner), (0, 1), (-1, 0), down)
    yield Side((right - corner, bottom), (-1, 0), (0, -1), across)
    yield Side((left, bottom - corner), (0, -1), (1, 0), down)


# Leaves of a shoot from the outside: index of the colour, and share of the shoot's size.
LEAVES = ((0, 0.94), (1, 0.76), (0, 0.6), (1, 0.42), (2, 0.28))


def bamboo_shoots(
    layers: Layers, side: Side, *, level: int, base: float, height: float, about: float, colours: tuple[str, str, str]
) -> None:
    """A row of pucuk rebung pointing into the page, with a bindu between the tips.

    Args:
        level: lowest of the five levels that are used.
        base: distance of the shoots from the edge.
        about: approximate width of a shoot; the real width divides the side evenly.
        colours: of the shoots, of the space between their leaves, and of the innermost leaf.
    """
    count = max(1, round(side.length / about))
    width = side.length / count
    for number in range(count):
        middle = (number + 0.5) * width
        for depth, (colour, share) in enumerate(LEAVES):
            half = width / 2 * share
            # Inner leaves start at the same base and are shorter, as in woven songket.
            tip = base + height * (0.1 + 0.9 * share)
            layers.add(level + depth, colours[colour], side.shape([(middle - half, base), (middle, tip), (middle + half, base)]))
    for number in range(1, count):
        layers.add(level, colours[0], rhomb(*side.at(number * width, base + height * 0.72), width * 0.12, width * 0.17))


def bindu_row(layers: Layers, side: Side, *, level: int, middle: float, half: float, about: float, colour: str) -> None:
    """A row of rhombs that touch, in the middle of a narrow band."""
    count = max(1, round(side.length / about))
    step = side.length / count
    lies = bool(side.direction[0])
    for number in range(count):
        x, y = side.at((number + 0.5) * step, middle)
        layers.add(level, colour, rhomb(x, y, step / 2 if lies else half, half if lies else step / 2))
