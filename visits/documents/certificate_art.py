"""The art of the certificate: a songket border of the Deli coast, a seal and a watermark, in millimetres of A4 landscape."""

from knowledge_hub.papers.ornament import Layers, bamboo_shoots, bindu_row, frame, petal, polygon, rhomb, rosette, sides

WIDTH, HEIGHT = 297, 210
MAROON, GOLD, DEEP_GOLD, GREEN = "#6d1326", "#c9a24b", "#a67c2e", "#14533f"
TINT = "#f8f3e7"

# The outer edge stays clear of what office printers cannot reach.
EDGE = 7
BAND = 14
NARROW = 3.2


def background() -> str:
    """HTML of one page that holds the art and no text."""
    layers = Layers()
    _watermark(layers)
    _border(layers)
    _crown(layers, WIDTH / 2, 40.5)
    layers.add(10, DEEP_GOLD, polygon([(93.5, 103.6), (203.5, 103.6), (203.5, 103.9), (93.5, 103.9)]))
    return (
        '<!DOCTYPE html><html lang="id"><head><title>-</title></head><body>'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}mm" height="{HEIGHT}mm" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"{layers.svg()}</svg></body></html>"
    )


def _border(layers: Layers) -> None:
    left, top, right, bottom = EDGE, EDGE, WIDTH - EDGE, HEIGHT - EDGE
    layers.add(1, MAROON, frame(left, top, right, bottom, BAND))
    for side in sides(left, top, right, bottom, BAND):
        layers.add(2, GOLD, side.shape([(0, 0.9), (side.length, 0.9), (side.length, 1.2), (0, 1.2)]))
        layers.add(2, GOLD, side.shape([(0, NARROW), (side.length, NARROW), (side.length, NARROW + 0.35), (0, NARROW + 0.35)]))
        inner = BAND - 0.9
        layers.add(2, GOLD, side.shape([(0, inner - 0.3), (side.length, inner - 0.3), (side.length, inner), (0, inner)]))
        bindu_row(layers, side, level=2, middle=2.2, half=0.62, about=2.1, colour=GOLD)
        bamboo_shoots(layers, side, level=2, base=NARROW + 0.35, height=9.2, about=6.4, colours=(GOLD, MAROON, GREEN))
    for x in (left + BAND / 2, right - BAND / 2):
        for y in (top + BAND / 2, bottom - BAND / 2):
            _corner(layers, x, y)
    # A thread of green and one of gold run inside the woven band.
    inset = EDGE + BAND
    layers.add(2, GREEN, frame(inset + 1.1, inset + 1.1, WIDTH - inset - 1.1, HEIGHT - inset - 1.1, 0.7))
    layers.add(2, GOLD, frame(inset + 2.4, inset + 2.4, WIDTH - inset - 2.4, HEIGHT - inset - 2.4, 0.25))


def _corner(layers: Layers, x: float, y: float) -> None:
    half = BAND / 2
    layers.add(7, MAROON, polygon([(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]))
    layers.add(8, GOLD, frame(x - half + 0.9, y - half + 0.9, x + half - 0.9, y + half - 0.9, 0.35))
    layers.add(8, GOLD, rosette(x, y, 5.2, 8, turn=0.3927, hollow=0.2))
    layers.add(9, MAROON, rosette(x, y, 3.9, 8, turn=0.3927, hollow=0.34))
    layers.add(8, GOLD, rhomb(x, y, 1.15, 1.15))
    for dx in (-1, 1):
        for dy in (-1, 1):
            layers.add(8, GOLD, rhomb(x + dx * 4.6, y + dy * 4.6, 0.75, 0.75))


def _watermark(layers: Layers) -> None:
    """A great tampuk manggis behind the text, as pale as laid paper."""
    x, y = WIDTH / 2, 112
    layers.add(-3, TINT, rosette(x, y, 62, 16, hollow=0.3))
    layers.add(-2, "#ffffff", rosette(x, y, 56, 16, hollow=0.42))
    layers.add(-1, TINT, rosette(x, y, 36, 8, hollow=0.14))


def _crown(layers: Layers, x: float, y: float) -> None:
    """An opened flower above the heading, with two tendrils of leaves."""
    layers.add(10, DEEP_GOLD, rosette(x, y, 6.2, 8, hollow=0.16))
    layers.add(11, "#ffffff", rosette(x, y, 4.9, 8, hollow=0.3))
    layers.add(12, MAROON, rosette(x, y, 3.3, 8, turn=0.3927, hollow=0.1))
    for turn in (-1, 1):
        for number in range(5):
            start = 9.5 + number * 5.2
            direction = 0 if turn == 1 else 3.14159
            for lean in (-0.62, 0.62):
                layers.add(10, DEEP_GOLD, petal(x + turn * start, y, direction + lean, 0.2, 5.2 - number * 0.6, 1.0 - number * 0.12))
        layers.add(
            10,
            DEEP_GOLD,
            polygon([(x + turn * 7.5, y - 0.14), (x + turn * 37, y - 0.05), (x + turn * 37, y + 0.05), (x + turn * 7.5, y + 0.14)]),
        )
        layers.add(10, MAROON, rhomb(x + turn * 38.4, y, 0.9, 0.9))
