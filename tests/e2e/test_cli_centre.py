"""Commands on a real server: build, people, rules, import, export, backup, worker."""

import asyncio
import csv
import os
import signal
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from openpyxl import load_workbook

from commandcenter import address
from tests.e2e.command_line import CommandLine

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
    assert "定时任务：没有在执行" in cli.ok("status")
    ask(cli.url, "comment on schema cc is 'another program'")
    assert cli.json("db", "upgrade")["revision"]
    ask(cli.url, "update cc.alembic_version set version_num = '9999'")
    assert "更新版本的程序" in cli.refused("status")
    assert "更新版本的程序" in cli.refused("db", "upgrade")
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
    assert "密码至少" in cli.refused("person", "password", login, "--password-stdin", stdin="kurz\n")
    own = CommandLine(cli.data_dir, address.with_login(cli.url, login, made["password"]))
    assert own.json("status")["open"] == 0
    assert "没有这项权限" in own.refused("person", "add", "other", "--role", "duty", "--unit", "1")
    assert "不能" in own.refused("worker")
    assert "超级用户" in own.refused("db", "backup", cli.data_dir / "b")
    cli.ok("person", "password", login, "--password-stdin", stdin="另一个长密码-9\n")
    assert "登录名或密码不对" in own.refused("status")
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
    assert copy.json("db", "restore", backup, "--force")["cases"] == 2
    assert copy.json("status", "--check")["damaged"] == []
    assert ask(copy.url or "", "select max(xid::text::bigint) from cc.journal where verb = 'import'") == 3
    epochs = {str(ask(url or "", "select feed_epoch from cc.centre")) for url in (cli.url, copy.url)}
    assert len(epochs) == 2
    own = CommandLine(cli.data_dir, address.with_login(copy.url or "", login, secret))
    assert own.json("status")["open"] == 2, "the same password as before"
    drop(cli.url, address.database_of(copy.url or ""))
    ask(cli.url, f"drop role {login}")


def test_worker_does_what_time_does_and_ends_when_told(cli: CommandLine) -> None:
    assert cli.url is not None
    cli.ok("db", "init")
    ask(cli.url, "update cc.settings set value = '4' where name = 'problem_returns'")
    process = cli.start("worker")
    try:
        assert process.stdout is not None
        assert "定时任务已开始" in process.stdout.readline().decode()
        assert "封存流水" in process.stdout.readline().decode()
        assert str(process.pid) in cli.json("status")["worker"]
        assert "已由另一个程序执行" in cli.refused("worker")
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out.decode().strip(), err) == (0, "已结束。", b"")
    finally:
        process.kill()
        process.communicate()
    found = cli.json("status", "--check")
    assert found["seals"]["count"] == 1
    assert found["damaged"] == []
    assert found["worker"] == ""
