"""Photos of strangers: what comes out is a new picture, upright, small enough, and nothing else."""

from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from commandcenter.errors import PersonError
from commandcenter.gateway import photo
from commandcenter.gateway.photo import LONGEST_SIDE, cleaned


def made(size: tuple[int, int], form: str, mode: str = "RGB", **options: object) -> bytes:
    out = BytesIO()
    picture = Image.new(mode, size)
    if mode == "RGB":
        ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 2, size[1] // 2), fill=(250, 10, 10))
    picture.save(out, form, **options)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


@pytest.mark.parametrize(
    ("form", "mode"),
    [("JPEG", "RGB"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "I;16"), ("WEBP", "RGBA")],
)
def test_every_kind_becomes_a_plain_jpeg(form: str, mode: str) -> None:
    found = opened(cleaned(made((300, 200), form, mode)))
    assert (found.format, found.mode, found.size) == ("JPEG", "RGB", (300, 200))


def test_nothing_hidden_survives() -> None:
    data = Image.Exif()
    data[0x010F] = "PHONE-MAKER"
    data.get_ifd(0x8825)[1] = "N"
    content = made((300, 200), "JPEG", exif=data, comment=b"COMMENT", icc_profile=b"PROFILE" * 20) + b"TRAILER <?php"
    assert b"PHONE-MAKER" in content
    found = cleaned(content)
    for word in (b"PHONE-MAKER", b"COMMENT", b"PROFILE", b"<?php", b"Exif"):
        assert word not in found


def test_it_stands_upright() -> None:
    data = Image.Exif()
    data[0x0112] = 6  # the phone was held upright: to be turned by a quarter to the right
    found = opened(cleaned(made((300, 200), "JPEG", exif=data, quality=95)))
    assert found.size == (200, 300)
    red = found.getpixel((180, 20))
    assert isinstance(red, tuple)
    assert red[0] > 200, "what was left above is right above now"


def test_a_large_one_gets_smaller_and_keeps_its_shape() -> None:
    assert opened(cleaned(made((6000, 3000), "JPEG"))).size == (LONGEST_SIDE, LONGEST_SIDE // 2)


def test_a_small_file_that_unfolds_to_a_monster_is_not_unfolded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo, "MOST_PIXELS", 10_000)
    with pytest.raises(PersonError, match="像素太多"):
        cleaned(made((200, 200), "PNG"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xd8\xff",
        b"<svg/>",
        b"%PDF-1.7",
        made((90, 90), "GIF"),
        made((90, 90), "TIFF"),
        made((90, 90), "PNG")[:60],
    ],
    ids=["empty", "cut", "svg", "pdf", "gif", "tiff", "torn"],
)
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    with pytest.raises(PersonError, match="打不开"):
        cleaned(content)
