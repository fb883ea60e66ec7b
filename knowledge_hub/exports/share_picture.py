"""The sharing image of a page (Open Graph, 1200 × 630): its title on the site's red."""

from functools import cache
from io import BytesIO
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)
MARGIN = 80
RED, GOLD, WHITE, CREAM = "#7d1024", "#c8963e", "#ffffff", "#fbe9e2"
FONTS = settings.BASE_DIR / "knowledge_hub" / "papers" / "fonts"
MOST_LINES = 4


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(Path(FONTS) / name, size)


def draw(title: str, kind: str) -> bytes:
    """Draw the image as PNG; a long title gets smaller letters and, if still too long, an ellipsis."""
    image = Image.new("RGB", SIZE, RED)
    pen = ImageDraw.Draw(image)
    _cloth(pen)
    pen.text((MARGIN, 96), kind, font=_font("PlusJakartaSans-SemiBold.ttf", 34), fill="#ffd9a0")
    for size in (68, 58, 50, 44):
        font = _font("PlusJakartaSans-SemiBold.ttf", size)
        lines = _wrap(title, font, SIZE[0] - 2 * MARGIN)
        if len(lines) <= MOST_LINES:
            break
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1].rstrip(".,;: ") + "…"]
    pen.multiline_text((MARGIN, 160), "\n".join(lines), font=font, fill=WHITE, spacing=size * 0.28)
    pen.text((MARGIN, SIZE[1] - 112), "Binjai Smart City", font=_font("PlusJakartaSans-SemiBold.ttf", 32), fill=CREAM)
    file = BytesIO()
    image.quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


def _cloth(pen: ImageDraw.ImageDraw) -> None:
    """A border of diamonds along the lower edge, as on the site's header."""
    step, top = 40, SIZE[1] - 40
    pen.rectangle((0, top - 8, SIZE[0], top - 4), fill=GOLD)
    for x in range(0, SIZE[0] + step, step):
        pen.polygon([(x, top + 2), (x + 18, top + 20), (x, top + 38), (x - 18, top + 20)], fill=GOLD)
        pen.polygon([(x, top + 12), (x + 8, top + 20), (x, top + 28), (x - 8, top + 20)], fill=RED)


def _wrap(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
