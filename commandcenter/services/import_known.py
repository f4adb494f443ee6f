"""What the words of another system's file mean here: channels, categories, kinds, grades, places; rows made ready."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from commandcenter.db import bulk, importing, reads
from commandcenter.db.engine import Database
from commandcenter.domain.case import Grade
from commandcenter.domain.moment import micros
from commandcenter.errors import PersonError
from commandcenter.intake.profile import Profile
from commandcenter.intake.reader import Accepted
from commandcenter.intake.row import ImportRow, fingerprint
from commandcenter.intake.times import Times
from commandcenter.intake.title import title_of
from commandcenter.services.places import PlaceBook, book_in

BARE_ORDINAL = 4
"""Digits of a number that any other file may use again."""
DEFAULT_CHANNEL = "12345热线"
KINDS = ("咨询", "求助", "投诉", "举报", "建议", "表扬")
OTHER = "其他"
GRADES = dict(zip("红橙黄蓝绿", Grade, strict=True))
MOST_WORDS = 500
"""Different words of a field that are listed: a field with more is no enumeration."""
_JSON = json.JSONEncoder(ensure_ascii=False)
_OWN = {"status": "status", "reply": "reply", "unit": "unit_name"}


class NoSuchChannel(PersonError):
    """Not the file's fault: whoever says where it comes from names no channel."""

    def __init__(self, words: str, names: Sequence[str]) -> None:
        super().__init__(f"没有“{words}”这个渠道。", f"可用：{'、'.join(names)}。")
        self._facts = words, tuple(names)

    def __reduce__(self) -> tuple[type["NoSuchChannel"], tuple[str, Sequence[str]]]:
        """Keep it picklable: it is made from its facts, not from its sentence."""
        return NoSuchChannel, self._facts


