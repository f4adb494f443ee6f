"""What undoes ties of a case: a report split off, a merge undone, a theme left, a relation ended."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from commandcenter.services import merging
from ui.merging import words as merge_words
from ui.merging.ask import MergeAsk
from ui.merging.deeds import Deeds
from ui.merging.undo import LastDeed
from ui.session import Session

if TYPE_CHECKING:
    from commandcenter.services.case_file import CaseFile, Report
    from commandcenter.services.merging import Link, Theme


class CaseDeeds(Deeds):
    """Merges are undone by `last`, which knows the last one and tells what became of it."""

    def __init__(self, session: Session, ask: MergeAsk, last: LastDeed) -> None:
        super().__init__(session, ask, ask=ask)
        self._ask, self._last = ask, last
        self._file: CaseFile | None = None

    def follow(self, file: CaseFile) -> None:
        """The case as it was read last: what is done is done to that."""
        self._file = file

    def ask_split(self, report: Report) -> None:
        """Ask why a report is taken out, and take it out."""
        self._ask.ask(
            self.tr("把这条诉求拆出去另立一件（单独并入的，退回它原来的工单）"),
            self.tr("拆单"),
            lambda reason: self._split(report.id, reason),
            presets=[merge_words.tr(each) for each in merge_words.REASONS],
            hint=self.tr("为什么拆单"),
        )

    def ask_undo(self, link: Link) -> None:
        """Ask why a merge is undone, and undo it."""
        self._ask.ask(
            self.tr("撤销后 %s 恢复原样、各办各的，机器不再把这两件并到一起") % link.source_number,
            self.tr("撤销并单"),
            lambda reason: self._last.undo_merge(link.id, reason),
            presets=[merge_words.tr(each) for each in merge_words.REASONS],
            hint=self.tr("为什么撤销（可不填）"),
            needed=False,
        )

    def leave_theme(self, theme: Theme) -> None:
        """Take the case out of a theme."""
        if self._file is None:
            return
        case_id = self._file.case.id

        async def act(key: UUID) -> str:
            await merging.remove_from_theme(self._session.database(), theme_id=theme.id, case_id=case_id, key=key)
            return self.tr("已移出聚合“%s”") % theme.title

        self.begin(("leave", theme.id, case_id), act)

    def unrelate(self, relation_id: int) -> None:
        """End a relation."""

        async def act(key: UUID) -> str:
            await merging.unrelate(self._session.database(), relation_id=relation_id, key=key)
            return self.tr("已取消关联")

        self.begin(("unrelate", relation_id), act)

    def _split(self, report_id: int, reason: str) -> None:
        if self._file is None:
            return
        case = self._file.case

        async def act(key: UUID) -> str:
            change = await merging.split(
                self._session.database(),
                case_id=case.id,
                version=case.version,
                report_id=report_id,
                reason=reason,
                key=key,
            )
            return self.tr("已拆出：%s") % change.number

        self.begin(("split", case.id, case.version, report_id, reason), act)
