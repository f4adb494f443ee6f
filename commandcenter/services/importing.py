"""Taking in another system's file: every row is accepted, a duplicate of a named report, or rejected with its reason.

One transaction a file: what ends in the middle leaves nothing.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from commandcenter.db import bulk, reads
from commandcenter.db.engine import Database
from commandcenter.domain.case import Grade
from commandcenter.domain.moment import micros
from commandcenter.errors import PersonError
from commandcenter.intake.profile import Profile
from commandcenter.intake.reader import Accepted, read_file
from commandcenter.intake.rejects import RejectFile, reject_path
from commandcenter.intake.row import ImportRow, fingerprint
from commandcenter.intake.title import title_of
from commandcenter.services.places import PlaceBook, book_in

CHUNK = 4_000
"""Rows a batch: bounds memory, whatever the file's size."""
SAMPLE = 20
"""Duplicates that are named in the answer."""
UNPLACED = 1_000
"""Rows without an area that are named in the answer."""
BARE_ORDINAL = 4
"""Digits of a number that any other file may use again."""
DEFAULT_CHANNEL = "12345热线"

_AREA = bulk.INTAKE_COLUMNS.index("area_id")
_KINDS = ("咨询", "求助", "投诉", "举报", "建议", "表扬")
_GRADES = dict(zip("红橙黄蓝绿", Grade, strict=True))


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: ``accepted + duplicates + rejected == rows``."""

    rows: int
    accepted: int
    duplicates: int
    rejected: int
    reject_file: Path | None
    encoding: str
    sheet: str
    columns: Mapping[str, str]
    duplicate_of: tuple[tuple[int, str], ...]
    """(row of the file, number of the case that has its report already), the first few."""
    unplaced: int = 0
    """How many of the accepted have no area: no point in a grid, and no address that is sure enough."""
    unplaced_rows: tuple[int, ...] = ()
    """Their rows, the first `UNPLACED`."""


@dataclass(frozen=True)
class Known:
    """What a row's words are looked up in."""

    channels: Mapping[str, int]
    channel_names: Mapping[int, str]
    categories: Mapping[str, int]
    places: PlaceBook

    def channel(self, words: str) -> int | None:
        """The channel of that name, code or id; None where there is none."""
        return self.channels.get(_key(words))

    def category(self, words: str) -> int | None:
        """The category of that path, or of its last part where only one has that name."""
        if not words:
            return None
        parts = [
            part for part in words.replace("/", "›").replace(">", "›").replace("-", "›").split("›") if part.strip()
        ]
        for start in range(len(parts)):
            found = self.categories.get(_key("›".join(parts[start:])))
            if found is not None:
                return found
        return None


@dataclass
class _Tally:
    rows: int = 0
    rejected: int = 0
    repeated: list[tuple[int, int]] = field(default_factory=list)
    unplaced: set[int] = field(default_factory=set)


async def load_known(db: Database) -> Known:
    """Read channels, categories and places as the asker may see them."""
    async with db.begin() as connection:
        channels = await reads.rows(connection, reads.CHANNELS)
        categories = await reads.rows(connection, reads.CATEGORIES)
        places = await book_in(connection)
    by_word = {_key(str(word)): each.id for each in channels for word in (each.id, each.code, each.name)}
    names: dict[str, list[int]] = {}
    for each in categories:
        names.setdefault(_key(each.name), []).append(each.id)
    unique = {name: ids[0] for name, ids in names.items() if len(ids) == 1}
    paths = {_key(each.path_name): each.id for each in categories}
    return Known(
        by_word,
        {each.id: each.name for each in channels},
        unique | paths,
        places,
    )


def _key(words: str) -> str:
    return "".join(words.split()).casefold()


