"""已并: the merges of a day, standing and undone, by persons and by the machine; undone by one key, with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from commandcenter.domain.case import Role
from commandcenter.services.merge_days import DayMerge, read_merges
from ui.merging import words as merge_words
from ui.merging.ask import MergeAsk
from ui.merging.chips import chips
from ui.merging.lately import Lately, LatelyWords
from ui.merging.lines import Line
from ui.session import Session

if TYPE_CHECKING:
    from ui.merging.undo import LastDeed

KINDS = frozenset({"case"})
_ALL, _STANDING, _UNDONE, _MACHINE = "all", "standing", "undone", "machine"


class MergeToday(Lately[DayMerge]):
    """See `Lately`; those that stand count."""

    def __init__(self, session: Session, last: LastDeed, parent: QWidget | None = None) -> None:
        super().__init__(session, last, KINDS, read_merges, self._line_of, parent)
        self._sort = _ALL
        self.ask = MergeAsk(self)
        self.undo_button = self.add_deed(self.tr("撤销这次并单"), "U", self.ask_undo, self._why_not)
        self.add_opening(self.tr("看保留的工单"), "Enter", lambda merge: merge.kept_id)
        self.sorts = chips(
            self,
            (
                (_ALL, self.tr("全部")),
                (_STANDING, self.tr("有效")),
                (_UNDONE, self.tr("已撤销")),
                (_MACHINE, self.tr("机器并的")),
            ),
            self._choose_sort,
        )
        said = LatelyWords(self.tr("已并"), self.tr("正在读并单…"), self.tr("这段时间没有这样的并单"))
        self.begin(said, sorts=self.sorts, ask=self.ask)

    def ask_undo(self) -> None:
        """Ask why the merge is undone, and undo it."""
        merge = self.current
        if merge is None or self._why_not():
            return
        self.ask.ask(
            self.tr("撤销后 %s 恢复原样、各办各的，机器不再把这两件并到一起") % merge.source_number,
            self.tr("撤销并单"),
            lambda reason: self._last.undo_merge(merge.id, reason),
            presets=[merge_words.tr(each) for each in merge_words.REASONS],
            hint=self.tr("为什么撤销（可不填）"),
            needed=False,
            back=self.list,
        )

    def _wants(self, merge: DayMerge, /) -> bool:
        stands = merge.undone_at is None
        return {_ALL: True, _STANDING: stands, _UNDONE: not stands, _MACHINE: merge.cause == "machine"}[self._sort]

    def _counts(self, merge: DayMerge, /) -> bool:
        return merge.undone_at is None

    def _line_of(self, merge: DayMerge) -> Line:
        reference = self._session.reference
        who = merge_words.whose(merge.by, reference) if merge.cause == "person" else self.tr("机器")
        facts = [self.tr("%s 并单 %s") % (who, merge_words.day_words(merge.at))]
        if merge.score is not None:
            facts.append(self.tr("把握 %s") % merge_words.sure_word(merge.score))
        if merge.undone_at is not None:
            by = merge_words.whose(merge.undone_by, reference)
            facts.append(self.tr("%s 撤销 %s") % (by, merge_words.day_words(merge.undone_at)))
            facts += [merge.undo_reason] if merge.undo_reason else []
        return Line(
            merge.id,
            (
                f"{merge.source_number} {merge.source_title}",
                self.tr("并入 %s %s") % (merge.kept_number, merge.kept_title),
                " · ".join(facts),
            ),
            tag=self.tr("有效") if merge.undone_at is None else self.tr("已撤销"),
            tag_colour="good" if merge.undone_at is None else "ink_quiet",
        )

    def _why_not(self) -> str:
        merge = self.current
        if merge is None:
            return self.tr("没有选中的并单")
        if merge.undone_at is not None:
            return self.tr("已经撤销过")
        if self._session.role not in {Role.DUTY, Role.SUPERVISOR}:
            return self.tr("您的岗位不能撤销并单")
        return ""

    def _show(self) -> None:
        self.ask.close_ask()
        super()._show()

    def _on_told(self, sentence: str) -> None:
        super()._on_told(sentence)
        self.ask.close_ask()

    def _choose_sort(self, sort: str) -> None:
        self._sort = sort
        self._fill()
