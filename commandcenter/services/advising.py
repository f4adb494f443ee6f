"""What is suggested while a report is typed: category, kind, grade, units, place; learned here, and nothing leaves the machine.

Opening reads and prepares; asking afterwards is pure, synchronous and takes some milliseconds.
"""

from asyncio import to_thread
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from commandcenter.clock import SHANGHAI
from commandcenter.db import learning, reads
from commandcenter.db.engine import Database
from commandcenter.domain.case import Grade
from commandcenter.errors import PersonError
from commandcenter.intake.category import sample
from commandcenter.intake.category.grade import GradeProposal, propose_grade
from commandcenter.intake.category.kind import KindProposal, propose_kind
from commandcenter.intake.category.model import Model
from commandcenter.intake.category.nudge import Nudge
from commandcenter.intake.category.training import train_cold
from commandcenter.services.places import PlaceBook, load_book
from commandcenter.services.proposal import Proposal, propose_units
from commandcenter.services.reference import Category, Reference

MOST = 3
"""Categories that are suggested."""
_ENTITIES = frozenset({"model", "correction", "categories", "places", "areas", "everything"})
_PLACES = frozenset({"places", "areas", "everything"})
_KEPT = 2
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_read: OrderedDict[bytes, Model] = OrderedDict()
"""Models that were read by this process, by their hash: several pages share one."""


@dataclass(frozen=True, slots=True)
class PlaceGuess:
    """A place that the text may mean; ``score`` 0 to 1, degrees WGS-84 where they are known."""

    area_id: int
    name: str
    score: float
    lon: float | None
    lat: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """Suggestions about one report; empty where nothing can be said."""

    categories: tuple[tuple[int, float], ...]
    """At most three, the most probable first."""
    kind: KindProposal
    grade: GradeProposal
    units: tuple[Proposal, ...]
    """For the chosen category, or for the best suggested one."""
    places: tuple[PlaceGuess, ...]
    why: tuple[tuple[str, ...], ...] = ()
    """For each of the categories the words that spoke for it."""


@dataclass(frozen=True)
class Advisor:
    """Immutable: what changes brings a new one, see `renewed`."""

    reference: Reference
    model: Model
    version: int
    """Of the model; 0 is the cold start, by names and keywords of the categories."""
    trouble: str
    """Why the stored model is not used, in one sentence; '' usually."""
    nudge: Nudge
    book: PlaceBook

    @classmethod
    async def open(cls, db: Database, reference: Reference) -> "Advisor":
        """Read the model in use, corrections since, and the gazetteer. Raises PersonError where the database does not answer."""
        model, version, trouble, nudge = await _learned(db, reference)
        return cls(reference, model, version, trouble, nudge, await load_book(db))

    async def renewed(self, db: Database, reference: Reference, entities: frozenset[str]) -> "Advisor":
        """The advisor after `entities` (of the feed) changed: itself where none of them matters. Raises PersonError."""
        if entities.isdisjoint(_ENTITIES):
            return self if reference is self.reference else replace(self, reference=reference)
        model, version, trouble, nudge = await _learned(db, reference)
        book = self.book if entities.isdisjoint(_PLACES) else await load_book(db)
        return Advisor(reference, model, version, trouble, nudge, book)

    def advise(
        self,
        *,
        content: str,
        title: str = "",
        name: str = "",
        category_id: int | None = None,
        area_id: int | None = None,
        place: str = "",
        repeats: int = 0,
        now: datetime,
    ) -> Advice:
        """Suggest, for what is typed so far.

        `category_id`, `area_id`: what the officer has chosen; units and grade follow it. `place`: the address as typed,
        which goes before places mentioned in the content. `name`: the citizen's, never read as a place. `repeats`: how
        often it was reported before.
        """
        text = sample.text_of(content, title)
        categories, why = self._categories(text)
        chosen = category_id if category_id is not None else next((each for each, _ in categories), None)
        known = self.reference.categories.get(chosen) if chosen is not None else None
        said = content.replace(name, "|") if len(name.strip()) > 1 else content
        places = self._places(said, place)
        sure = next((each.area_id for each in places if each.score >= self.book.threshold), None)
        return Advice(
            categories=categories,
            kind=propose_kind(text),
            grade=propose_grade(text, repeats, known.default_grade if known is not None else Grade.GREEN),
            units=propose_units(
                self.reference,
                category_id=chosen,
                area_id=area_id if area_id is not None else sure,
                today=now.astimezone(SHANGHAI).date(),
            ),
            places=places,
            why=why,
        )

    def _categories(self, text: str) -> tuple[tuple[tuple[int, float], ...], tuple[tuple[str, ...], ...]]:
        if not text:
            return (), ()
        known = self.reference.categories
        gone = sum(int(label) not in known for label in self.model.labels)
        found = [each for each in self.model.suggest(text, top=MOST + gone) if int(each.label) in known]
        nudged = self.nudge.find(text)
        if nudged is not None and int(nudged[0]) in known:
            label, alike = nudged
            own = next((each for each in found if each.label == label), sample.Suggestion(label, 0.0))
            first = replace(own, probability=max(own.probability, alike))
            left = (1 - first.probability) / max(1 - own.probability, 1e-9)
            found = [
                first,
                *(replace(each, probability=each.probability * min(1.0, left)) for each in found if each is not own),
            ]
        found = found[:MOST]
        return tuple((int(each.label), each.probability) for each in found), tuple(each.why for each in found)

    def _places(self, content: str, place: str) -> tuple[PlaceGuess, ...]:
        found = self.book.gazetteer.find(place) if place.strip() else ()
        if not found and content:
            found = self.book.gazetteer.find(content, fuzzy=False)
        return tuple(PlaceGuess(each.area_id, each.name, each.score, each.lon, each.lat, each.reason) for each in found)


