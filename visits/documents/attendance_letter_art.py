"""The art of the letter of attendance: a songket hem at the head and the foot of an A4 page, in millimetres."""

from knowledge_hub.papers.ornament import Layers, Side, bamboo_shoots, bindu_row, polygon, rosette

WIDTH, HEIGHT = 210, 297
MAROON, GOLD, GREEN, TINT = "#6d1326", "#c9a24b", "#14533f", "#faf6ec"
HEM = 9


def background() -> str:
    """HTML of one page that holds the art and no text."""
    layers = Layers()
    layers.add(-2, TINT, rosette(WIDTH / 2, 165, 58, 16, hollow=0.3))
    layers.add(-1, "#ffffff", rosette(WIDTH / 2, 165, 52, 16, hollow=0.42))
    for side in (Side((0, 0), (1, 0), (0, 1), WIDTH), Side((WIDTH, HEIGHT), (-1, 0), (0, -1), WIDTH)):
        layers.add(1, MAROON, side.shape([(0, 0), (side.length, 0), (side.length, HEM), (0, HEM)]))
        bindu_row(layers, side, level=2, middle=1.6, half=0.5, about=1.9, colour=GOLD)
        layers.add(2, GOLD, side.shape([(0, 2.5), (side.length, 2.5), (side.length, 2.75), (0, 2.75)]))
        bamboo_shoots(layers, side, level=2, base=2.75, height=5.4, about=6, colours=(GOLD, MAROON, GREEN))
        layers.add(2, GOLD, side.shape([(0, HEM + 0.8), (side.length, HEM + 0.8), (side.length, HEM + 1.1), (0, HEM + 1.1)]))
    # The double rule under a letterhead, as the official correspondence rules draw it.
    layers.add(3, "#1d1a18", polygon([(22, 47.4), (188, 47.4), (188, 48.2), (22, 48.2)]))
    layers.add(3, "#1d1a18", polygon([(22, 48.8), (188, 48.8), (188, 49.05), (22, 49.05)]))
    return (
        '<!DOCTYPE html><html lang="id"><head><title>-</title></head><body>'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}mm" height="{HEIGHT}mm" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"{layers.svg()}</svg></body></html>"
    )
