"""Watched folders as people start them: ``import --watch`` on a person's login, and the worker on the system's."""

import json
import os
import select
import signal
import socket
from pathlib import Path
from typing import IO

from tests.e2e.command_line import CommandLine
from tests.e2e.county_database import Database, run
from tests.old_excel import PHONE, write_xls
from tests.patience import PATIENCE_S

HEADER = "工单编号,来电时间,诉求内容\n"


def hear(stream: IO[bytes] | None, words: str) -> str:
    """What a process says, up to these words."""
    assert stream is not None
    said = b""
    while words.encode() not in said:
        assert select.select([stream], [], [], PATIENCE_S)[0], said
        more = os.read(stream.fileno(), 1 << 16)
        assert more, said
        said += more
    return said.decode(errors="replace")


def put(folder: Path, number: str) -> Path:
    path = folder / f"{number}.csv"
    path.write_text(f"{HEADER}{number},2026-11-02 09:00,路灯不亮\n{number}x,,没有时间\n", encoding="utf-8")
    return path


def test_a_folder_is_watched_by_hand_and_by_the_worker(county: Database, tmp_path: Path) -> None:
    folder = tmp_path / "来件"
    folder.mkdir()
    cli = CommandLine(tmp_path / "data", county.url("duty"))
    assert "要写明渠道" in cli.refused("import", "--watch", folder)
    assert "缺少参数：文件 或 --watch" in cli.refused("import", code=2)
    assert "--watch 不能与 文件 同时写" in cli.refused("import", "a.csv", "--watch", folder, code=2)
    assert "没有文件夹" in cli.refused("import", "--watch", tmp_path / "none", "--channel", "市长信箱")
    watching = cli.start("import", "--watch", folder, "--channel", "市长信箱", "--json")
    first = put(folder, "W-10001")
    said = hear(watching.stderr, first.name)
    watching.send_signal(signal.SIGTERM)
    out, rest = watching.communicate(timeout=PATIENCE_S)
    assert watching.returncode == 0
    assert (folder / "已导入" / f"{first.name}.结果.txt").exists()
    assert json.loads(out) == {"ended": True, "files": 1}
    assert "受理 1，重复 0（更新 0），未导入 1" in said + rest.decode()
    assert (folder / "被退回" / "W-10001.rejects.xlsx").exists()

    county.value_now(
        "insert into cc.watched_folders (machine, folder, channel_id) values ($1, $2, 4)",
        socket.gethostname(),
        str(folder),
    )
    working = CommandLine(tmp_path / "data", county.admin_url).start("worker")
    second = put(folder, "W-10002")
    hear(working.stdout, "W-10002.csv：共读 2 行")
    working.send_signal(signal.SIGTERM)
    out, rest = working.communicate(timeout=PATIENCE_S)
    assert working.returncode == 0, rest
    assert (folder / "已导入" / f"{second.name}.结果.txt").exists()
    assert not rest
    assert county.value_now("select count(*) from cc.reports where channel_id = 4") == 2
    assert county.value_now("select count(*) from cc.import_runs where state = 'done'") == 2


def test_an_old_excel_file_from_the_command_line(county: Database, tmp_path: Path) -> None:
    cli = CommandLine(tmp_path / "data", county.url("duty"))
    path = write_xls(tmp_path / "三月.xls")
    done = cli.json("import", path, "--channel", "12345热线", "--sheet", "三月（热线）")
    assert [done[name] for name in ("rows", "accepted", "duplicates", "rejected")] == [4, 3, 0, 1]
    rows = run(
        county.fetch(
            "select r.foreign_number, r.content, to_char(r.received_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI') as at, "
            "z.name, z.phone, r.confidential from cc.reports r left join cc.citizens z on z.report_id = r.id order by 1"
        )
    )
    assert [tuple(row) for row in rows] == [
        ("10002", "石岛湾井盖松动\n车一过就响", "03-08 09:05", "", PHONE, True),
        ("X-10001", "崖头街道路灯不亮，已三天", "03-08 09:05", "王小明", PHONE, False),
        ("X-10003", "“码上办”扫不开 ①", "03-08 00:00", "李四", "0531-88886666", False),
    ]
    assert Path(done["reject_file"]).suffix == ".xlsx"
