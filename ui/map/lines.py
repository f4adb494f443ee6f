"""Lines over the map: from a called unit to the place it is called to, and its check-in where it has arrived."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from commandcenter.domain.whistle import PartyState, WhistleState
from ui.map.points import Origin

if TYPE_CHECKING:
    from commandcenter.domain.whistle import Party, Whistle
    from commandcenter.services.reference import Reference

GONE = frozenset({PartyState.RELEASED, PartyState.CONFIRMED, PartyState.SCORED})


@dataclass(frozen=True, slots=True)
class MapLine:
    """From one place to another (longitude, latitude, WGS-84); solid with a mark where somebody is `there`."""

    start: tuple[float, float]
    end: tuple[float, float]
    there: bool
    late: bool

    def as_json(self, origin: Origin, tokens: Mapping[str, Any]) -> dict[str, Any]:
        """The form the canvases read: metres from the origin, and the colour of its state."""
        lon, lat = (np.array(pair, np.float64) for pair in zip(self.start, self.end, strict=True))
        x, y = origin.relative(lon, lat)
        colour = tokens["lamp_overdue"] if self.late else tokens["accent"]
        return {
            "x1": float(x[0]), "y1": float(y[0]), "x2": float(x[1]), "y2": float(y[1]),
            "there": self.there, "colour": colour,
        }  # fmt: skip


def whistle_lines(whistles: Iterable["Whistle"], reference: "Reference", now: datetime) -> list[MapLine]:
    """A line for every unit that is called or there, where both its seat and the case's place are known.

    A unit's seat is its own area's, or that of the nearest unit above it: a department sits where the centre does.
    """
    lines = []
    for whistle in whistles:
        if whistle.state != WhistleState.OPEN or whistle.lon is None or whistle.lat is None:
            continue
        for party in whistle.parties:
            seat = _seat(reference, party.unit_id)
            if party.state in GONE or seat is None:
                continue
            lines.append(MapLine(seat, _end(party, whistle.lon, whistle.lat), _is_there(party), _is_late(party, now)))
    return lines


def _end(party: "Party", lon: float, lat: float) -> tuple[float, float]:
    """Where it checked in, or the place it is called to."""
    return (party.lon, party.lat) if party.lon is not None and party.lat is not None else (lon, lat)


def _is_there(party: "Party") -> bool:
    return party.checked_in_at is not None


def _is_late(party: "Party", now: datetime) -> bool:
    due = party.clock(now)[1]
    return due is not None and now > due


def _seat(reference: "Reference", unit_id: int | None) -> tuple[float, float] | None:
    """Longitude and latitude of the nearest area on the way up from the unit; None where none has a place."""
    seen: set[int] = set()
    while unit_id is not None and unit_id not in seen and unit_id in reference.units:
        seen.add(unit_id)
        unit = reference.units[unit_id]
        area = reference.areas.get(unit.area_id or 0)
        if area is not None and area.lon is not None and area.lat is not None:
            return area.lon, area.lat
        unit_id = unit.parent_id
    return None