async def import_file(
    db: Database,
    path: Path,
    *,
    profile: Profile | None = None,
    channel: str = "",
    crs: str | None = None,
    dry_run: bool = False,
    spare_folder: Path,
    progress: Callable[[str], None],
) -> Imported:
    """Take in a file. `dry_run` does everything and undoes it; no reject file is written then.

    Rejected rows go to a file beside the source, or to `spare_folder` where that cannot be written. Raises PersonError.
    """
    known = await load_known(db)
    wanted = channel or (profile.channel if profile else "")
    chosen = known.channel(wanted) if wanted else None
    if wanted and chosen is None:
        raise PersonError(f"没有“{wanted}”这个渠道。", f"可用：{'、'.join(known.channel_names.values())}。")
    default = known.channel(DEFAULT_CHANNEL) or min(known.channel_names)
    file = read_file(path, profile=profile, crs=crs)
    tally = _Tally()
    rejects = _rejects(path, file.header, spare_folder)

    def chunks() -> Iterator[list[tuple[Any, ...]]]:
        rows: list[tuple[Any, ...]] = []
        for one in file.rows:
            tally.rows += 1
            if isinstance(one, Accepted):
                rows.append(record(one.row_no, one.row, known, chosen, default))
                if rows[-1][_AREA] is None:
                    tally.unplaced.add(one.row_no)
            else:
                tally.rejected += 1
                if not dry_run:
                    rejects.add(one)
            if len(rows) == CHUNK:
                yield rows
                rows = []
        yield rows

    async with bulk.loading(db, keep=not dry_run) as connection:
        with rejects:
            async for taken in bulk.take_all(connection, chunks()):
                tally.repeated += [(each.row_no, each.case_id) for each in taken.repeated]
                progress(f"已读入 {tally.rows} 行")
        sample = tally.repeated[:SAMPLE]
        numbers = await bulk.case_numbers(connection, [case_id for _, case_id in sample])
    duplicates = len(tally.repeated)
    unplaced = sorted(tally.unplaced.difference(row_no for row_no, _ in tally.repeated))
    return Imported(
        rows=tally.rows,
        accepted=tally.rows - tally.rejected - duplicates,
        duplicates=duplicates,
        rejected=tally.rejected,
        reject_file=rejects.path if rejects.count else None,
        encoding=file.encoding,
        sheet=file.sheet,
        columns=file.understood(),
        duplicate_of=tuple((row_no, numbers[case_id]) for row_no, case_id in sample),
        unplaced=len(unplaced),
        unplaced_rows=tuple(unplaced[:UNPLACED]),
    )


def _rejects(path: Path, header: tuple[str, ...], spare_folder: Path) -> RejectFile:
    folder = path.absolute().parent
    return RejectFile(reject_path(path, folder if os.access(folder, os.W_OK) else spare_folder), header)


def mark(row: ImportRow, channel_id: int, channel_name: str) -> bytes:
    """What makes a second delivery recognisable: the other system's number as ``cc.register`` has it, or what was said."""
    number = row.foreign_number
    if number and not (number.isdigit() and len(number) <= BARE_ORDINAL):
        return hashlib.sha256(f"number\x1f{channel_id}\x1f{number}".encode()).digest()
    return fingerprint(row, channel=channel_name)


def record(row_no: int, row: ImportRow, known: Known, chosen: int | None, default: int) -> tuple[Any, ...]:
    """A row of the bulk intake: `chosen` is the channel for the whole file, `default` that of a row that names none."""
    channel = chosen or (known.channel(row.channel_name) if row.channel_name else None) or default
    area = known.places.locator.at(row.lon, row.lat) or known.places.area_of(row.town, row.community, row.place)
    if area is None:
        area = known.places.area_mentioned(row.content)
    grade = next((value for word, value in _GRADES.items() if row.more.get("grade", "").startswith(word)), None)
    return (
        row_no,
        row_no,
        channel,
        row.foreign_number or None,
        mark(row, channel, known.channel_names[channel]),
        next((kind for kind in _KINDS if kind in row.kind), "其他"),
        known.category(row.category),
        grade,
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
        bulk.grams(row.content),
        row.raw_json(),
    )
