"""The text of a mail as paragraphs for its HTML twin: a line that is nothing but one of our links becomes a button there."""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Paragraph:
    """Words, or one of our own ``link``s."""

    text: str
    link: str = ""


def paragraphs(text: str) -> list[Paragraph]:
    """Split at empty lines. A link to another site stays among the words, so that nobody's mail shows it as ours."""
    blocks = [block.strip() for block in text.split("\n\n")]
    return [Paragraph(block, block if _is_ours(block) else "") for block in blocks if block]


def _is_ours(block: str) -> bool:
    return block.startswith(f"{settings.SITE_URL}/") and len(block.split()) == 1
