"""A report as it is handed in, to become a case of its own, to go into one that is there, or to be answered at once."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from commandcenter.domain.case import Grade


@dataclass(frozen=True, slots=True)
class Citizen:
    """A citizen's own data; it goes into the database's guarded table and nowhere else."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class NewReport:
    """What one citizen says on one channel, and what an officer made of it."""

    channel_id: int
    content: str = field(repr=False)
    title: str = field(default="", repr=False)
    kind: str = ""
    """'' where nobody said: 其他, and 咨询 of what is answered on the spot."""
    category_id: int | None = None
    grade: Grade | None = None
    """None where nobody graded it: it waits for that, but what is answered on the spot is green."""
    area_id: int | None = None
    lon: float | None = field(default=None, repr=False)
    """Degrees, WGS-84; likewise `lat`."""
    lat: float | None = field(default=None, repr=False)
    place: str = field(default="", repr=False)
    foreign_number: str = ""
    """Its number in the system it comes from."""
    citizen: Citizen = Citizen()
    received_at: datetime | None = None
    """When it was really received, where it could not be registered then; at most a day ago (setting ``late_hours``), and
    written down as late."""
    proposed_category_id: int | None = None
    """What had been suggested; another category is a correction, which is learned from."""

    def arguments(self) -> dict[str, Any]:
        """The arguments of every verb of the database that takes in a report; what was proposed is no part of the deed."""
        return {
            "channel": self.channel_id,
            "content": self.content,
            "title": self.title,
            "kind": self.kind,
            "category": self.category_id,
            "grade": self.grade,
            "area": self.area_id,
            "lon": self.lon,
            "lat": self.lat,
            "place": self.place,
            "foreign_number": self.foreign_number,
            "name": self.citizen.name,
            "phone": self.citizen.phone,
            "address": self.citizen.address,
            "confidential": self.citizen.confidential,
            "received_at": self.received_at,
        }
