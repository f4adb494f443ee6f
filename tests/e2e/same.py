"""Whether a mirror holds what the database says: compared with a snapshot taken now, case by case, column by column."""

from typing import Any

import numpy as np

from commandcenter.live.desk import Desk
from commandcenter.live.mirror import COLUMNS, TEXTS, Mirror


def contents(mirror: Mirror) -> dict[int, tuple[Any, ...]]:
    """Every case the mirror holds, by id. NaN becomes None, so that it equals itself."""
    slots = mirror.slots()
    columns = [getattr(mirror, name)[slots].tolist() for name in COLUMNS]
    columns += [[mirror.texts[name][slot] for slot in slots.tolist()] for name in TEXTS]
    rows = zip(*columns, strict=True)
    return {row[0]: tuple(None if value != value else value for value in row) for row in rows}  # noqa: PLR0124 - NaN


async def fresh(url: str) -> dict[int, tuple[Any, ...]]:
    """What somebody who signs in now is shown."""
    desk = await Desk.open(url)
    try:
        assert len(np.unique(desk.mirror.id[desk.mirror.slots()])) == len(desk.mirror)
        return contents(desk.mirror)
    finally:
        await desk.close()
