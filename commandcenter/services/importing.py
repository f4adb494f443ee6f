"""Taking in another system's file: every row is accepted, a duplicate of a named report, or rejected with its reason.

A file goes in by batches, each with the run's line about it in one transaction; the same file again goes on where the last
run stopped. A file of one batch, and any file taken in `whole`, leaves all of it or nothing.
"""

import gc
import hashlib
import json
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import aclosing, nullcontext, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from commandcenter.db import bulk, importing
from commandcenter.db.engine import Database
from commandcenter.db.errors import UNREACHABLE
from commandcenter.intake.damage import DamagedTable
from commandcenter.intake.preview import folded
from commandcenter.intake.profile import Profile, recognised
from commandcenter.intake.reader import Accepted, Choices, ImportFile, read_file
from commandcenter.intake.rejects import RejectFile, reject_path
from commandcenter.services.import_duplicates import Duplicates, duplicate_path
from commandcenter.services.import_known import AT, Known, Record, load_known
from commandcenter.services.import_profiles import read_profiles
from commandcenter.services.import_tally import Tally
from commandcenter.services.imported import Imported, NoSuchChannel, Problem, Renewed, Run, Stopped, read_runs

__all__ = ["CHUNK", "Imported", "NoSuchChannel", "Problem", "Renewed", "Run", "Stopped", "import_file", "read_runs"]

CHUNK = 4_000
"""Rows a batch: half a second, in which nobody else can give numbers of the same days."""
_RENEWED = ("row_no", "source", "kind", "category_id", "grade", "content", "place", "area_id", "lon", "lat")


def _nobody(_: int) -> None:
    """Nobody counts along."""


async def import_file(
    db: Database,
    path: Path,
    *,
    profile: Profile | None = None,
    channel: str = "",
    crs: str | None = None,
    choices: Choices | None = None,
    whole: bool = False,
    dry_run: bool = False,
    reject_file: Path | None = None,
    spare_folder: Path,
    progress: Callable[[str], None],
    counted: Callable[[int], None] = _nobody,
) -> Imported:
    """Take in a file. `dry_run` changes nothing and writes no reject file.

    Without a `profile` the one whose header is the file's is taken, where there is one. Rejected rows go to `reject_file`, by
    default beside the source, or in `spare_folder` where that cannot be written. `counted` is told the rows so far after
    each batch; what it raises (`Stopped`) ends the run there. Raises PersonError.
    """
    if profile is None:
        profile = await _recognised(db, path, choices)
    rejects = reject_file or _reject_file(path, spare_folder)
    repeated = Duplicates(None if dry_run else duplicate_path(rejects))
    work = await _Work.of(db, path, profile, channel, crs, choices, rejects, repeated)
    if dry_run:
        return await work.tried(db, progress, counted)
    return await work.done(db, progress, counted, whole=whole)


