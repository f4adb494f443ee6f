"""The county's outlines for a map, read once from the database."""

from commandcenter.services.reference import load_outlines
from ui.map.areas import MapArea
from ui.map.view import MapView
from ui.session import Session

LEVELS = ("county", "town", "community", "grid")


async def bring_outlines(session: Session, view: MapView) -> None:
    """Give `view` the outlines of county and towns. Raises PersonError where the database is away."""
    outlines = await load_outlines(session.database(), LEVELS)
    areas = [area for area in session.reference.areas.values() if area.level in LEVELS]
    view.set_areas([MapArea(area.id, area.name, area.level, outlines.get(area.id), area.population) for area in areas])
