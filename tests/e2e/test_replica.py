"""A streaming replica: walls and analysts read there, by polling, because LISTEN is refused on it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from commandcenter.db.embedded.account import make_open
from commandcenter.db.embedded.cluster import Cluster
from commandcenter.db.embedded.secret import write_private
from commandcenter.db.engine import Database as Connection
from commandcenter.db.server import EmbeddedServer
from commandcenter.domain.case import Grade, State
from commandcenter.errors import Refused
from commandcenter.live.desk import POLL_S, Desk
from commandcenter.services import cases
from commandcenter.services.case_file import read_case
from commandcenter.services.figures import read_today
from commandcenter.services.new_report import NewReport
from tests.db.county import COMMUNITY_A, UNIT_A
from tests.e2e.county_database import Database, made_on
from tests.e2e.same import contents, fresh
from tests.server import FAST
from tests.ui.real_desk import until


@dataclass(frozen=True)
class Pair:
    """The same county on a primary and, read only, on its replica."""

    primary: Database
    replica: Database


@pytest.fixture
def pair(own_server: Callable[[], EmbeddedServer], tmp_path: Path) -> Iterator[Pair]:
    first = own_server()
    address = first.start()
    county = made_on(address.admin_url, "cc_e2e_pair")
    second = EmbeddedServer(tmp_path / "replica", settings=FAST)
    copy_server(first, second, address.admin_url, address.password)
    try:
        yield Pair(county, Database(second.start().admin_url, county.name, county.logins))
    finally:
        second.stop()
        second.destroy()


def copy_server(first: EmbeddedServer, second: EmbeddedServer, url: str, password: str) -> None:
    """Make the second a streaming replica of the first, by Postgres' own tool."""
    second._make_folder()
    cluster: Cluster = second._cluster
    programs = first.programs()
    make_open(cluster.folder)
    for place in (cluster.data, cluster.folder / "run", cluster.folder / "log"):
        place.mkdir(mode=0o700)
        programs.account.give(place)
    done = programs.run(
        "pg_basebackup", "--dbname", url, "--pgdata", cluster.data, "--write-recovery-conf", "--checkpoint", "fast",
        "--wal-method", "stream", "--no-sync", cwd=cluster.folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    write_private(second.folder / "secret", password)


async def test_a_desk_on_a_replica_follows_by_polling(pair: Pair) -> None:
    assert await pair.replica.value("select pg_is_in_recovery()") is True
    duty = await Connection.connect(pair.primary.url("duty"))
    desk = await Desk.open(pair.replica.url("duty"))
    wall = await Desk.open(pair.replica.url("wall"))
    try:
        report = NewReport(1, "路灯不亮", grade=Grade.BLUE, area_id=COMMUNITY_A)
        case = await cases.register(duty, report, key=uuid4())
        for reader in (desk, wall):
            await until(lambda reader=reader: reader.mirror.slot_of(case.case_id) is not None)
            assert reader._heartbeat == POLL_S
        sent = await cases.dispatch(duty, case_id=case.case_id, version=case.version, unit_id=UNIT_A, key=uuid4())
        slot = desk.mirror.slot_of(case.case_id)
        await until(lambda: desk.mirror.version[slot] == sent.version)
        assert desk.mirror.state[slot] == State.TO_ACCEPT
        assert contents(desk.mirror) == await fresh(pair.primary.url("duty"))
        await until(lambda: contents(wall.mirror).keys() == contents(desk.mirror).keys())
        assert set(wall.mirror.texts["title"]) == {""}
        # reading cases and figures works there, deeds are refused
        assert (await read_today(wall.database)).received == 1
        assert [event.verb for event in (await read_case(desk.database, case.case_id)).timeline] == [
            "dispatch",
            "register",
        ]
        with pytest.raises(Refused, match="只读副本"):
            await cases.accept(desk.database, case_id=case.case_id, version=sent.version, key=uuid4())
    finally:
        await desk.close()
        await wall.close()
        await duty.close()
