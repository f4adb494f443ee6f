"""What is typed survives crashes of the desk, is private, and is never mixed with another person's."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from commandcenter.domain.case import Grade
from commandcenter.errors import PersonError
from commandcenter.intake.repeats.report import Reason, Signal
from commandcenter.services.spool import Answered, DispatchTo, Entry, MergeInto, Spool, as_refused, as_waiting

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def entry(number: int, **facts: object) -> Entry:
    return Entry(UUID(int=number), NOON + timedelta(minutes=number), content=f"诉求{number}", **facts)  # type: ignore[arg-type]


def test_an_entry_is_the_same_after_writing_and_reading() -> None:
    whole = entry(
        1,
        channel_id=3,
        kind="投诉",
        name="王\n小明",
        phone="13812341234",
        confidential=True,
        grade=Grade.RED,
        area_id=7,
        category_id=8,
        dispatch=DispatchTo(5, (6, 7), UUID(int=9)),
        lon=122.4,
        lat=37.1,
        by_hand=("area", "category"),
        proposed_category_id=9,
        merge=MergeInto(11, "RC20261122-00001", 0.97, (Reason(Signal.CITIZEN, "同一诉求人", 3.0),)),
        answer=Answered("每年一次。", True, "满意"),
    )
    assert Entry.of(whole.line()) == whole
    assert "\n" not in whole.line()
    assert Entry.of(entry(2).line()) == entry(2)


def test_a_line_of_an_older_program_is_read() -> None:
    facts = json.loads(entry(1, grade=Grade.RED).line())
    for later in ("lon", "lat", "by_hand", "proposed_category_id", "merge", "answer"):
        del facts[later]
    assert Entry.of(json.dumps(facts)) == entry(1, grade=Grade.RED)


def test_citizens_are_not_in_what_a_log_would_show() -> None:
    answer = Answered("请李某来窗口")
    merge = MergeInto(1, "RC1", 1.0, (Reason(Signal.NAMES, "同提到：学府小区", 1.0),))
    said = repr(entry(1, name="王小明", phone="13812341234", address="学府小区", answer=answer, merge=merge))
    assert not any(secret in said for secret in ("王小明", "13812341234", "学府小区", "诉求1", "李某"))


def test_the_file_is_private_and_goes_with_its_last_entry(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", "duty-1").open()
    assert not (tmp_path / "spool").exists()
    spool.put(entry(1))
    [file] = (tmp_path / "spool").glob("*.jsonl")
    if sys.platform != "win32":
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.parent.stat().st_mode & 0o777 == 0o700
    spool.put(as_waiting(entry(1), None))
    [line] = file.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["state"] == "waiting"
    spool.remove(UUID(int=1))
    spool.close()
    assert not list((tmp_path / "spool").iterdir())


def test_the_next_window_takes_over_what_a_closed_one_left(tmp_path: Path) -> None:
    first = Spool(tmp_path, "duty-1").open()
    for number in (2, 1):
        first.put(as_waiting(entry(number), None))
    first.close()
    second = Spool(tmp_path, "duty-1").open()
    assert [each.content for each in second.entries] == ["诉求1", "诉求2"]
    assert len(list(tmp_path.glob("*.jsonl"))) == 1
    second.close()


def test_living_windows_and_other_people_are_left_alone(tmp_path: Path) -> None:
    mine, other = Spool(tmp_path, "duty-1").open(), Spool(tmp_path, "night-1").open()
    mine.put(entry(1))
    other.put(entry(2))
    beside = Spool(tmp_path, "duty-1").open()
    assert beside.entries == ()
    beside.put(entry(3))
    assert mine.entries == (entry(1),)
    for spool in (mine, other, beside):
        spool.close()


WINDOW = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from commandcenter.services.spool import Entry, Spool
Spool(Path(sys.argv[1]), "duty-1").open().put(Entry(UUID(int=4), datetime.now(UTC), content="没有说完"))
os._exit(9)
"""


def test_a_killed_window_leaves_its_draft(tmp_path: Path) -> None:
    died = subprocess.run([sys.executable, "-c", WINDOW, tmp_path], cwd=os.getcwd(), check=False)  # noqa: PTH109
    assert died.returncode == 9
    spool = Spool(tmp_path, "duty-1").open()
    assert [each.content for each in spool.entries] == ["没有说完"]
    spool.close()


def test_a_line_that_is_not_understood_is_kept(tmp_path: Path, expect_log: object) -> None:
    assert callable(expect_log)
    expect_log("was not understood")
    (tmp_path / "duty-1-7.jsonl").write_text('{"of": "a newer program"}\n' + entry(1).line() + "\n", encoding="utf-8")
    spool = Spool(tmp_path, "duty-1").open()
    assert spool.entries == (entry(1),)
    spool.remove(UUID(int=1))
    spool.close()
    [file] = tmp_path.glob("*.jsonl")
    assert file.read_text(encoding="utf-8") == '{"of": "a newer program"}\n'


def test_a_disk_that_refuses_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("not a folder", encoding="utf-8")
    with pytest.raises(PersonError, match="暂存写不进去"):
        Spool(tmp_path / "spool", "duty-1").put(entry(1))


def test_states_of_an_entry() -> None:
    to = DispatchTo(1, (), UUID(int=5))
    assert as_waiting(as_refused(entry(1), "不行"), to) == as_waiting(entry(1), to)
    assert as_refused(entry(1), "不行").problem == "不行"
