"""Where everything stands on the wall, for any screen: pure geometry, in device-independent pixels."""

from dataclasses import dataclass

from PySide6.QtCore import QRect

WIDE = 2.1
"""A screen wider than this many heights gets a third column."""
MAP_SHAPE = 0.82
"""On such a screen the map is this many heights wide, as the county is taller than wide, or a good quarter of the screen."""
SMALLEST = (480, 270)
"""A window that is not yet, or hardly, there is laid out as this one; what lies beyond its edges is not seen."""
HEAD, GAP, CARDS, CHART, FIGURES, LEGEND = 72, 24, 156, 208, 96, 40
TALL_CHART = 300
"""Heights at 1080 lines."""


@dataclass(frozen=True, slots=True)
class Places:
    """Rectangles that do not overlap. `unit` scales type; 1 at 1080 lines. No towns where there is no third column."""

    unit: float
    head: QRect
    map: QRect
    legend: QRect
    cards: QRect
    needs: QRect
    flow: QRect
    figures: QRect
    towns: QRect | None


def shared(room: QRect, wanted: float, unit: float) -> tuple[QRect, QRect]:
    """A room's upper part, and below it a place of the height that is wanted for the whistles."""
    if wanted <= 0:
        return room, QRect(room.left(), room.bottom() + 1, room.width(), 0)
    high = round(wanted)
    gap = round(GAP * unit / 2)
    upper = QRect(room.left(), room.top(), room.width(), room.height() - high - gap)
    return upper, QRect(room.left(), upper.bottom() + 1 + gap, room.width(), high)


def places(wide: int, high: int) -> Places:
    """The places on a screen of that size."""
    wide, high = max(wide, SMALLEST[0]), max(high, SMALLEST[1])
    u = min(high / 1080, wide / 1500)
    gap, head = round(GAP * u), round(HEAD * u)
    top, bottom = head + gap, high - gap
    if wide > WIDE * high:
        map_wide = max(round(MAP_SHAPE * high), round(0.29 * wide))
        rest = wide - map_wide - 3 * gap
        column, third = round(rest * 0.53), rest - round(rest * 0.53)
    else:
        column, third = min(round(880 * u), round(wide * 0.47)), 0
        map_wide = wide - column - 2 * gap
    left = map_wide + gap
    foot = 0 if third else round(FIGURES * u)
    line = round(LEGEND * u)
    chart = round(CHART * u)
    ground = QRect(0, head, map_wide - 1, high - head - foot - line)
    legend = QRect(gap, ground.bottom() + 1, map_wide - 2 * gap, line)
    cards = QRect(left, top, column, round(CARDS * u))
    under = cards.bottom() + 1 + gap // 2
    if third:
        beside = left + column + gap
        figures = QRect(beside, top, third, round(CARDS * u))
        flow = QRect(beside, under, third, round(TALL_CHART * u))
        below = flow.bottom() + 1 + gap
        return Places(
            u, QRect(0, 0, wide, head), ground, legend, cards,
            QRect(left, under, column, bottom - under), flow, figures, QRect(beside, below, third, bottom - below),
        )  # fmt: skip
    return Places(
        u, QRect(0, 0, wide, head), ground, legend, cards,
        QRect(left, under, column, bottom - chart - gap // 2 - under), QRect(left, bottom - chart, column, chart),
        QRect(gap, high - foot, map_wide - 2 * gap, foot - gap // 2), None,
    )  # fmt: skip
