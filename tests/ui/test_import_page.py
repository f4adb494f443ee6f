"""导入 on the real database: one file through all five steps, by keyboard; read in another process, the loop never held."""

import os
import signal
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest

from commandcenter.services import import_profiles
from tests.ui.real_desk import RealCentre, Show, until
from ui.importing.steps import COLUMNS, FILE, RESULT, TRIAL
from ui.importing.trial import Trial
from ui.pages.import_page import ImportPage
from ui.session import Session

HEADER = ("办件号", "收办时刻", "办件描述", "事项类别", "从哪来", "内部备注")
ROWS = (
    ("B-10001", "2026-11-02 09:00", "滨海路路灯不亮", "燃气", "老平台", "x"),
    ("B-10002", "1975-11-02 10:00", "燃气有异味", "天然气", "老平台", ""),
    ("B-10003", "改天", "井盖丢失", "燃气", "12345热线", ""),
    ("合计", "", "", "", "3 件", ""),
)


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC_DATA_DIR", str(tmp_path / "data"))


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in (("荣成某平台导出",), HEADER, *ROWS):
        book.active.append(row)
    book.save(path)
    return path


async def page_of(session: Session, show: Show) -> ImportPage:
    page = ImportPage(session)
    await show(page)
    return page


def field_of(page: ImportPage, name: str, field: str) -> None:
    """Choose a field for a column as the keyboard's drop-down does."""
    row = next(n for n, each in enumerate(page.columns.table.rows) if each["name"] == name)
    page.columns.table.setData(page.columns.table.index(row, 2), field)


def means(trial: Trial, field: str, word: str, ours: str) -> None:
    _, table, _ = trial.tables[field]
    row = next(n for n, each in enumerate(table.rows) if each["word"] == word)
    table.setData(table.index(row, 3), ours)


async def test_a_file_from_choosing_it_to_its_result(real_centre: RealCentre, shown: Show, tmp_path: Path) -> None:
    path = workbook(tmp_path / "老平台.xlsx")
    session = await real_centre.sign_in("duty")
    page = await page_of(session, shown)
    page.file.path.setText(str(path))
    QTest.keyClick(page.file.path, Qt.Key.Key_Return)
    await until(lambda: page.stack.currentIndex() == COLUMNS)
    assert "还缺" in page.columns.told.text(), "nobody knows these names: 诉求内容 and 时间 are asked for"
    assert not page.next_button.isEnabled()
    for name, field in (("办件描述", "content"), ("收办时刻", "received_at"), ("办件号", "foreign_number")):
        field_of(page, name, field)
        await until(lambda field=field: any(row["field"] == field for row in page.columns.table.rows))
    field_of(page, "事项类别", "category")
    field_of(page, "从哪来", "channel")
    await until(lambda: sum(bool(row["field"]) for row in page.columns.table.rows) >= 5)
    assert "第 6 行" in page.columns.told.text(), "the footer is told"
    QTest.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: page.stack.currentIndex() == TRIAL)
    counts = {name: label.text() for name, label in page.trial.counts.labels.items()}
    assert counts == {"rows": "3", "accepted": "2", "duplicates": "0", "updated": "0", "rejected": "1", "unplaced": "2"}
    [problem] = page.trial.problems.rows
    assert (problem["reason"], problem["examples"]) == ("看不懂时间“改天”", "5")
    assert "时间早于" in page.trial.told.text(), "it can come in, and is told"
    assert await real_centre.root("select count(*) from cc.reports") == 0
    means(page.trial, "channel", "老平台", "市长信箱")
    means(page.trial, "category", "天然气", "公用事业 › 燃气")
    page.columns.name.setText("老平台")
    page.trial.save_button.click()
    await until(lambda: "已存为方案" in page.said.text())
    page.next_button.click()
    await until(lambda: page.stack.currentIndex() == RESULT)
    assert page.result.counts.labels["accepted"].text() == "2"
    assert "例如第 4 行" in page.result.told.text()
    assert page.result.reject_file == tmp_path / "老平台.rejects.xlsx"
    assert page.result.reject_file.exists()
    said = await real_centre.root(
        "select string_agg(c.name || coalesce(k.path_name, ''), ' ' order by r.foreign_number) from cc.reports r "
        "join cc.channels c on c.id = r.channel_id join cc.cases s on s.id = r.case_id left join cc.categories k on k.id = s.category_id"
    )
    assert said == "市长信箱公用事业 › 燃气 市长信箱公用事业 › 燃气"
    # the reject file, put right, is recognised by its header and completes the import
    book = openpyxl.load_workbook(page.result.reject_file)
    book.active["D2"] = "2026-11-02 11:00"
    book.save(page.result.reject_file)
    page.back_button.click()
    assert page.stack.currentIndex() == FILE
    await until(lambda: page.file.runs.rows)
    page.open_file(page.result.reject_file)
    await until(lambda: page.stack.currentIndex() == COLUMNS)
    assert "认出是“老平台”的文件" in page.columns.told.text()
    page.go_on()
    await until(lambda: page.stack.currentIndex() == TRIAL)
    assert not any(view.isVisible() for _, _, view in page.trial.tables.values()), "its words are known now"
    page.go_on()
    await until(lambda: page.stack.currentIndex() == RESULT)
    assert await real_centre.root("select count(*) from cc.reports") == 3
    assert len(await import_profiles.read_profiles(session.database())) == 1


