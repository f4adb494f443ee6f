"""Commands on a real server: build, people, rules, import, export, backup, worker."""

import asyncio
import csv
import os
import shutil
import signal
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from openpyxl import load_workbook

from commandcenter import address
from commandcenter.db.backup import DUMP
from commandcenter.db.embedded.account import find_account
from commandcenter.db.embedded.cluster import Cluster
from commandcenter.db.embedded.programs import Programs
from commandcenter.db.server import ServerAddress
from tests.e2e.command_line import CommandLine
from tests.patience import PATIENCE_S
from tests.server import FAST

_numbers = count()
CSV = "工单编号,诉求内容,来电时间,诉求人,联系电话,渠道\n"
ROWS = [
    "A-10001,海湾路路灯不亮。请尽快修,2026-11-02 09:00,王小明,13800000001,荣成民生APP\n",
    "A-10002,小区停水三天,2026/11/2 10:30,,,\n",
    "A-10002,小区停水三天,2026/11/2 10:30,,,\n",
    "A-10003,,2026-11-02 11:00,,,\n",
]


def ask(url: str, statement: str) -> object:
    async def asked() -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(asked())


def drop(server: str, name: str) -> None:
    ask(server, f"drop database if exists {name} with (force)")


@pytest.fixture
def cli(server: str, tmp_path: Path) -> Iterator[CommandLine]:
    name = f"cc_cli_{os.getpid()}_{next(_numbers)}"
    yield CommandLine(tmp_path / "data", address.with_database(server, name))
    drop(server, name)
    drop(server, f"{name}_copy")


def test_build_status_versions_and_wrong_logins(cli: CommandLine) -> None:
    assert cli.url is not None
    assert "没有这个数据库" in cli.refused("status")
    assert cli.json("db", "init")["created"] is True
    assert cli.json("db", "init")["created"] is False
    assert cli.json("db", "status")["state"] == "current"
    found = cli.json("status", "--check")
    assert found["open"] == 0
    assert found["damaged"] == []
    assert found["findings"] == []
    assert "定时任务：没有程序在执行" in cli.ok("status")
    ask(cli.url, "comment on schema cc is 'another program'")
    assert cli.json("db", "upgrade")["revision"]
    ask(cli.url, "update cc.alembic_version set version_num = '9999'")
    assert "更新版本的程序" in cli.refused("status")
    assert "更新版本的程序" in cli.refused("db", "upgrade")
    assert "更新版本的程序" in cli.refused("wall"), "before the display is missed, which would not help"
    assert cli.json("db", "status")["state"] == "newer"
    assert "登录名或密码不对" in cli.refused("status", "--db", address.with_login(cli.url, "postgres", "falsch"))


def test_people_and_what_they_may(cli: CommandLine) -> None:
    assert cli.url is not None
    cli.ok("db", "init")
    login = f"cli_{os.getpid()}"
    made = cli.json("person", "add", login, "--role", "analyst", "--unit", "市中心", "--name", "某人")
    assert "登录名已被使用" in cli.refused("person", "add", login, "--role", "duty", "--unit", "1")
    assert "没有“king”这个岗位" in cli.refused("person", "add", "other", "--role", "king", "--unit", "1")
    assert "没有单位叫“月球”" in cli.refused("person", "add", "other", "--role", "duty", "--unit", "月球")
    said = cli.refused("person", "add", "Li.Na", "--role", "duty", "--unit", "1", "--name", "李娜")
    assert said.startswith("登录名须以小写字母开头")
    log = cli.data_dir / "logs" / "commandcenter.log"
    logged = log.read_text(encoding="utf-8") if log.exists() else ""
    assert not any(secret in logged for secret in ("李娜", "Li.Na", "SCRAM", "Traceback"))
    assert "密码至少" in cli.refused("person", "password", login, "--password-stdin", stdin="kurz\n")
    own = CommandLine(cli.data_dir, address.with_login(cli.url, login, made["password"]))
    assert own.json("status")["open"] == 0
    assert "没有这项权限" in own.refused("person", "add", "other", "--role", "duty", "--unit", "1")
    assert "不能" in own.refused("worker")
    assert "超级用户" in own.refused("db", "backup", cli.data_dir / "b")
    cli.ok("person", "password", login, "--password-stdin", stdin="另一个长密码-9\n")
    assert "登录名或密码不对" in own.refused("status")
    assert cli.json("person", "post", login, "director")["post"] == "director"
    assert f"{login}\t某人\tanalyst\t荣成市社会治理服务中心\tdirector" in cli.ok("person", "list")
    assert "没有这个职务" in cli.refused("person", "post", login, "king")
    assert "已取消" in cli.ok("person", "post", login)
    assert cli.json("person", "disable", login)["active"] is False
    assert f"{login}\t某人\tanalyst\t荣成市社会治理服务中心\t已停用" in cli.ok("person", "list")
    ask(cli.url, f"drop role {login}")


