"""What the areas' ground colour says: a figure per town, a few classes, a tint per class; all colours from tokens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ui.map.areas import MapArea

Tokens = Mapping[str, Any]
"""Theme roles: window, panel, raised, line, ink, ink_normal, ink_quiet, accent, accent_soft, selection,
lamp_soon, lamp_overdue as '#RRGGBB', and grades as five of them, red first."""


class Shade(StrEnum):
    """The figure that tints the towns."""

    OPEN = "open"  # 未结
    OVERDUE = "overdue"  # 超期
    PER_PEOPLE = "per_people"  # 每万人未结
    NONE = "none"


@dataclass(frozen=True, slots=True)
class TownCounts:
    """Open and overdue cases per area, in the order of `ids` (ascending)."""

    ids: NDArray[np.int64]
    open: NDArray[np.int64]
    overdue: NDArray[np.int64]


def count_towns(
    areas: Sequence[MapArea], town: NDArray[np.int32], counted: NDArray[np.bool_], overdue: NDArray[np.bool_]
) -> TownCounts:
    """Count the cases of each town; a case whose town is not among `areas` counts nowhere."""
    ids = np.array(sorted(area.id for area in areas if area.level == "town"), np.int64)
    if not len(ids):
        return TownCounts(ids, ids, ids)
    at = np.minimum(np.searchsorted(ids, town), len(ids) - 1)
    known = counted & (ids[at] == town)
    return TownCounts(
        ids,
        np.bincount(at[known], minlength=len(ids)),
        np.bincount(at[known & overdue], minlength=len(ids)),
    )


def figures(shade: Shade, areas: Sequence[MapArea], counts: TownCounts) -> NDArray[np.float64]:
    """The figure of each town of `counts`; NaN where it has none (no population known)."""
    if shade is Shade.OVERDUE:
        return counts.overdue.astype(float)
    if shade is Shade.PER_PEOPLE:
        people_of = {area.id: area.population for area in areas}
        people = np.array([people_of[number] or np.nan for number in counts.ids.tolist()], float)
        return counts.open * 10_000.0 / people
    return counts.open.astype(float)


def breaks(values: NDArray[np.float64]) -> tuple[float, ...]:
    """Up to three ascending round limits that split the towns into classes: half, the next third, the worst sixth."""
    known = values[np.isfinite(values) & (values > 0)]
    if not len(known):
        return ()
    limits = (_round(float(limit)) for limit in np.quantile(known, [0.3, 0.6, 0.85]))
    return tuple(sorted(set(limits)))


def _round(value: float) -> float:
    """To two digits, so that the legend can be read aloud."""
    if value < 10:
        return max(1.0, float(round(value)))
    scale = 10.0 ** (len(str(int(value))) - 2)
    return round(value / scale) * scale


def classes(values: NDArray[np.float64], limits: Sequence[float]) -> NDArray[np.int64]:
    """0 for a town up to the first limit, and so on; -1 where the figure is unknown."""
    return np.where(np.isfinite(values), np.searchsorted(np.asarray(limits, float), values, side="left"), -1)


def mix(base: str, over: str, share: float) -> str:
    """The colour `share` of the way from `base` to `over`, as '#rrggbb'."""
    pairs = zip(_rgb(base), _rgb(over), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def is_dark(tokens: Tokens) -> bool:
    """Whether the theme has light ink on a dark ground."""
    return sum(_rgb(tokens["window"])) < sum(_rgb(tokens["ink"]))


def tints(tokens: Tokens, shade: Shade, count: int) -> list[str]:
    """`count` ground colours, faint to strong; the last one warm when there are at least three, to draw the eye."""
    ground = tokens["panel"]
    dark = is_dark(tokens)
    cool = tokens["accent"] if shade is not Shade.OVERDUE else tokens["grades"][1]
    warm = tokens["grades"][1] if shade is not Shade.OVERDUE else tokens["lamp_overdue"]
    steps = (0.02, 0.09, 0.18, 0.24) if not dark else (0.02, 0.09, 0.17, 0.20)
    found = [mix(ground, cool, steps[min(position, 3)]) for position in range(count)]
    if count > 2:
        found[-1] = mix(ground, warm, 0.20 if not dark else 0.22)
    return found


@dataclass(slots=True)
class Ground:
    """The figure in use and its limits.

    Limits stay while cases come and go, until somebody empties them: a town changes colour because it changed,
    not because others did.
    """

    shade: Shade = Shade.OPEN
    limits: tuple[float, ...] = ()

    def fill(self, tokens: Tokens, areas: Sequence[MapArea], counts: TownCounts) -> tuple[dict[int, str], list[str]]:
        """The colour per town id, and the colours of the classes, faint to strong; both empty without a figure."""
        if self.shade is Shade.NONE:
            return {}, []
        values = figures(self.shade, areas, counts)
        self.limits = self.limits or breaks(values)
        colours = tints(tokens, self.shade, len(self.limits) + 1)
        at = classes(values, self.limits)
        pairs = zip(counts.ids.tolist(), at.tolist(), strict=True)
        return {number: colours[place] for number, place in pairs if place >= 0}, colours


def look(tokens: Tokens) -> dict[str, Any]:
    """The colours of everything else on the map, as the canvases read them."""
    dark = is_dark(tokens)
    return {
        "sea": mix(tokens["window"], tokens["accent"], 0.06 if not dark else 0.0),
        "land": tokens["panel"],
        "edge": mix(tokens["line"], tokens["accent"], 0.35 if not dark else 0.22),
        "fine": mix(tokens["line"], tokens["panel"], 0.3),
        "coast": mix(tokens["line"], tokens["ink_quiet"], 0.6 if not dark else 0.5),
        "label": tokens["ink"] if not dark else mix(tokens["ink_normal"], tokens["ink"], 0.5),
        "halo": tokens["panel"],
        "ring": tokens["accent"],
        "rim": tokens["panel"] if not dark else tokens["window"],
        "density": mix(tokens["ink_quiet"], tokens["accent"], 0.7),
        "grades": list(tokens["grades"]),
    }
