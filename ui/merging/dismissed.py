"""已排除: pairs that a person said are not the same, lately; taken back by one key, so that they can be judged again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from commandcenter.domain.case import Role, State
from commandcenter.services.merging import Dismissed, read_dismissed
from ui.merging import words as merge_words
from ui.merging.lately import Lately, LatelyWords
from ui.merging.lines import Line
from ui.session import Session
from ui.widgets import words

if TYPE_CHECKING:
    from ui.merging.undo import LastDeed

KINDS = frozenset({"hint", "relation", "case"})


class MergeDismissed(Lately[Dismissed]):
    """See `Lately`; all that are listed count."""

    def __init__(self, session: Session, last: LastDeed, parent: QWidget | None = None) -> None:
        super().__init__(session, last, KINDS, read_dismissed, self._line_of, parent)
        self.reopen_button = self.add_deed(self.tr("撤回，重新判断"), "U", self.reopen, self._why_not)
        self.add_opening(self.tr("看前一件"), "Enter", lambda pair: pair.hint.case_id)
        self.add_opening(self.tr("看后一件"), "O", lambda pair: pair.hint.other_id)
        self.begin(
            LatelyWords(
                self.tr("已排除"),
                self.tr("正在读已排除的…"),
                self.tr("这段时间没有排除过疑似重复"),
                self.tr("判为“不是同一件”、相关或要求相反的，会列在这里，可以撤回"),
            )
        )

    def reopen(self) -> None:
        """Take back what was said of the pair, and the relation said along with it; or say why not."""
        if reason := self._why_not():
            self._on_told(reason)
        elif (pair := self.current) is not None:
            self._last.reopen(pair.hint.case_id, pair.hint.other_id, pair.relation_id)

    def _line_of(self, pair: Dismissed) -> Line:
        hint = pair.hint
        kind = {"opposite": self.tr("要求相反"), "related": self.tr("相关")}.get(
            pair.relation_kind, self.tr("不是同一件")
        )
        by = merge_words.whose(hint.by, self._session.reference)
        facts = [f"{by} {merge_words.day_words(hint.at)}"] if hint.at is not None else []
        facts += [hint.words.rstrip("。")] if hint.words else []
        facts += [self.tr("机器把握 %s") % merge_words.sure_word(hint.score)] if hint.score else []
        one = self._case(hint.number, hint.title, hint.case_state)
        other = self._case(hint.other_number, hint.other_title, hint.other_state)
        key = (hint.case_id, hint.other_id)
        return Line(key, (one, other, " · ".join(facts)), tag=kind, tag_colour="ink_normal", bright=2)

    def _case(self, number: str, title: str, state: State | None) -> str:
        over = f"（{words.state_word(state)}）" if state is not None and state >= State.TO_FOLLOW_UP else ""
        return f"{number} {title}{over}"

    def _why_not(self) -> str:
        if self.current is None:
            return self.tr("没有选中的一对")
        if self._session.role not in {Role.DUTY, Role.SUPERVISOR}:
            return self.tr("您的岗位只能查看，由值班员和督导撤回")
        return "" if self._session.db is not None else self.tr("未连接数据库，暂时只能查看")