class _Work:
    """One file on its way."""

    def __init__(
        self,
        file: ImportFile,
        known: Known,
        profile: Profile | None,
        chosen: int | None,
        way: bytes,
        rejects: RejectFile,
        repeated: Duplicates,
    ) -> None:
        self._file = file
        self._known = known
        self._profile = profile
        self._chosen = chosen
        self._default = known.default_channel
        self._way = way
        self._rejects = rejects
        self._repeated = repeated
        self._tally = Tally()
        self._broken: DamagedTable | None = None

    @classmethod
    async def of(
        cls,
        db: Database,
        path: Path,
        profile: Profile | None,
        channel: str,
        crs: str | None,
        choices: Choices | None,
        reject_file: Path,
        repeated: Duplicates,
    ) -> "_Work":
        """Open the file and look up what its words are compared with."""
        known = await load_known(db, profile)
        wanted = channel or (profile.channel if profile else "")
        chosen = known.channel(wanted) if wanted else None
        if wanted and chosen is None:
            raise NoSuchChannel(wanted, list(known.channel_names.values()))
        file = await bulk.aside(lambda: read_file(path, profile=profile, crs=crs, choices=choices, times=known.times))
        said = (
            chosen,
            profile and (sorted(profile.columns.items()), profile.dates),
            crs or (profile and profile.crs),
            str(choices),
        )
        way = hashlib.sha256(json.dumps(said, ensure_ascii=False, default=str).encode()).digest()
        return cls(file, known, profile, chosen, way, RejectFile(reject_file, file.header), repeated)

    async def tried(self, db: Database, progress: Callable[[str], None], counted: Callable[[int], None]) -> Imported:
        """Count what would become of it. Nothing is locked and nobody has to wait."""
        tally = self._tally
        seen: dict[bytes, int] = {}
        async with bulk.session(db) as connection:
            chunks = self._chunks(0, keep=False)
            while (chunk := await bulk.aside(lambda: next(chunks, None))) is not None:
                marks = [record[AT["fingerprint"]] for record in chunk]
                here = await importing.known_marks(connection, marks)
                again = [record for record in chunk if record[AT["fingerprint"]] in here]
                tally.duplicates += len(again)
                for record in chunk:
                    row_no, mark = record[0], record[AT["fingerprint"]]
                    if mark in here:
                        self._repeated.add([(row_no, here[mark][1])])
                    elif mark in seen:
                        tally.duplicates += 1
                        self._repeated.add([(row_no, f"本文件第 {seen[mark]} 行")])
                    else:
                        seen[mark] = row_no
                        tally.count_place(record)
                tally.count_renewed(await importing.renew(connection, None, _for_renewing(again), keep=False))
                counted(tally.rows)
                progress(f"已清点 {tally.rows} 行")
        return self._answer(0)

    async def done(
        self, db: Database, progress: Callable[[str], None], counted: Callable[[int], None], *, whole: bool
    ) -> Imported:
        """Take it in, going on where the last run stopped."""
        path = self._file.path
        digest, size = await bulk.aside(lambda: _digest(path))
        async with bulk.session(db) as connection:
            run = await importing.begin(
                connection,
                file_name=path.name,
                hash=digest,
                size=size,
                way=self._way,
                channel=self._chosen,
                profile=self._profile.name if self._profile else "",
                machine=socket.gethostname(),
            )
            tally = self._tally
            for name in ("duplicates", "updated", "untouched", "unplaced"):
                setattr(tally, name, run[name])
            gc.freeze()  # the file and what it is compared with stay: nobody need look through them again for every batch
            try:
                with self._rejects, self._repeated:
                    async with connection.transaction() if whole else nullcontext():
                        await self._pour(connection, run, progress, counted)
            except BaseException:
                with suppress(*UNREACHABLE):  # the server is away: the run is free without its word
                    await importing.end(connection, run["id"], done=False, rows=None, rejected=None)
                raise
            finally:
                gc.unfreeze()
            await importing.end(connection, run["id"], done=True, rows=tally.rows, rejected=tally.rejected)
        return self._answer(run["last_row"])

    async def _pour(
        self, connection: Any, run: Any, progress: Callable[[str], None], counted: Callable[[int], None]
    ) -> None:
        """Batch after batch; while the database works on one, the next is made."""
        began = datetime.fromtimestamp(run["began_at"] / 1e6, UTC)
        async with aclosing(bulk.ahead(self._chunks(run["last_row"], began=began, keep=True))) as chunks:
            async for chunk, begin in chunks:
                async with connection.transaction():
                    await self._take(connection, run["id"], chunk, begin)
                counted(self._tally.rows)
                progress(f"已读入 {self._tally.rows} 行")
        if self._broken is not None:
            raise self._broken

    async def _take(self, connection: Any, run: int, chunk: Sequence[Record], staged: Callable[[], None]) -> None:
        tally = self._tally
        before = (tally.updated, tally.untouched, tally.unplaced)
        taken = await bulk.take_in(connection, chunk, source=True, staged=staged)
        repeated = {each.row_no: each.case_id for each in taken.repeated}
        again = [record for record in chunk if record[0] in repeated]
        for record in chunk:
            if record[0] not in repeated:
                tally.count_place(record)
        if repeated:
            numbers = await bulk.case_numbers(connection, list(set(repeated.values())))
            self._repeated.add(sorted((row_no, numbers[case_id]) for row_no, case_id in repeated.items()))
        tally.duplicates += len(again)
        tally.count_renewed(await importing.renew(connection, run, _for_renewing(again), keep=True))
        last = max((record[0] for record in chunk), default=0)
        now = (tally.updated, tally.untouched, tally.unplaced)
        more = [new - old for new, old in zip(now, before, strict=True)]
        await importing.batch_done(connection, run, last, len(chunk) - len(again), len(again), *more)

    def _chunks(self, after: int, *, keep: bool, began: datetime | None = None) -> Iterator[list[Record]]:
        """Batches of what is to be taken in behind row `after`; rejected rows are written down on the way.

        A row before it that lay in the future when the run `began`, and no longer does, is to be taken in too.
        """
        tally, rows = self._tally, iter(self._file.rows)
        then = replace(self._known.times, now=began) if began else None
        ready: list[Accepted] = []
        try:
            for one in rows:
                tally.rows += 1
                if not isinstance(one, Accepted):
                    tally.count_rejected(one)
                    if keep:
                        self._rejects.add(one)
                else:
                    tally.count_notes(one)
                    if one.row_no > after or (then is not None and then.is_future(one.row.received_at)):
                        ready.append(one)
                if len(ready) == CHUNK:
                    yield self._known.records(ready, self._chosen, self._default)
                    ready = []
        except DamagedTable as error:
            if not keep:
                raise
            self._broken = error  # what could be read goes in first
        yield self._known.records(ready, self._chosen, self._default)

    def _answer(self, resumed_after: int) -> Imported:
        return self._tally.imported(
            self._file,
            repeated=self._repeated,
            unknown=self._known.unknown(),
            reject_file=self._rejects.path if self._rejects.count else None,
            profile=self._profile.name if self._profile else "",
            resumed_after=resumed_after,
        )


def _for_renewing(records: Sequence[Record]) -> list[dict[str, Any]]:
    return [
        {name: record[AT[name]] for name in _RENEWED}
        | {
            "mark": record[AT["fingerprint"]].hex(),
            "source": json.loads(record[AT["source"]]) if record[AT["source"]] else None,
            "received_at": record[AT["received_at"]],
        }
        for record in records
    ]


def _digest(path: Path) -> tuple[bytes, int]:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest(), path.stat().st_size


async def _recognised(db: Database, path: Path, choices: Choices | None) -> Profile | None:
    profiles = await read_profiles(db)
    if not profiles:
        return None
    file = await bulk.aside(lambda: read_file(path, choices=choices, as_it_is=True))
    return recognised(profiles, folded(file.header))


def _reject_file(path: Path, spare_folder: Path) -> Path:
    folder = path.absolute().parent
    return reject_path(path, folder if os.access(folder, os.W_OK) else spare_folder)
