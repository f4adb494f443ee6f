import dataclasses
import re

import pytest
from PySide6.QtGui import QPalette

from commandcenter.domain.case import Grade, Lamp
from ui.theme.icons import FOLDER, icon
from ui.theme.palette import palette, style_sheet
from ui.theme.tokens import DAY, LOOKS, Tokens, contrast

every_look = pytest.mark.parametrize("tokens", LOOKS.values(), ids=LOOKS.keys())


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@every_look
def test_text_is_readable_on_every_ground_it_stands_on(tokens: Tokens) -> None:
    """WCAG 1.4.3: 4.5:1 for text."""
    grounds = (tokens.panel, tokens.window)
    inks = (tokens.ink, tokens.ink_normal, tokens.ink_quiet, tokens.good, tokens.warn, tokens.bad)
    pairs = [(ink, ground) for ink in inks for ground in grounds]
    pairs += [(tokens.lamp(lamp), tokens.panel) for lamp in Lamp]
    pairs += [(ink, tokens.selection) for ink in (*inks, tokens.accent, tokens.lamp_soon, tokens.lamp_overdue)]
    pairs += [(tokens.accent, tokens.panel), (tokens.accent, tokens.accent_soft), (tokens.on_accent, tokens.accent)]
    pairs += [(tokens.bad, tokens.alarm_soft)]
    weak = {pair: round(contrast(*pair), 2) for pair in pairs if contrast(*pair) < 4.5}
    assert not weak


@every_look
def test_flags_and_marks_stand_out(tokens: Tokens) -> None:
    """WCAG 1.4.11 and large bold text: 3:1."""
    for grade in Grade:
        assert contrast(tokens.grades[grade], tokens.on_grades[grade]) >= 3
        assert contrast(tokens.grades[grade], tokens.panel) >= 3


@every_look
def test_every_token_is_a_colour(tokens: Tokens) -> None:
    for value in dataclasses.astuple(tokens)[1:]:
        for colour in value if isinstance(value, tuple) else (value,):
            assert re.fullmatch(r"#[0-9A-F]{6}", colour)


@every_look
def test_palette_and_style_sheet_come_from_the_tokens(tokens: Tokens) -> None:
    assert palette(tokens).color(QPalette.ColorRole.Window).name().upper() == tokens.window
    used = set(re.findall(r"#[0-9A-Fa-f]{6}\b", style_sheet(tokens)))
    known = {value for value in dataclasses.astuple(tokens) if isinstance(value, str)}
    assert used <= known


def test_no_size_below_fourteen_pixels_in_the_style_sheet() -> None:
    sizes = [int(size) for size in re.findall(r"font-size: (\d+)px", style_sheet(DAY))]
    assert sizes
    assert min(sizes) >= 14


@pytest.mark.usefixtures("qapp")
def test_every_icon_can_be_drawn() -> None:
    names = [path.stem for path in FOLDER.glob("*.svg")]
    assert len(names) >= 12
    for name in names:
        picture = icon(name, "#1F5FBF").pixmap(24, 24).toImage()
        assert any(picture.pixelColor(x, y).alpha() for x in range(24) for y in range(24)), name
