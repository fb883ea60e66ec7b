"""The backgrounds of the certificate designs, drawn in millimetres."""

from math import pi

from knowledge_hub.papers.ornament import Layers, Side, bamboo_shoots, bindu_row, frame, petal, polygon, rhomb, rosette, sides

# Millimetres of A4 landscape; the letter is portrait.
WIDTH, HEIGHT = 297, 210
MAROON, GOLD, DEEP_GOLD, GREEN = "#6d1326", "#c9a24b", "#a67c2e", "#14533f"
DARK_GREEN, DEEPEST_GREEN, RED, IVORY = "#12493a", "#0c362b", "#7a1a2c", "#fdfbf4"
PARTICIPANT_TINT, SPEAKER_TINT, LETTER_TINT = "#f8f3e7", "#f3eedd", "#faf6ec"

# The margin that office printers cannot print on stays empty.
EDGE, SPEAKER_EDGE = 7, 8
BAND = 14
NARROW = 3.2
SPEAKER_LEFT, SPEAKER_BAND = 8, 40
RHOMB_HALF_WIDTH = 8.2
HEM = 9


def _page(layers: Layers, width: float, height: float) -> str:
    """HTML of one page with the art and without text."""
    return (
        '<!DOCTYPE html><html lang="id"><head><title>-</title></head><body>'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}">'
        f"{layers.svg()}</svg></body></html>"
    )


def participant_background() -> str:
    """The songket border, watermark and flower of the certificate for participants."""
    layers = Layers()
    _watermark(layers)
    _border(layers)
    _crown(layers, WIDTH / 2, 37.8)
    layers.add(10, DEEP_GOLD, polygon([(93.5, 97.2), (203.5, 97.2), (203.5, 97.5), (93.5, 97.5)]))
    return _page(layers, WIDTH, HEIGHT)


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
    # A green and a gold line inside the woven band.
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
    """A large, very pale tampuk manggis motif behind the text."""
    x, y = WIDTH / 2, 112
    layers.add(-3, PARTICIPANT_TINT, rosette(x, y, 62, 16, hollow=0.3))
    layers.add(-2, "#ffffff", rosette(x, y, 56, 16, hollow=0.42))
    layers.add(-1, PARTICIPANT_TINT, rosette(x, y, 36, 8, hollow=0.14))


def _crown(layers: Layers, x: float, y: float) -> None:
    """A flower above the heading, with two tendrils of leaves."""
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


def speaker_background() -> str:
    """The band of rhombs, frame and watermark of the certificate for speakers."""
    layers = Layers()
    layers.add(-9, IVORY, _rectangle(0, 0, WIDTH, HEIGHT))
    _speaker_watermark(layers)
    _speaker_band(layers)
    _speaker_frame(layers)
    layers.add(10, GOLD, _rectangle(69, 104.6, 190, 104.95))
    layers.add(11, RED, rhomb(69, 104.78, 1.1, 1.1))
    return _page(layers, WIDTH, HEIGHT)


def _rectangle(left: float, top: float, right: float, bottom: float) -> str:
    return polygon([(left, top), (right, top), (right, bottom), (left, bottom)])


def _speaker_band(layers: Layers) -> None:
    top, bottom, right = SPEAKER_EDGE, HEIGHT - SPEAKER_EDGE, SPEAKER_LEFT + SPEAKER_BAND
    layers.add(1, DARK_GREEN, _rectangle(SPEAKER_LEFT, top, right, bottom))
    outer = Side((SPEAKER_LEFT, bottom), (0, -1), (1, 0), bottom - top)
    inner = Side((right, top), (0, 1), (-1, 0), bottom - top)
    for side in (outer, inner):
        for inward in (0.9, 4.1):
            layers.add(2, GOLD, side.shape([(0, inward), (side.length, inward), (side.length, inward + 0.3), (0, inward + 0.3)]))
        bindu_row(layers, side, level=2, middle=2.65, half=0.75, about=2.3, colour=GOLD)
        bamboo_shoots(layers, side, level=2, base=4.4, height=6.4, about=6.5, colours=(GOLD, DARK_GREEN, RED))
    middle = SPEAKER_LEFT + SPEAKER_BAND / 2
    count = 9
    step = (bottom - top) / count
    for number in range(count):
        y = top + (number + 0.5) * step
        _speaker_rhomb(layers, middle, y, step / 2)
        if number:
            for turn in (-1, 1):
                layers.add(17, GOLD, rhomb(middle + turn * RHOMB_HALF_WIDTH * 0.86, y - step / 2, 0.7, 1.1))


