"""What an event of the demo's traffic becomes at the desk: a report to be registered."""

from commandcenter.demo.traffic import TrafficEvent
from commandcenter.domain.case import Grade
from commandcenter.services.new_report import Citizen, NewReport


def report_of(event: TrafficEvent, about: TrafficEvent | None = None, *, proposed: int | None = None) -> NewReport:
    """What `event` tells; with `about` its citizen tells of that matter, in those words. `proposed`: the category suggested."""
    matter = about or event
    return NewReport(
        channel_id=event.channel_id,
        content=matter.content,
        title=matter.title,
        kind=matter.kind,
        category_id=matter.category_id,
        grade=Grade(matter.grade),
        area_id=matter.area_id,
        lon=matter.lon,
        lat=matter.lat,
        place=matter.place,
        foreign_number=event.foreign_number,
        citizen=Citizen(event.name, event.phone, event.address, event.confidential),
        proposed_category_id=proposed,
    )
