"""工单 after merging, on the real database: both citizens, the source's page, undo, split, by number, related, themes."""

from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from commandcenter.domain.case import Grade, State
from commandcenter.services import merging
from commandcenter.services.cases import CaseChange
from commandcenter.services.merging import MergeChange
from tests.ui.real_desk import RealCentre, Show, until
from tests.ui.test_merging_page import COLUMNS, case, said
from ui.pages.case import CasePage
from ui.session import Session


async def two(session: Session) -> tuple[CaseChange, CaseChange]:
    one = await case(session, "学府小区3号楼燃气异味")
    other = await case(session, "学府小区三号楼闻到燃气味", "李四光", Grade.YELLOW)
    await until(lambda: session.mirror.slot_of(other.case_id) is not None)
    return one, other


async def merged(session: Session) -> tuple[CaseChange, CaseChange, MergeChange]:
    one, other = await two(session)
    change = await merging.merge(
        session.database(), kept_id=one.case_id, kept_version=None, source_id=other.case_id, source_version=None,
        words="同一栋楼", key=uuid4(),
    )  # fmt: skip
    return one, other, change


async def page_on(session: Session, case_id: int, show: Show) -> CasePage:
    page = CasePage(session)
    await show(page)
    page.show_case(case_id)
    await settled(page)
    return page


async def settled(page: CasePage) -> None:
    await until(lambda: page.file is not None and page.file.case.id == page._shown)
    await until(lambda: not page.merging.reader.is_reading)


async def test_the_kept_case_has_both_citizens_and_the_familys_story(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("duty")
    one, other = await two(session)
    before = await real_centre.root(COLUMNS)
    await merging.merge(
        session.database(), kept_id=one.case_id, kept_version=None, source_id=other.case_id, source_version=None,
        words="同一栋楼", key=uuid4(),
    )  # fmt: skip
    page = await page_on(session, one.case_id, shown)
    reports = said(page.parts.reports)
    assert "王**" in reports
    assert "李**" in reports
    assert f"自己的编号 {other.number}，已并入本单" in reports
    story = said(page.story)
    assert f"[{other.number}] 人员duty（值班员） 受理" in story
    assert "并来一件" in story
    links = said(page.merging.links)
    assert other.number in links
    assert "人员duty 于" in links
    assert "同一栋楼" in links
    page.merging.last.undo_merge((await merging.read_links(session.database(), one.case_id))[0].id, "地点不同")
    await until(lambda: "全部恢复原样" in page.merging.said.text())
    await until(lambda: len(page.file.reports) == 1 if page.file else False)
    assert await real_centre.root(COLUMNS) == before
    await until(lambda: "撤销：地点不同" in said(page.merging.links))
    await settled(page)


async def test_a_merged_source_says_where_it_went_and_lets_undo_alone(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("duty")
    one, other, _ = await merged(session)
    page = await page_on(session, other.case_id, shown)
    assert page.merging.gone.text() == f"已并入 {one.number}"
    reports = said(page.parts.reports)
    assert "李**" in reports, "what its citizen said stays readable"
    assert "王**" not in reports
    assert f"现随 {one.number} 办理" in reports
    assert "拆单" not in reports
    assert page.merging.open_button.isVisible()
    assert page.merging.undo_button.isEnabled()
    assert page.banner.isHidden()
    assert page.buttons.isHidden()
    assert page.note.isHidden()
    assert page.attach_button.isHidden()
    assert page.merging.with_button.isHidden() or not page.merging.with_button.isVisible()
    opened: list[object] = []
    session.page_wanted.connect(lambda page_id, case_id: opened.append((page_id, case_id)))
    page.merging.open_button.click()
    assert opened == [("case", one.case_id)]
    page.merging.undo_button.click()
    page.merging.ask.send()  # a reason is welcome, not needed
    await until(lambda: page.file is not None and page.file.case.state is State.TO_DISPATCH)
    assert not page.buttons.isHidden()
    assert "李**" in said(page.parts.reports)
    await settled(page)
    responder = await real_centre.sign_in("responder")  # of the town where both are
    other_page = await page_on(responder, one.case_id, shown)
    assert not other_page.merging._tools.isVisible()
    assert other_page.merging.why_not_split(other_page.file) is None if other_page.file else False
    await settled(other_page)


async def test_one_report_is_split_out_with_a_reason(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("duty")
    one, other, _ = await merged(session)
    page = await page_on(session, one.case_id, shown)
    assert page.file is not None
    report = next(each for each in page.file.reports if each.home_id == other.case_id)
    page.merging.ask_split(report)
    page.merging.ask.send()
    assert "理由" in page.merging.ask.problem.text()
    QTest.keyClicks(page.merging.ask.line, "2")  # the second preset
    await until(lambda: f"已拆出：{other.number}" in page.merging.said.text())  # alone in its merge: it goes back
    await until(lambda: page.file is not None and len(page.file.reports) == 1)
    assert page.merging.why_not_split(page.file) == "只有一条诉求，不用拆"
    await until(lambda: session.mirror.slot_of(other.case_id) is not None)
    await settled(page)


async def test_another_case_is_found_by_words_and_merged_as_the_rule_says(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("duty")
    one, other = await two(session)
    page = await page_on(session, other.case_id, shown)
    panel = page.merging.panel
    page.merging.ask_with()
    panel.line.setText("RC11111111-11111")
    panel.search()
    await until(lambda: "没有找到另一件" in panel.problem.text())
    panel.line.setText("燃气异味")
    panel.search()
    await until(lambda: [brief.id for brief in panel.found.briefs] == [one.case_id])
    QTest.keyClick(panel.line, Qt.Key.Key_Return)
    await until(lambda: not panel.pair.isHidden())
    assert panel.pair.kept is not None
    assert panel.pair.kept.case.id == one.case_id
    assert "受理在前" in said(panel.pair)
    panel.buttons.buttons["merge"].click()
    await until(lambda: f"已并入 {one.number}" in page.merging.said.text())
    await until(lambda: page.file is not None and page.file.case.state is State.MERGED)
    await settled(page)


async def test_related_and_themed_without_merging(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("duty")
    one, other = await two(session)
    page = await page_on(session, one.case_id, shown)
    page.merging.ask_with(other.case_id)
    await until(lambda: not page.merging.panel.pair.isHidden())
    page.merging.panel.buttons.buttons["opposite"].click()
    await until(lambda: f"要求相反　{other.number}" in said(page.merging.related))
    page.merging.theme_button.click()
    await until(lambda: not page.merging.ask.isHidden())
    page.merging.ask.line.setText("供热问题")
    page.merging.ask.send()
    await until(lambda: "供热问题　1 件" in said(page.merging.themes))
    [theme] = await merging.read_themes(session.database())
    assert theme.case_ids == (one.case_id,)
    assert session.mirror.slot_of(other.case_id) is not None
    [relation] = await merging.read_related(session.database(), one.case_id)
    page.merging.deeds.unrelate(relation.id)
    await until(lambda: not page.merging.related.cards)
    await settled(page)