def _speaker_rhomb(layers: Layers, x: float, y: float, half: float) -> None:
    """A bindu motif: nested rhombs with a flower in the middle, touching the next ones."""
    for level, (share, colour) in enumerate(
        ((1.0, GOLD), (0.91, DEEPEST_GREEN), (0.76, GOLD), (0.69, RED), (0.5, GOLD), (0.44, DEEPEST_GREEN))
    ):
        layers.add(10 + level, colour, rhomb(x, y, RHOMB_HALF_WIDTH * share, half * share))
    layers.add(17, GOLD, rosette(x, y, 2.7, 8, turn=pi / 8, hollow=0.2))
    layers.add(18, RED, rhomb(x, y, 0.6, 0.6))


def _speaker_frame(layers: Layers) -> None:
    """Two lines around the page and a leaf in each free corner."""
    left, right = SPEAKER_LEFT + SPEAKER_BAND + 3, WIDTH - SPEAKER_EDGE
    layers.add(2, DARK_GREEN, frame(left, SPEAKER_EDGE, right, HEIGHT - SPEAKER_EDGE, 0.7))
    layers.add(2, GOLD, frame(left + 1.6, SPEAKER_EDGE + 1.6, right - 1.6, HEIGHT - SPEAKER_EDGE - 1.6, 0.25))
    for y, turn in ((SPEAKER_EDGE + 1.6, 1), (HEIGHT - SPEAKER_EDGE - 1.6, -1)):
        x = right - 1.6
        for number, angle in enumerate((0.2, 0.55, 0.9, 1.25)):
            reach = 17 - abs(number - 1.5) * 5
            layers.add(3, GOLD if number % 2 else DARK_GREEN, petal(x, y, turn * (pi / 2 + angle), 1.6, reach, 1.5))
        layers.add(4, RED, rhomb(x - 2.2, y + turn * 2.2, 1, 1))


def _speaker_watermark(layers: Layers) -> None:
    x, y = 225, 118
    layers.add(-8, SPEAKER_TINT, rosette(x, y, 60, 12, hollow=0.25))
    layers.add(-7, IVORY, rosette(x, y, 54, 12, hollow=0.36))
    layers.add(-6, SPEAKER_TINT, rosette(x, y, 34, 8, hollow=0.14))


def letter_background() -> str:
    """The songket hems and double rule of the letter of attendance."""
    layers = Layers()
    layers.add(-2, LETTER_TINT, rosette(HEIGHT / 2, 165, 58, 16, hollow=0.3))
    layers.add(-1, "#ffffff", rosette(HEIGHT / 2, 165, 52, 16, hollow=0.42))
    for side in (Side((0, 0), (1, 0), (0, 1), HEIGHT), Side((HEIGHT, WIDTH), (-1, 0), (0, -1), HEIGHT)):
        layers.add(1, MAROON, side.shape([(0, 0), (side.length, 0), (side.length, HEM), (0, HEM)]))
        bindu_row(layers, side, level=2, middle=1.6, half=0.5, about=1.9, colour=GOLD)
        layers.add(2, GOLD, side.shape([(0, 2.5), (side.length, 2.5), (side.length, 2.75), (0, 2.75)]))
        bamboo_shoots(layers, side, level=2, base=2.75, height=5.4, about=6, colours=(GOLD, MAROON, GREEN))
        layers.add(2, GOLD, side.shape([(0, HEM + 0.8), (side.length, HEM + 0.8), (side.length, HEM + 1.1), (0, HEM + 1.1)]))
    # The double rule under a letterhead, as the official correspondence rules draw it.
    layers.add(3, "#1d1a18", polygon([(22, 47.4), (188, 47.4), (188, 48.2), (22, 48.2)]))
    layers.add(3, "#1d1a18", polygon([(22, 48.8), (188, 48.8), (188, 49.05), (22, 49.05)]))
    return _page(layers, HEIGHT, WIDTH)