async def test_a_dropped_file_that_is_no_table_gets_one_sentence(
    real_centre: RealCentre, shown: Show, tmp_path: Path
) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"%PDF-1.7\n" + bytes(range(256)))
    page = await page_of(await real_centre.sign_in("supervisor"), shown)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.xlsx"))])
    keys = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    page.file.dragEnterEvent(QDragEnterEvent(QPointF(5, 5).toPoint(), Qt.DropAction.CopyAction, data, *keys))
    assert page.file.words.text() == "松开即读取"
    page.file.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, *keys))
    await until(lambda: "PDF" in page.said.text())
    assert page.stack.currentIndex() == FILE


async def test_a_large_import_never_holds_the_window_and_goes_on_where_it_was_stopped(
    real_centre: RealCentre, shown: Show, tmp_path: Path
) -> None:
    path = tmp_path / "多.csv"
    lines = (f"L-{10_000 + n},2026-11-02 09:00,第{n}件事情需要处理\n" for n in range(9_000))
    path.write_text("编号,时间,内容\n" + "".join(lines), encoding="utf-8")
    page = await page_of(await real_centre.sign_in("duty"), shown)
    page.open_file(path)
    await until(lambda: page.stack.currentIndex() == COLUMNS)
    page.go_on()
    await until(lambda: page.stack.currentIndex() == TRIAL)
    page.go_on()
    await until(lambda: "已导入" in page.running.pace.text() and "已导入 0" not in page.running.pace.text())
    assert page.aside.pid not in {None, os.getpid()}, (
        "read elsewhere: a table read in this process would hold the window"
    )
    page.running.stop_button.click()
    await until(lambda: page.stack.currentIndex() == TRIAL)
    assert "已导入的部分保留" in page.said.text()
    part = int(str(await real_centre.root("select count(*) from cc.reports")))
    assert 0 < part < 9_000
    assert await real_centre.root("select state from cc.import_runs") == "stopped"
    page.go_on()
    assert page.aside.pid is not None
    os.kill(page.aside.pid, signal.SIGKILL)
    await until(lambda: "意外结束" in page.said.text())
    page.go_on()
    await until(lambda: page.stack.currentIndex() == RESULT)
    assert await real_centre.root("select count(*) from cc.reports") == 9_000
    assert await real_centre.root("select accepted from cc.import_runs where state = 'done'") == 9_000