Record = tuple[Any, ...]
"""A row of ``bulk.IMPORT_COLUMNS``."""
AT = {name: index for index, name in enumerate(bulk.IMPORT_COLUMNS)}
"""Where each fact stands in a record."""


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word of the file that means nothing here: its field, how many rows have it, and the first of them."""

    field: str
    word: str
    rows: int
    first_row: int


@dataclass
class Known:
    """What a row's words are looked up in, and what was not found there."""

    channels: Mapping[str, int]
    channel_names: Mapping[int, str]
    categories: Mapping[str, int]
    places: PlaceBook
    times: Times
    """When a report can have been received."""
    category_names: Mapping[int, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Field → the source's word, folded → ours."""
    kept: tuple[str, ...] = ()
    """The fields of the other system's own that are kept beside ours."""
    _unknown: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    _meant: dict[tuple[str, str], Any] = field(default_factory=dict)
    _areas: dict[tuple[str, str, str], int | None] = field(default_factory=dict)

    def channel(self, words: str) -> int | None:
        """The channel of that name, code or id; None where there is none."""
        return self.channels.get(key_of(words))

    def category(self, words: str) -> int | None:
        """The category of that path, or of its last part where only one has that name."""
        if not words:
            return None
        parts = [
            part for part in words.replace("/", "›").replace(">", "›").replace("-", "›").split("›") if part.strip()
        ]
        for start in range(len(parts)):
            found = self.categories.get(key_of("›".join(parts[start:])))
            if found is not None:
                return found
        return None

    @property
    def default_channel(self) -> int:
        """Where a row comes in that names no channel."""
        return self.channel(DEFAULT_CHANNEL) or min(self.channel_names)

    def unknown(self) -> tuple[UnknownWord, ...]:
        """The words that meant nothing, the most frequent first."""
        found = [UnknownWord(name, word, count, row) for (name, word), (count, row) in self._unknown.items()]
        return tuple(sorted(found, key=lambda each: (-each.rows, each.field, each.word)))

    def records(self, rows: Sequence[Accepted], chosen: int | None, default: int) -> list[Record]:
        """Rows for the bulk intake: `chosen` is the channel of the whole file, `default` that of a row that names none."""
        areas = self._located(rows)
        grams = bulk.all_grams([one.row.content for one in rows])
        return [
            self._record(one.row_no, one.row, area, pairs, chosen, default)
            for one, area, pairs in zip(rows, areas, grams, strict=True)
        ]

    def _record(
        self, row_no: int, row: ImportRow, area: int | None, grams: str, chosen: int | None, default: int
    ) -> Record:
        channel = chosen or self._mean("channel", row.channel_name, row_no, self.channel) or default
        return (
            row_no,
            row_no,  # a matter of its own: what repeats another is linked afterwards, and the link can be undone
            channel,
            row.foreign_number or None,
            mark(row, channel, self.channel_names[channel]),
            self._mean("kind", row.kind, row_no, _kind) or OTHER,
            self._mean("category", row.category, row_no, self.category),
            self._mean("grade", row.more.get("grade", ""), row_no, _grade),
            title_of(row.content, row.citizen_name, given=row.title),
            row.content,
            bulk.printable(row.place or row.community or row.town, 200),
            area,
            row.lon,
            row.lat,
            micros(row.received_at),
            row.citizen_name,
            row.citizen_phone,
            row.citizen_address,
            row.confidential,
            grams,
            row.raw_json(),
            self._source(row),
        )

    def _source(self, row: ImportRow) -> str | None:
        said = {}
        for name in self.kept:
            text = getattr(row, _OWN[name]) if name in _OWN else row.more.get(name, "")
            if text:
                said[name] = text
        return _JSON.encode(said) if said else None

    def _mean(self, name: str, word: str, row_no: int, find: Any) -> Any:
        """What a word means: what the profile says, else what it is found as; None, and remembered, where it is not."""
        if not word:
            return None
        asked = (name, word)
        found = self._meant.get(asked, self)
        if found is not self:  # nearly always: the same words come again in every row
            if found is None and asked in self._unknown:
                self._unknown[asked][0] += 1
            return found
        mapped = self.words.get(name, {}).get(key_of(word))
        found = find(word) if mapped is None else find(mapped) if mapped else None
        if len(self._meant) < MOST_WORDS * 4:
            self._meant[asked] = found
            if found is None and mapped is None and len(self._unknown) < MOST_WORDS:
                self._unknown[asked] = [1, row_no]
        return found

    def _located(self, rows: Sequence[Accepted]) -> list[int | None]:
        """The area of each row: where its point lies, else what its address means, else what its words mention."""
        lon = [float("nan") if one.row.lon is None else one.row.lon for one in rows]
        lat = [float("nan") if one.row.lat is None else one.row.lat for one in rows]
        found: list[int | None] = [area or None for area in self.places.locator.ids_of(lon, lat).tolist()]
        for index, one in enumerate(rows):
            if found[index] is None:
                row = one.row
                words = (row.town, row.community, row.place)
                if words not in self._areas:
                    if len(self._areas) > MOST_WORDS * 100:
                        self._areas.clear()
                    self._areas[words] = self.places.area_of(*words) if any(words) else None
                found[index] = self._areas[words] or self.places.area_mentioned(row.content)
        return found


async def load_known(db: Database, profile: Profile | None = None) -> Known:
    """Read channels, categories and places as the asker may see them, and the profile's words."""
    async with db.begin() as connection:
        channels = await reads.rows(connection, reads.CHANNELS)
        categories = await reads.rows(connection, reads.CATEGORIES)
        rules = await reads.rows(connection, importing.FIELDS)
        [limits] = await reads.rows(connection, importing.TIMES)
        places = await book_in(connection)
    names: dict[str, list[int]] = {}
    for each in categories:
        names.setdefault(key_of(each.name), []).append(each.id)
    unique = {name: ids[0] for name, ids in names.items() if len(ids) == 1}
    paths = {key_of(each.path_name): each.id for each in categories}
    words = profile.words if profile else {}
    return Known(
        _by_word(channels),
        {each.id: each.name for each in channels},
        unique | paths,
        places,
        Times(limits.now, timedelta(hours=limits.ahead_hours), timedelta(days=limits.old_days)),
        {each.id: each.path_name for each in categories},
        {name: {key_of(word): ours for word, ours in each.items()} for name, each in words.items()},
        tuple(rule.field for rule in rules if rule.rule == "source"),
    )


async def need_channel(db: Database, words: str) -> None:
    """Raises NoSuchChannel where there is none of that name, code or id."""
    async with db.begin() as connection:
        channels = await reads.rows(connection, reads.CHANNELS)
    if key_of(words) not in _by_word(channels):
        raise NoSuchChannel(words, [each.name for each in channels])


def _by_word(channels: Sequence[Any]) -> dict[str, int]:
    return {key_of(str(word)): each.id for each in channels for word in (each.id, each.code, each.name)}


def key_of(words: str) -> str:
    """Words as they are compared."""
    return "".join(words.split()).casefold()


def mark(row: ImportRow, channel_id: int, channel_name: str) -> bytes:
    """What makes a second delivery recognisable: the other system's number as ``cc.register`` has it, or what was said."""
    number = row.foreign_number
    if number and not (number.isdigit() and len(number) <= BARE_ORDINAL):
        return hashlib.sha256(f"number\x1f{channel_id}\x1f{number}".encode()).digest()
    return fingerprint(row, channel=channel_name)


def _kind(word: str) -> str | None:
    return next((kind for kind in (*KINDS, OTHER) if kind in word), None)


def _grade(word: str) -> Grade | None:
    return next((grade for colour, grade in GRADES.items() if word.startswith(colour)), None)