def taught_by_name(categories: Iterable[Category | Row[Any]]) -> tuple[sample.Category, ...]:
    """The categories that reports are put into, those without any below, as they are guessed without samples."""
    every = sorted(categories, key=lambda each: each.id)
    inner = {each.parent_id for each in every}
    return tuple(
        sample.Category(str(each.id), tuple(each.keywords), each.name, tuple(each.path_name.split(" › ")[:-1]))
        for each in every
        if each.id not in inner
    )


async def _learned(db: Database, reference: Reference) -> tuple[Model, int, str, Nudge]:
    async with db.begin() as connection:
        found = await reads.rows(connection, learning.ACTIVE, kind="category")
        numbers = {row.name: row.value for row in await reads.rows(connection, learning.NUMBERS)}
        corrected = await reads.rows(
            connection,
            learning.FRESH_CORRECTIONS,
            since=found[0].made_at if found else _EARLIEST,
            most=numbers["model_corrections"],
        )
        model, version, trouble = None, 0, ""
        if found:
            try:
                model, version = await _stored(connection, found[0].id, bytes(found[0].sha256)), found[0].version
            except PersonError as error:
                trouble = f"第 {found[0].version} 版分类模型用不了：{error.sentence}暂按分类的名称和关键词建议。"
    if model is None:
        model = await to_thread(_cold, taught_by_name(reference.categories.values()))
    newest_first = sorted(corrected, key=lambda row: row.at, reverse=True)
    nudge = Nudge.of([(sample.text_of(row.content, row.title), str(row.chosen)) for row in newest_first])
    return model, version, trouble, nudge


async def _stored(connection: AsyncConnection, model_id: int, mark: bytes) -> Model:
    if mark not in _read:
        [row] = await reads.rows(connection, learning.CONTENT, model_id=model_id)
        content = bytes(row.content)
        _read[mark] = await to_thread(read_model, content, mark)
        while len(_read) > _KEPT:
            _read.popitem(last=False)
    _read.move_to_end(mark)
    return _read[mark]


def read_model(content: bytes, mark: bytes) -> Model:
    """The category model in `content`, whose SHA-256 is `mark`. Raises PersonError where it is damaged or something else."""
    if sha256(content).digest() != mark:
        raise PersonError("模型文件已损坏。", "请重新训练一次，或启用别的版本。")
    model = Model.from_bytes(content)
    if not all(label.isascii() and label.isdecimal() for label in model.labels):
        raise PersonError("这不是本中心的分类模型。", "请重新训练一次，或启用别的版本。")
    return _ready(model)


@lru_cache(maxsize=_KEPT)
def _cold(categories: tuple[sample.Category, ...]) -> Model:
    return _ready(train_cold(categories or (sample.Category("0", name="其他"),)))


def _ready(model: Model) -> Model:
    """Asked once, so that what it looks up by is there before anybody types."""
    model.suggest("诉求")
    return model