def test_due_by_the_database(cli: CommandLine) -> None:
    cli.ok("db", "init")
    due = cli.json("due", "--grade", "黄", "--from", "2026-09-30T16:00")
    assert due["due_at"] == "2026-10-09T17:30:00+08:00", "two working days, the holiday in between"
    assert (due["clock"], due["provisional"]) == ("working", False)
    paused = ("--pause", "2026-10-08T09:00/2026-10-08T10:00")
    assert (
        cli.json("due", "--grade", "黄", "--from", "2026-09-30T16:00", *paused)["due_at"] == "2026-10-10T09:30:00+08:00"
    )
    red = cli.json("due", "--grade", "红", "--from", "2026-11-22T01:00Z")
    assert red["due_at"] == "2026-11-23T09:00:00+08:00"
    assert cli.json("due", "--grade", "蓝", "--from", "2027-05-03")["provisional"] is True
    assert "暂定" in cli.ok("due", "--grade", "蓝", "--from", "2027-05-03")
    assert "工作日历没有覆盖" in cli.refused("due", "--grade", "绿", "--from", "2040-01-01")
    assert "重叠" in cli.refused("due", "--grade", "黄", "--from", "2026-09-30T16:00", *paused, *paused)


def test_import_export_backup_restore(cli: CommandLine, tmp_path: Path) -> None:
    assert cli.url is not None
    cli.ok("db", "init")
    file = tmp_path / "导出.csv"
    file.write_text(CSV + "".join(ROWS), encoding="gb18030")
    dry = cli.json("import", file, "--dry-run")
    assert [dry[key] for key in ("rows", "accepted", "duplicates", "rejected", "reject_file")] == [4, 2, 1, 1, None]
    assert cli.json("status")["open"] == 0
    done = cli.json("import", file)
    assert [done[key] for key in ("rows", "accepted", "duplicates", "rejected")] == [4, 2, 1, 1]
    assert done["encoding"] == "gb18030"
    assert Path(done["reject_file"]) == tmp_path / "导出.rejects.xlsx"
    again = cli.json("import", file)
    assert [again[key] for key in ("rows", "accepted", "duplicates", "rejected")] == [4, 0, 3, 1]
    assert again["duplicate_of"][0] == {"row": 2, "number": "RC20261102-00001"}
    assert "没有“梦”这个渠道" in cli.refused("import", file, "--channel", "梦")
    assert "missing.csv" in cli.refused("import", tmp_path / "missing.csv")
    (tmp_path / "empty.csv").write_bytes(b"")
    cli.refused("import", tmp_path / "empty.csv")
    assert "没有名为“旧系统”的导入方案" in cli.refused("import", file, "--profile", "旧系统")

    assert cli.json("export", "cases", tmp_path / "all.csv")["cases"] == 2
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as opened:
        table = list(csv.DictReader(opened))
    assert [row["标题"] for row in table] == ["海湾路路灯不亮", "小区停水三天"]
    assert table[0]["渠道"] == "荣成民生APP"
    assert table[0]["诉求时间"] == "2026-11-02 09:00:00"
    assert cli.json("export", "cases", tmp_path / "some.xlsx", "--state", "待受理", "--to", "2026-11-01")["cases"] == 0
    assert load_workbook(tmp_path / "some.xlsx").active["A1"].value == "工单编号"
    assert "以 .xlsx 或 .csv 结尾" in cli.refused("export", "cases", tmp_path / "x.pdf")
    assert "写不进" in cli.refused("export", "cases", tmp_path / "none" / "x.csv")
    export = ("export", "cases", tmp_path / "no.csv")
    assert "没有镇街叫“无此镇”" in cli.refused(*export, "--town", "无此镇")
    assert "没有单位叫“无此”" in cli.refused(*export, "--unit", "无此")
    assert "--from 的日期晚于 --to" in cli.refused(*export, "--from", "2026-11-03", "--to", "2026-11-02")
    assert cli.json(*export, "--unit", "市中心", "--from", "2026-11-02", "--to", "2026-11-02")["cases"] == 0

    login = f"cli_b_{os.getpid()}"
    secret = cli.json("person", "add", login, "--role", "supervisor", "--unit", "1")["password"]
    backup = tmp_path / "centre.backup"
    cli.ok("db", "backup", backup)
    assert backup.stat().st_mode & 0o777 == 0o600
    assert "已有数据" in cli.refused("db", "restore", backup)
    ask(cli.url, f"drop role {login}")
    copy = CommandLine(cli.data_dir, f"{address.with_database(cli.url, address.database_of(cli.url) + '_copy')}")
    assert "不是本程序的备份文件" in copy.refused("db", "restore", file)
    restored = copy.json("db", "restore", backup)
    assert (restored["cases"], restored["people"]) == (2, 1)
    assert ask(copy.url or "", "select count(*) from pg_proc where proname = 'texteq' and proleakproof") == 0
    assert ask(copy.url or "", f"select rolconnlimit from pg_roles where rolname = '{login}'") == 64
    copy.ok("person", "disable", login)
    assert copy.json("db", "restore", backup, "--force")["cases"] == 2
    assert copy.json("status", "--check")["damaged"] == []
    assert ask(copy.url or "", "select max(xid::text::bigint) from cc.journal where verb = 'import'") == 3
    epochs = {str(ask(url or "", "select feed_epoch from cc.centre")) for url in (cli.url, copy.url)}
    assert len(epochs) == 2
    own = CommandLine(cli.data_dir, address.with_login(copy.url or "", login, secret))
    assert own.json("status")["open"] == 2, "the same password as before, and let in as then"
    cli.ok("person", "disable", login)
    cli.ok("db", "backup", backup)
    ask(cli.url, f"alter role {login} login")
    copy.ok("db", "restore", backup, "--force")
    assert "账号已停用" in own.refused("status"), "and kept out as then"
    drop(cli.url, address.database_of(copy.url or ""))
    ask(cli.url, f"drop role {login}")


