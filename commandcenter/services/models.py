"""Models learned from the centre's own archive: trained by one action, kept version by version, one of a kind in use.

What is learned from: texts of reports whose category a person has confirmed by grading, and what officers put right, which
counts for more. Nothing leaves the machine; learning runs in a process of its own.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event
from typing import Any, Literal
from uuid import UUID

from commandcenter.db import learning, reads
from commandcenter.db.engine import Database
from commandcenter.db.verbs import call
from commandcenter.intake.category import sample
from commandcenter.intake.category.lesson import Lesson, learn
from commandcenter.services.advising import taught_by_name
from commandcenter.services.apart import Told, run_apart

Kind = Literal["category", "repeats"]
KINDS: tuple[Kind, ...] = ("category", "repeats")
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A model that was trained: what it came from and how good it was on texts that it had not seen."""

    id: int
    kind: str
    version: int
    made_at: datetime
    made_by: str
    size: int
    sha256: str
    active: bool
    figures: Mapping[str, Any]
    training: Mapping[str, Any]

    @property
    def macro_f1(self) -> float | None:
        """Mean of the categories' F1; None where it was not measured."""
        found = self.figures.get("macro_f1")
        return None if found is None else float(found)


@dataclass(frozen=True, slots=True)
class Trained:
    """The new version, and what was in use before it; ``model.active`` says whether it came into use."""

    model: ModelVersion
    before: ModelVersion | None


@dataclass(frozen=True, slots=True)
class Corrections:
    """How often officers chose another category than the one proposed: ever, and since the model in use was made."""

    number: int
    fresh: int


async def read_versions(db: Database, kind: Kind | None = None) -> tuple[ModelVersion, ...]:
    """All versions, the newest of each kind first."""
    async with db.begin() as connection:
        return tuple(
            ModelVersion(
                row.id, row.kind, row.version, row.made_at, row.made_by, row.size, row.sha256, row.active,
                json.loads(row.figures), json.loads(row.training),
            )
            for row in await reads.rows(connection, learning.VERSIONS, kind=kind)
        )  # fmt: skip


async def read_corrections(db: Database) -> Corrections:
    """Count them, as far as the asker sees their cases."""
    async with db.begin() as connection:
        found = await reads.rows(connection, learning.ACTIVE, kind="category")
        [row] = await reads.rows(connection, learning.CORRECTIONS, since=found[0].made_at if found else _EARLIEST)
    return Corrections(row.number, row.fresh)


async def train(
    db: Database, kind: Kind = "category", *, progress: Told | None = None, cancel: Event | None = None, key: UUID
) -> Trained:
    """Learn a new version and keep it; it comes into use where it is no worse than what is. Raises PersonError.

    `cancel`, once set, ends it within a moment, and nothing is kept (Stopped).
    """
    loop = asyncio.get_running_loop()
    stop = cancel or Event()

    def told(share: float, words: str) -> None:
        if progress is not None:
            loop.call_soon_threadsafe(progress, share, words)

    told(0.0, "正在读取档案")
    lesson = await _read(db, kind)
    work = asyncio.ensure_future(asyncio.to_thread(run_apart, learn, lesson, told, stop))
    try:
        learned = await asyncio.shield(work)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.gather(work, return_exceptions=True)
        raise
    told(1.0, "正在保存模型")
    before = next((each for each in await read_versions(db, kind) if each.active), None)
    saved = await call(
        db,
        "save_model",
        kind=kind,
        content=learned.content,
        figures=json.dumps(learned.figures, ensure_ascii=False),
        training=json.dumps(learned.training, ensure_ascii=False),
        use=True,
        key=key,
    )
    made = next(each for each in await read_versions(db, kind) if each.id == saved.case_id)
    return Trained(made, before)


async def use(db: Database, *, model_id: int, despite: bool = False, key: UUID) -> None:
    """Have that version suggest from now on, on every desk. Raises PersonError.

    One whose figures are worse than those of what is in use is refused with both figures, unless `despite`.
    """
    await call(db, "use_model", model=model_id, despite=despite, key=key)


async def _read(db: Database, kind: Kind) -> Lesson:
    async with db.begin() as connection:
        numbers = {row.name: row.value for row in await reads.rows(connection, learning.NUMBERS)}
        most = numbers["model_samples"]
        if kind == "repeats":
            rows = await reads.rows(connection, learning.EVERY_TEXT, most=most)
            samples = [sample.Sample("", row.content) for row in reversed(rows)]
            return Lesson(kind, tuple(samples), (), {}, {**_span(rows), "settings": {"model_samples": most}})
        rows = await reads.rows(connection, learning.CONFIRMED, most=most)
        categories = await reads.rows(connection, reads.CATEGORIES)
    weight = float(numbers["model_correction_weight"])
    rows.sort(key=lambda row: (row.received_at, row.id))
    samples = [
        sample.Sample(
            str(row.category_id), sample.text_of(row.content, row.title), weight if row.corrected else 1.0
        )
        for row in rows
    ]  # fmt: skip
    facts = {
        **_span(rows),
        "corrections": sum(row.corrected for row in rows),
        "channels": {str(number): count for number, count in Counter(row.channel_id for row in rows).items()},
        "settings": {"model_samples": most, "model_correction_weight": numbers["model_correction_weight"]},
    }
    names = {str(row.id): row.path_name for row in categories}
    return Lesson(kind, tuple(samples), taught_by_name(categories), names, facts)


def _span(rows: Sequence[Any]) -> dict[str, Any]:
    times = [row.received_at for row in rows]
    return {
        "samples": len(rows),
        "from": min(times).isoformat() if times else None,
        "until": max(times).isoformat() if times else None,
    }
