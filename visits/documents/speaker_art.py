"""The art of the speaker's certificate: a woven band of Mandailing rhombs on the left, in millimetres of A4 landscape."""

from math import pi

from knowledge_hub.papers.ornament import Layers, Side, bamboo_shoots, bindu_row, frame, petal, polygon, rhomb, rosette

WIDTH, HEIGHT = 297, 210
GREEN, DEEP, GOLD, MAROON, IVORY, TINT = "#12493a", "#0c362b", "#c9a24b", "#7a1a2c", "#fdfbf4", "#f3eedd"
LEFT, BAND = 8, 40
EDGE = 8
WOVEN = 8.2
"""Half the width of a woven rhomb."""


def background() -> str:
    """HTML of one page that holds the art and no text."""
    layers = Layers()
    layers.add(-9, IVORY, _box(0, 0, WIDTH, HEIGHT))
    _watermark(layers)
    _band(layers)
    _frame(layers)
    layers.add(10, GOLD, _box(69, 104.6, 190, 104.95))
    layers.add(11, MAROON, rhomb(69, 104.78, 1.1, 1.1))
    return (
        '<!DOCTYPE html><html lang="id"><head><title>-</title></head><body>'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}mm" height="{HEIGHT}mm" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"{layers.svg()}</svg></body></html>"
    )


def _box(left: float, top: float, right: float, bottom: float) -> str:
    return polygon([(left, top), (right, top), (right, bottom), (left, bottom)])


def _band(layers: Layers) -> None:
    top, bottom, right = EDGE, HEIGHT - EDGE, LEFT + BAND
    layers.add(1, GREEN, _box(LEFT, top, right, bottom))
    outer = Side((LEFT, bottom), (0, -1), (1, 0), bottom - top)
    inner = Side((right, top), (0, 1), (-1, 0), bottom - top)
    for side in (outer, inner):
        for inward in (0.9, 4.1):
            layers.add(2, GOLD, side.shape([(0, inward), (side.length, inward), (side.length, inward + 0.3), (0, inward + 0.3)]))
        bindu_row(layers, side, level=2, middle=2.65, half=0.75, about=2.3, colour=GOLD)
        bamboo_shoots(layers, side, level=2, base=4.4, height=6.4, about=6.5, colours=(GOLD, GREEN, MAROON))
    middle = LEFT + BAND / 2
    count = 9
    step = (bottom - top) / count
    for number in range(count):
        y = top + (number + 0.5) * step
        _woven_rhomb(layers, middle, y, step / 2)
        if number:
            for turn in (-1, 1):
                layers.add(17, GOLD, rhomb(middle + turn * WOVEN * 0.86, y - step / 2, 0.7, 1.1))


def _woven_rhomb(layers: Layers, x: float, y: float, half: float) -> None:
    """A bindu of nested rhombs with a flower in its heart, touching the next ones."""
    for level, (share, colour) in enumerate(((1.0, GOLD), (0.91, DEEP), (0.76, GOLD), (0.69, MAROON), (0.5, GOLD), (0.44, DEEP))):
        layers.add(10 + level, colour, rhomb(x, y, WOVEN * share, half * share))
    layers.add(17, GOLD, rosette(x, y, 2.7, 8, turn=pi / 8, hollow=0.2))
    layers.add(18, MAROON, rhomb(x, y, 0.6, 0.6))


def _frame(layers: Layers) -> None:
    """Two threads around the page and a leaf in each free corner."""
    left, right = LEFT + BAND + 3, WIDTH - EDGE
    layers.add(2, GREEN, frame(left, EDGE, right, HEIGHT - EDGE, 0.7))
    layers.add(2, GOLD, frame(left + 1.6, EDGE + 1.6, right - 1.6, HEIGHT - EDGE - 1.6, 0.25))
    for y, turn in ((EDGE + 1.6, 1), (HEIGHT - EDGE - 1.6, -1)):
        x = right - 1.6
        for number, angle in enumerate((0.2, 0.55, 0.9, 1.25)):
            reach = 17 - abs(number - 1.5) * 5
            layers.add(3, GOLD if number % 2 else GREEN, petal(x, y, turn * (pi / 2 + angle), 1.6, reach, 1.5))
        layers.add(4, MAROON, rhomb(x - 2.2, y + turn * 2.2, 1, 1))


def _watermark(layers: Layers) -> None:
    x, y = 225, 118
    layers.add(-8, TINT, rosette(x, y, 60, 12, hollow=0.25))
    layers.add(-7, IVORY, rosette(x, y, 54, 12, hollow=0.36))
    layers.add(-6, TINT, rosette(x, y, 34, 8, hollow=0.14))
