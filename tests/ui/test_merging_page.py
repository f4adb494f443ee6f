"""归并 on the real database: a hint is merged and undone, dismissed for good, related; themes; figures; refusals in a sentence."""

from dataclasses import dataclass
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from commandcenter.db.engine import Database
from commandcenter.domain.case import Grade, State
from commandcenter.errors import Unreachable
from commandcenter.intake.repeats.report import Reason, Signal, Verdict
from commandcenter.services import cases, merging
from commandcenter.services.cases import CaseChange
from commandcenter.services.new_report import Citizen, NewReport
from tests.db.county import CATEGORY, COMMUNITY_A, DEPARTMENT_1
from tests.ui.real_desk import RealCentre, Show, until
from ui.merging.hints import MergeHints
from ui.pages.merging import MergingPage
from ui.queue.panel import QueuePanel
from ui.session import Session


@dataclass(frozen=True)
class Found:
    """What the machine found about a case."""

    case_id: int
    score: float = 0.91
    verdict: Verdict = Verdict.LIKELY
    reasons: tuple[Reason, ...] = (
        Reason(Signal.NAMES, "同提到：学府小区", 2.0),
        Reason(Signal.TIME, "相隔 5 分钟", 0.5),
    )


async def case(
    session: Session, words: str, who: str = "王小明", grade: Grade = Grade.BLUE, **given: object
) -> CaseChange:
    report = NewReport(
        1, words, words, category_id=CATEGORY, grade=grade, area_id=COMMUNITY_A, citizen=Citizen(who, "13812341234"),
        **given,  # type: ignore[arg-type]
    )  # fmt: skip
    return await cases.register(session.database(), report, key=uuid4())


async def pair(session: Session, **found: object) -> tuple[CaseChange, CaseChange]:
    one = await case(session, "学府小区3号楼燃气异味", lon=122.41, lat=37.11)
    other = await case(session, "学府小区三号楼闻到燃气味", "李四光", Grade.YELLOW, lon=122.4102, lat=37.1101)
    await merging.save_hints(session.database(), case_id=other.case_id, hints=[Found(one.case_id, **found)])  # type: ignore[arg-type]
    return one, other


async def hints_of(session: Session, show: Show) -> tuple[MergingPage, MergeHints]:
    page = MergingPage(session)
    await show(page)
    await until(lambda: page.hints._read_once and not page.hints.reader.is_reading and page.hints.pair.ids)
    await until(page.hints.buttons.buttons["different"].isEnabled)
    return page, page.hints


COLUMNS = (
    "select array_agg(to_jsonb(c) - '{version,changed_at,verb,actor,detail}'::text[] order by id)::text from cc.cases c"
)
"""All that a case is, but the traces of who touched it last."""


def said(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if not label.isHidden())


async def quiet(page: MergingPage) -> None:
    """Nothing is read any more: the test may end."""
    await until(lambda: not any(tab.reader.is_reading for tab in page.tabs.values()))  # type: ignore[attr-defined]
    page.close_map()