def changed(backup: Path, to: Path, dump: Callable[[bytes], bytes]) -> Path:
    """A backup with another archive in it; the wrapping is whole."""
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            new.writestr(name, dump(old.read(name)) if name == DUMP else old.read(name))
    return to


def test_a_backup_that_cannot_be_restored_leaves_what_was_there(cli: CommandLine, tmp_path: Path) -> None:
    assert cli.url is not None
    cli.ok("db", "init")
    file = tmp_path / "export.csv"
    file.write_text(CSV + ROWS[0], encoding="utf-8")
    cli.ok("import", file)
    backup = tmp_path / "centre.backup"
    cli.ok("db", "backup", backup)
    file.write_text(CSV + "".join(ROWS[:2]), encoding="utf-8")
    cli.ok("import", file)
    epoch = ask(cli.url, "select feed_epoch from cc.centre")
    ask(cli.url, "create table cc.witness ()")

    def as_it_was() -> bool:
        held = ask(cli.url or "", "select count(*) from cc.cases where to_regclass('cc.witness') is not null")
        return held == 2 and ask(cli.url or "", "select feed_epoch from cc.centre") == epoch

    for number, spoil in enumerate([
        lambda dump: dump[: len(dump) - 9_000],
        lambda dump: dump[: len(dump) // 3],
        lambda dump: b"PGDMP" + dump[:4],
        lambda dump: dump[:-20_000] + bytes(20_000),
    ]):  # fmt: skip
        said = cli.refused("db", "restore", changed(backup, tmp_path / f"{number}.backup", spoil), "--force")
        assert said.startswith(("pg_restore 没有完成", "psql 没有完成")), said
        assert as_it_was()
    ask(cli.url, f"alter database {address.database_of(cli.url)} set session_replication_role = replica")
    ask(cli.url, "update cc.journal set actor = 'nobody' where seq = 1")
    ask(cli.url, f"alter database {address.database_of(cli.url)} reset session_replication_role")
    damaged = tmp_path / "damaged.backup"
    cli.ok("db", "backup", damaged)
    assert "有 1 处流水不符" in cli.refused("db", "restore", damaged, "--force")
    assert as_it_was()
    cli.ok("db", "restore", backup, "--force")
    assert ask(cli.url, "select count(*) from cc.cases where to_regclass('cc.witness') is null") == 1


OLDER = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture
def older_server() -> Iterator[str]:
    """An ordinary server of the oldest version in use, without anything of ours."""
    if not (OLDER / "postgres").exists():
        pytest.skip("PostgreSQL 15 is not installed on this machine")
    folder = Path(
        tempfile.mkdtemp(prefix="cc-15-", dir="/tmp")
    )  # short enough for a socket, open to the server's account
    folder.chmod(0o755)
    programs = Programs(15, OLDER, find_account(folder / "data"))
    cluster = Cluster(folder)
    cluster.create(programs, "geheim", sync=False)
    started = cluster.start(programs, FAST)
    yield ServerAddress(started.host, started.port, "geheim").admin_url
    cluster.stop(programs)
    shutil.rmtree(folder)


def test_backup_and_restore_on_an_older_server(older_server: str, tmp_path: Path) -> None:
    cli = CommandLine(tmp_path / "data", address.with_database(older_server, "centre"))
    cli.ok("db", "init")
    login = cli.json("person", "add", "li_na", "--role", "supervisor", "--unit", "1", "--name", "李娜")
    cli.ok("db", "backup", tmp_path / "centre.backup")
    assert cli.json("db", "restore", tmp_path / "centre.backup", "--force")["people"] == 1
    ask(older_server, "drop role li_na")
    copy = CommandLine(cli.data_dir, address.with_database(older_server, "copy"))
    assert copy.json("db", "restore", tmp_path / "centre.backup")["people"] == 1
    own = CommandLine(cli.data_dir, address.with_login(copy.url or "", "li_na", login["password"]))
    assert own.json("status")["server"].startswith("15")


def test_worker_does_what_time_does_and_ends_when_told(cli: CommandLine) -> None:
    assert cli.url is not None
    cli.ok("db", "init")
    ask(cli.url, "update cc.settings set value = '4' where name = 'problem_returns'")
    process = cli.start("worker")
    try:
        assert process.stdout is not None
        assert "定时任务已开始" in process.stdout.readline().decode()
        assert "封存流水" in process.stdout.readline().decode()
        assert cli.json("status")["timekeeper"]["holder"].endswith(f":{process.pid}")
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=PATIENCE_S)
        assert (process.returncode, out.decode().strip(), err) == (0, "已结束。", b"")
    finally:
        process.kill()
        process.communicate()
    found = cli.json("status", "--check")
    assert found["seals"]["count"] == 1
    assert found["damaged"] == []
    assert found["timekeeper"] is None
