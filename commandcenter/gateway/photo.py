"""Photos as citizens' phones send them: proved to be pictures, turned upright, made smaller, and freed of all they carry."""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from commandcenter.errors import PersonError

FORMATS: Final = ("JPEG", "PNG", "WEBP")
MOST_PIXELS: Final = 60_000_000
"""More than any phone takes; a small file that unfolds to more than this is an attack."""
LONGEST_SIDE: Final = 2_000
"""Pixels that are kept: enough to read a house number across the street."""
_QUALITY: Final = 85


def cleaned(content: bytes) -> bytes:
    """The picture as a new JPEG of at most 2,000 pixels a side, without EXIF (places, devices, times) or anything hidden.

    Takes some tens of milliseconds: in a thread. Raises PersonError for what is no picture, a broken or a monstrous one.
    """
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as found:
            monstrous = found.width * found.height > MOST_PIXELS
            if not monstrous:
                found.draft(
                    "RGB", (LONGEST_SIDE, LONGEST_SIDE)
                )  # a JPEG is unfolded at half the size where that will do
                upright = ImageOps.exif_transpose(found).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise PersonError("照片打不开。", "请选 JPEG、PNG 或 WebP 格式的照片。") from error
    if monstrous:
        raise PersonError("照片的像素太多。", "请用手机直接拍摄，或先缩小。")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright.info.clear()
    out = BytesIO()
    upright.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


def cleaned_all(contents: Sequence[bytes]) -> tuple[bytes, ...]:
    """All of them, one after the other: a picture unfolded takes much memory."""
    return tuple(cleaned(content) for content in contents)
