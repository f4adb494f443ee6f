"""Colour roles of the three looks: day, night and wall. Every colour on the screen is one of these."""

from dataclasses import dataclass
from typing import Literal

Look = Literal["day", "night", "wall"]


@dataclass(frozen=True, slots=True)
class Tokens:
    """Meaning -> colour (``#RRGGBB``). Grades are indexed by `commandcenter.domain.case.Grade`."""

    look: Look
    window: str
    panel: str
    raised: str
    line: str
    ink: str
    ink_normal: str
    ink_quiet: str
    accent: str
    accent_soft: str
    selection: str
    on_accent: str
    grades: tuple[str, str, str, str, str]
    on_grades: tuple[str, str, str, str, str]
    lamp_soon: str
    lamp_overdue: str
    alarm_soft: str
    good: str
    warn: str
    bad: str

    def lamp(self, lamp: int) -> str:
        """Colour of a lamp (`commandcenter.domain.case.Lamp`): quiet until it matters."""
        return (self.ink_quiet, self.lamp_soon, self.lamp_overdue)[lamp]


DAY = Tokens(
    look="day",
    window="#F4F6F8",
    panel="#FFFFFF",
    raised="#EDF1F5",
    line="#D5DCE4",
    ink="#17212B",
    ink_normal="#4A5866",
    ink_quiet="#5A6876",
    accent="#1F5FBF",
    accent_soft="#E3ECF9",
    selection="#D7E6FB",
    on_accent="#FFFFFF",
    grades=("#C8102E", "#D9660A", "#B98900", "#1F6FD1", "#2C8A4B"),
    on_grades=("#FFFFFF", "#FFFFFF", "#FFFFFF", "#FFFFFF", "#FFFFFF"),
    lamp_soon="#8A5E00",
    lamp_overdue="#C8102E",
    alarm_soft="#FDF0F2",
    good="#1B7339",
    warn="#8A5E00",
    bad="#C8102E",
)

NIGHT = Tokens(
    look="night",
    window="#10161D",
    panel="#18212B",
    raised="#212D39",
    line="#2E3C4A",
    ink="#E8EEF4",
    ink_normal="#A9B7C5",
    ink_quiet="#8FA0B1",
    accent="#5AA0F2",
    accent_soft="#1B3350",
    selection="#1C364E",
    on_accent="#0C1724",
    grades=("#FF5A6A", "#FF9A3D", "#F4CE4B", "#5BA8FF", "#4CC38A"),
    on_grades=("#1B0508", "#1F1000", "#1D1700", "#04162B", "#03190E"),
    lamp_soon="#F4CE4B",
    lamp_overdue="#FF7480",
    alarm_soft="#3A1D25",
    good="#4CC38A",
    warn="#F4CE4B",
    bad="#FF7480",
)

WALL = Tokens(
    look="wall",
    window="#0A0F15",
    panel="#111A23",
    raised="#1C2A37",
    line="#1C2A37",
    ink="#E8EEF4",
    ink_normal="#A9B7C5",
    ink_quiet="#8FA3B5",
    accent="#7FC0FF",
    accent_soft="#15314D",
    selection="#15314D",
    on_accent="#06121F",
    grades=("#FF4D5E", "#FF9A3D", "#F4CE4B", "#5BA8FF", "#3FBF85"),
    on_grades=("#1B0508", "#1F1000", "#1D1700", "#04162B", "#03190E"),
    lamp_soon="#F4CE4B",
    lamp_overdue="#FF6B79",
    alarm_soft="#3A1D25",
    good="#3FBF85",
    warn="#F4CE4B",
    bad="#FF6B79",
)

LOOKS: dict[Look, Tokens] = {"day": DAY, "night": NIGHT, "wall": WALL}


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two ``#RRGGBB`` colours, 1 to 21."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
