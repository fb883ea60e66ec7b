"""Writes pictures anew: only their pixels are kept, without the place, time and device that cameras write into a file."""

from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, ImageSequence

FORMATS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP", "avif": "AVIF"}
MAX_PIXELS = 40_000_000
"""Of all frames together. Cameras of today make up to 24 million, phones up to 50, which their own editor makes smaller."""
JPEG_QUALITY = 92
# What Pillow raises on damaged files of different formats.
UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, IndexError, Image.DecompressionBombError, Image.DecompressionBombWarning)


def reencoded(content: bytes, kind: str) -> bytes:
    """The picture in the same format, turned upright, without metadata. Animations keep their frames.

    Args:
        content: the file.
        kind: a key of FORMATS.

    Raises:
        ValidationError: it is damaged, of another format, or has more than MAX_PIXELS, which is checked before it is decoded.
    """
    try:
        with Image.open(BytesIO(content), formats=[FORMATS[kind]]) as picture:
            if picture.width * picture.height * getattr(picture, "n_frames", 1) > MAX_PIXELS:
                raise ValidationError(
                    _("This picture has more than %(count)d million pixels. Save a smaller one.") % {"count": MAX_PIXELS // 1_000_000},
                    code="file_too_many_pixels",
                )
            return _written(picture)
    except UNREADABLE as error:
        raise ValidationError(
            _("This file is damaged or no picture. Save the picture again and upload that file."), code="unreadable"
        ) from error


def _written(picture: Image.Image) -> bytes:
    # The colour profile belongs to the pixels; everything else of the file's information stays behind.
    profile = picture.info.get("icc_profile")
    options: dict[str, object] = {"icc_profile": profile} if profile else {}
    if picture.format == "JPEG":
        options |= {"quality": JPEG_QUALITY, "optimize": True}
    if getattr(picture, "n_frames", 1) > 1:
        frames, times = [], []
        for frame in ImageSequence.Iterator(picture):
            frames.append(_bare(frame))
            times.append(frame.info.get("duration", 100))
        options |= {"save_all": True, "append_images": frames[1:], "duration": times, "loop": picture.info.get("loop", 0)}
        first = frames[0]
    else:
        first = _bare(ImageOps.exif_transpose(picture))
    written = BytesIO()
    first.save(written, picture.format, **options)
    return written.getvalue()


def _bare(picture: Image.Image) -> Image.Image:
    bare = picture.copy()
    bare.info = {name: value for name, value in picture.info.items() if name == "transparency"}
    return bare
