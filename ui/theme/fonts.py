"""The type of the desktop: one family chain, a few sizes in pixels at 1080p, tabular figures everywhere."""

from functools import lru_cache

from PySide6.QtGui import QFont

FAMILIES = ["Noto Sans CJK SC", "Source Han Sans SC", "思源黑体", "Microsoft YaHei", "PingFang SC", "sans-serif"]

QUIET = 14
BODY = 15
LARGE = 18
HEADING = 20
FIGURE = 22


@lru_cache(maxsize=32)
def font(pixels: int = BODY, *, bold: bool = False) -> QFont:
    """A font of the chain in `pixels` (device independent, at least 1). Treat it as read-only: it is shared."""
    made = QFont(FAMILIES)
    made.setPixelSize(max(1, pixels))
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made