async def test_a_hint_is_judged_merged_and_undone_by_keys(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("duty")
    one, other = await pair(session)
    before = await real_centre.root(COLUMNS)
    page, hints = await hints_of(session, shown)
    assert page.chips["hints"].text() == "疑似重复 1"
    text = said(hints.pair)
    assert "王**" in text
    assert "王小明" not in text
    assert "<u>学府小区</u>" in hints.pair.right.title.text()
    assert hints.pair.kept is not None
    assert hints.pair.kept.case.id == one.case_id  # received first
    for sentence in ("受理在前", "等级升为黄", "都要回访", "同提到：学府小区"):
        assert sentence in text, sentence
    assert hints.pair.gap.accessibleName().startswith(
        "相距 2"
    )  # 0.0002° of longitude at 37.11° and 0.0001° north: 21 m
    QTest.keyClick(hints.list, Qt.Key.Key_M)
    await until(lambda: "已并入" in hints.said.text())
    await until(lambda: not hints.list.lines and session.mirror.slot_of(other.case_id) is None)
    slot = session.mirror.slot_of(one.case_id)
    await until(lambda: int(session.mirror.reports[slot]) == 2)
    assert int(session.mirror.grade[slot]) == Grade.YELLOW
    page.show_tab("today")
    await until(lambda: len(page.today.list.lines) == 1)
    assert other.number in page.today.list.lines[0].texts[0]
    assert page.today.list.lines[0].tag == "有效"
    page.show_tab("hints")
    QTest.keyClick(hints.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: "全部恢复原样" in hints.said.text())
    await until(lambda: session.mirror.slot_of(other.case_id) is not None)
    assert await real_centre.root(COLUMNS) == before
    assert not hints.buttons.buttons["undo"].isEnabled()
    await quiet(page)


async def test_not_the_same_is_said_once_and_never_comes_back(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("supervisor")
    one, other = await pair(session)
    page, hints = await hints_of(session, shown)
    QTest.keyClick(hints.list, Qt.Key.Key_N)
    assert not hints.ask.isHidden()
    QTest.keyClick(hints.ask.line, Qt.Key.Key_Return)
    assert "理由" in hints.ask.problem.text()
    QTest.keyClick(hints.ask.line, Qt.Key.Key_1)  # the first preset
    await until(lambda: "不是同一件（地点不同）" in hints.said.text())
    assert not hints.list.lines
    await merging.save_hints(
        session.database(), case_id=other.case_id, hints=[Found(one.case_id, score=0.99, verdict=Verdict.SAME)]
    )
    hints.reader.ask()
    await until(lambda: not hints.reader.is_reading)
    assert not hints.list.lines
    assert await real_centre.root("select words from cc.repeat_hints") == "地点不同"
    await quiet(page)


async def test_what_was_dismissed_is_taken_back_by_a_key_at_once_or_from_its_list(
    real_centre: RealCentre, shown: Show
) -> None:
    session = await real_centre.sign_in("duty")
    one, other = await pair(session)
    third = await case(session, "学府小区3号楼又有燃气味", "王五")
    hint = "select to_jsonb(h)::text from cc.repeat_hints h order by score desc"
    await merging.save_hints(session.database(), case_id=third.case_id, hints=[Found(one.case_id, 0.8)])
    before = await real_centre.root(hint)
    page, hints = await hints_of(session, shown)
    assert not hints.buttons.buttons["undo"].isEnabled()
    QTest.keyClick(hints.list, Qt.Key.Key_N)
    QTest.keyClick(hints.ask.line, Qt.Key.Key_1)
    await until(lambda: "Ctrl+Z 撤回" in hints.said.text() and hints.pair.ids == {one.case_id, third.case_id})
    await until(hints.list.hasFocus)
    QTest.keyClick(hints.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: "可以重新判断" in hints.said.text() and len(hints.list.lines) == 2)
    assert await real_centre.root(hint) == before
    await until(lambda: hints.pair.ids == {one.case_id, other.case_id} and not hints.reader.is_reading)
    assert not hints.buttons.buttons["undo"].isEnabled()
    # a pair that is still being read is not judged by the eye on the one before
    QTest.keyClick(hints.list, Qt.Key.Key_Space)
    QTest.keyClick(hints.list, Qt.Key.Key_Return)
    assert not hints.buttons.busy
    await until(lambda: hints.pair.ids == {one.case_id, third.case_id})
    hints.list.step(-1)
    await until(lambda: hints.pair.ids == {one.case_id, other.case_id})
    # related: the relation goes along; another desk takes it back from the list
    QTest.keyClick(hints.list, Qt.Key.Key_R)
    await until(lambda: "标为相关" in hints.said.text() and len(hints.list.lines) == 1)
    theirs = await real_centre.sign_in("supervisor")
    beside = MergingPage(theirs)
    await shown(beside)
    beside.show_tab("dismissed")
    dismissed = beside.dismissed
    await until(lambda: dismissed.list.lines and dismissed.reopen_button.isEnabled())
    [line] = dismissed.list.lines
    assert (line.tag, other.number in line.texts[0] + line.texts[1]) == ("相关", True)
    assert "标为相关" in line.texts[2]
    assert beside.chips["dismissed"].text() == "已排除 1"
    QTest.keyClick(dismissed.list, Qt.Key.Key_U)
    await until(lambda: "关联一并取消" in dismissed.said.text() and not dismissed.list.lines)
    assert await merging.read_related(session.database(), one.case_id) == ()
    assert await real_centre.root(hint) == before
    # the first desk's key comes too late, says so, and is used up
    await until(lambda: len(hints.list.lines) == 2)
    page.last.undo()
    await until(lambda: "没有被排除" in hints.said.text())
    assert not hints.buttons.buttons["undo"].isEnabled()
    # said once more, it is done once more
    hints.list.step(-1)
    await until(lambda: hints.pair.ids == {one.case_id, other.case_id})
    await until(hints.buttons.buttons["related"].isEnabled)
    hints.buttons.buttons["related"].click()
    await until(lambda: "标为相关" in hints.said.text() and not hints.reader.is_reading)
    assert await real_centre.root("select count(*) from cc.repeat_hints where state = 'open'") == 1
    await quiet(beside)
    await quiet(page)


async def test_opposite_demands_have_no_merge_key(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("duty")
    one, other = await pair(
        session, verdict=Verdict.RELATED, reasons=(Reason(Signal.OPPOSITE, "同一件事，要求相反", 0.0),)
    )
    page, hints = await hints_of(session, shown)
    assert hints.list.lines[0].tag == "相反"
    assert not hints.buttons.buttons["merge"].isEnabled()
    assert "要求相反" in hints.buttons.buttons["merge"].toolTip()
    QTest.keyClick(hints.list, Qt.Key.Key_M)
    QTest.keyClick(hints.list, Qt.Key.Key_Return)
    await until(lambda: "不能并单" in hints.said.text())
    assert await real_centre.root("select count(*) from cc.merges") == 0
    QTest.keyClick(hints.list, Qt.Key.Key_P)
    await until(lambda: not hints.list.lines)
    [relation] = await merging.read_related(session.database(), one.case_id)
    assert (relation.case_id, relation.kind) == (other.case_id, "opposite")
    await quiet(page)


async def test_which_is_kept_follows_the_rule_and_swaps_where_lawful(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("duty")
    one, other = await pair(session)
    page, hints = await hints_of(session, shown)
    QTest.keyClick(hints.list, Qt.Key.Key_X)
    assert hints.pair.kept is not None
    assert hints.pair.kept.case.id == other.case_id
    assert "由您选定" in said(hints.pair)
    await cases.dispatch(
        session.database(), case_id=one.case_id, version=one.version, unit_id=DEPARTMENT_1, key=uuid4()
    )
    hints.pair._turned = False
    await until(lambda: hints.pair.kept is not None and hints.pair.kept.case.state is State.TO_ACCEPT)
    assert "已经派单" in said(hints.pair)
    assert not hints.buttons.buttons["swap"].isEnabled()
    assert "只能由它保留" in hints.buttons.buttons["swap"].toolTip()
    assert "主责仍是住建局" in said(hints.pair)
    await quiet(page)


async def test_refusals_are_one_sentence_and_the_key_is_kept(
    real_centre: RealCentre, shown: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = await real_centre.sign_in("duty")
    one, _ = await pair(session)
    page, hints = await hints_of(session, shown)
    hints.reader._busy = True  # the feed's news waits: the pair on the screen is the old one
    await cases.note(session.database(), case_id=one.case_id, version=one.version, text="问过了", key=uuid4())
    hints.merge()
    await until(lambda: "刚被别人改过" in hints.said.text())
    hints.reader._busy = False
    hints.reader.ask()
    await until(lambda: not hints.reader.is_reading and hints._is_current())
    with monkeypatch.context() as away:
        away.setattr(Database, "deed", _gone)
        hints.merge()
        await until(lambda: "连不上" in hints.said.text())
    hints.merge()
    await until(lambda: "已并入" in hints.said.text())
    assert await real_centre.root("select count(*) from cc.merges") == 1
    page.last.undo_merge(999_999)
    await until(lambda: "没有找到这条并单" in hints.said.text())
    await quiet(page)


def _gone(_: Database) -> object:
    raise Unreachable("连不上数据库。")


async def test_who_only_looks_has_grey_keys(real_centre: RealCentre, shown: Show) -> None:
    await pair(await real_centre.sign_in("duty"))
    page = MergingPage(await real_centre.sign_in("analyst"))
    await shown(page)
    await until(lambda: page.hints.pair.ids)
    await until(lambda: "只能查看" in page.hints.buttons.buttons["merge"].toolTip())
    assert not any(page.hints.buttons.buttons[name].isEnabled() for name in ("merge", "swap", "different", "related"))
    page.show_tab("dismissed")
    await until(lambda: page.dismissed._read_once)
    assert not page.dismissed.reopen_button.isEnabled()
    page.show_tab("themes")
    assert not page.themes.new_button.isEnabled()
    await quiet(page)


async def test_a_theme_holds_cases_without_merging_them(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("duty")
    one, other = await pair(session)
    page = MergingPage(session)
    await shown(page)
    page.show_tab("themes")
    themes = page.themes
    await until(lambda: themes._read_once)
    themes.begin_new()
    themes.ask.line.setText("供热问题")
    QTest.keyClick(themes.ask.line, Qt.Key.Key_Return)
    await until(lambda: [line.texts[0] for line in themes.list.lines] == ["供热问题"])
    themes.begin_new()
    themes.ask.line.setText("供热问题")
    themes.ask.send()
    await until(lambda: "同名" in themes.ask.problem.text())
    themes.ask.close_ask()
    themes.buttons["add"].click()
    themes.ask.line.setText(f"{one.number} RC00000000-00000")
    themes.ask.send()
    await until(lambda: "没有找到：RC00000000-00000" in themes.ask.problem.text())
    themes.ask.line.setText(f"{one.number} {other.number}")
    themes.ask.send()
    await until(lambda: len(themes.cases.briefs) == 2)
    assert "黄 1" in themes.facts.text()
    assert "蓝 1" in themes.facts.text()
    assert "待派单 2" in themes.facts.text()
    assert session.mirror.slot_of(one.case_id) is not None  # each its own
    assert session.mirror.slot_of(other.case_id) is not None
    wanted: list[object] = []
    session.filter_wanted.connect(wanted.append)
    themes.buttons["queue"].click()
    assert wanted[0].ids == {one.case_id, other.case_id}  # type: ignore[attr-defined]
    themes.cases.setCurrentIndex(themes.cases.model().index(0, 0))
    themes.buttons["remove"].click()
    await until(lambda: len(themes.cases.briefs) == 1)
    themes.buttons["close"].click()
    themes.ask.send()
    await until(lambda: not themes.list.lines)
    themes.ended.setChecked(True)
    await until(lambda: len(themes.list.lines) == 1)
    assert "已结束" in themes.list.lines[0].texts[1]
    await quiet(page)


async def test_the_share_says_its_formula(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("duty")
    one, other = await pair(session)
    page = MergingPage(session)
    await shown(page)
    page.show_tab("figures")
    await until(lambda: page.figures.shares and not page.figures.reader.is_reading)
    assert page.figures.whole.text() == "合并率 0.0 %"
    await merging.merge(
        session.database(),
        kept_id=one.case_id,
        kept_version=None,
        source_id=other.case_id,
        source_version=None,
        key=uuid4(),
    )
    page.figures.reader.ask()
    await until(lambda: page.figures.whole.text() == "合并率 50.0 %")
    assert page.figures.formula.text() == "= 合并的诉求 1 ÷ 收到的诉求 2"
    assert "机器并单 0（0.0 %）" in page.figures.causes.text()
    page.figures.since.setDate(page.figures.since.date().addYears(-2))
    page.figures.until.setDate(page.figures.until.date().addYears(-1))
    await until(lambda: page.figures.whole.text() == "合并率 –")
    await quiet(page)


async def test_the_queue_and_the_rail_know_of_open_hints_and_make_themes(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("duty")
    session.work.start()
    one, other = await pair(session)
    third = await case(session, "路灯不亮")
    panel = QueuePanel(session)
    await shown(panel)
    await until(lambda: session.work.waiting.hints == 1 and panel.model.rowCount() == 3)
    marked = {case_id: panel.model.facts(panel.model.row_of(case_id)) for case_id in (one.case_id, third.case_id)}
    assert [facts.hinted for facts in marked.values() if facts] == [True, False]
    assert "疑重" in marked[one.case_id].spoken()  # type: ignore[union-attr]
    assert not panel.theme_button.isVisible()
    panel.filters.hinted.click()
    assert panel.model.rowCount() == 2
    assert panel.filters.boxed.isHidden()
    panel.theme_button.click()
    await until(lambda: not panel.ask.isHidden())
    panel.ask.line.setText("供热问题")
    panel.ask.send()
    await until(panel.ask.isHidden)
    [theme] = await merging.read_themes(session.database())
    assert set(theme.case_ids) == {one.case_id, other.case_id}
    await merging.dismiss_hint(
        session.database(), case_id=one.case_id, other_id=other.case_id, reason="事情不同", key=uuid4()
    )
    await until(lambda: session.work.waiting.hints == 0)
    assert not session.work.hinted
