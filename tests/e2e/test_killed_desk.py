"""A desk that dies in the middle leaves nothing half done, and what it held becomes free."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from commandcenter.clock import SHANGHAI
from commandcenter.db.engine import Database as Connection
from commandcenter.domain.case import Grade, State
from commandcenter.errors import Refused
from commandcenter.services import cases
from commandcenter.services.new_report import NewReport
from tests.db.county import COMMUNITY_A, UNIT_B
from tests.e2e.county_database import Database
from tests.e2e.desk_process import ROOT, DeskProcess

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
TRACES = (
    "select (select count(*) from cc.journal where case_id = $1) as journal, "
    "(select count(*) from cc.assignments where case_id = $1) as assignments, "
    "(select count(*) from cc.case_scope where case_id = $1) as scope, "
    "(select count(*) from cc.write_keys) as keys, version, state, unit_id from cc.cases where id = $1"
)


@asynccontextmanager
async def signed_in(county: Database, who: str) -> AsyncIterator[Connection]:
    db = await Connection.connect(county.url(who))
    try:
        yield db
    finally:
        await db.close()


async def register(db: Connection) -> cases.CaseChange:
    return await cases.register(db, NewReport(1, "燃气异味", grade=Grade.RED, area_id=COMMUNITY_A), key=uuid4())


async def test_killed_before_its_commit_it_has_done_nothing_and_a_retry_does_it_once(county: Database) -> None:
    async with signed_in(county, "duty") as db:
        case = await register(db)
        before = await county.fetch(TRACES, case.case_id)
        key = uuid4()
        deed = {
            "case": case.case_id,
            "version": case.version,
            "unit": UNIT_B,
            "assist": [],
            "note": "",
            "key": str(key),
        }
        desk = subprocess.Popen(  # noqa: ASYNC220 - a process of its own is the point
            [sys.executable, "-m", "tests.e2e.half_done", county.url("duty"), "dispatch", json.dumps(deed)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert desk.stdout is not None
        assert desk.stdout.readline().strip() == b"done"
        os.kill(desk.pid, signal.SIGKILL)
        desk.communicate()

        # Waits for the dead desk's lock where the server has not noticed yet, and then finds the case as it was.
        note = await cases.note(db, case_id=case.case_id, version=case.version, text="第二天再联系", key=uuid4())
        after = await county.fetch(TRACES, case.case_id)
        assert dict(after[0]) == dict(before[0]) | {
            "version": note.version, "journal": before[0]["journal"] + 1, "keys": before[0]["keys"] + 1
        }  # fmt: skip

        sent = await cases.dispatch(db, case_id=case.case_id, version=note.version, unit_id=UNIT_B, note="", key=key)
        again = await cases.dispatch(db, case_id=case.case_id, version=note.version, unit_id=UNIT_B, note="", key=key)
        assert (sent.replayed, again.replayed) == (False, True)
        assert (sent.state, sent.version) == (again.state, again.version) == (State.TO_ACCEPT, note.version + 1)
        [row] = await county.fetch(TRACES, case.case_id)
        assert (row["assignments"], row["scope"]) == (1, 1)
        assert await county.value("select count(*) from cc.journal where verb = 'dispatch'") == 1


async def test_what_a_dead_desk_held_is_free_after_the_holding_time(county: Database, tmp_path: Path) -> None:
    await county.fetch("update cc.centre set fixed_now = $1", MORNING)
    async with signed_in(county, "duty2") as other:
        case = await register(other)
        desk = DeskProcess(county.url("duty"), tmp_path)
        try:
            assert desk.end() == "ready"
            desk.ask("until_row", case=case.case_id)
            desk.ask("key", name="F2")
            desk.ask("until_row", case=case.case_id, holder="人员duty")
        finally:
            desk.kill()
        [held] = await county.fetch("select version, holder from cc.cases where id = $1", case.case_id)
        assert held["holder"] == county.logins.of("duty")
        assert await cases.take_next(other, key=uuid4()) is None
        with pytest.raises(Refused, match="正由别的值班员处理"):
            await cases.take(other, case_id=case.case_id, version=held["version"], key=uuid4())
        await county.fetch("update cc.centre set fixed_now = $1", MORNING + timedelta(minutes=15, seconds=1))
        taken = await cases.take_next(other, key=uuid4())
        assert taken is not None
        assert taken.case_id == case.case_id
        assert await county.value("select holder from cc.cases") == county.logins.of("duty2")
