"""Two cases beside one another: how near, why the machine thinks so, what merging would do, and which would be kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from commandcenter.domain.case import State
from commandcenter.domain.merge import MERGEABLE, keep_of, may_keep
from ui.merging import words as merge_words
from ui.merging.gap import GapLine
from ui.merging.side import MergeSide
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets import words
from ui.widgets.plain_label import plain_label

if TYPE_CHECKING:
    from commandcenter.intake.repeats.report import Reason
    from commandcenter.services.case_file import CaseFile


class MergePair(QScrollArea):
    """Left what is kept, right what is merged into it; `swap` turns them round where that is lawful."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.kept: CaseFile | None = None
        self.source: CaseFile | None = None
        self._turned = False
        self._opposite = False
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verdict, self.why = plain_label(self, "heading", wrap=False), plain_label(self, "normal")
        self.gap = GapLine(self)
        self.left, self.right = MergeSide(session, self), MergeSide(session, self)
        self.effects_heading, self.effects = plain_label(self, "strong"), plain_label(self, "normal")
        inside = QWidget()
        inside.setProperty("surface", "panel")
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self.verdict)
        head.addWidget(self.gap, 1)
        both = QHBoxLayout()
        both.setSpacing(12)
        both.addWidget(self.left, 1)
        both.addWidget(self.right, 1)
        column = QVBoxLayout(inside)
        column.setContentsMargins(18, 12, 18, 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.why)
        column.addLayout(both)
        column.addWidget(self.effects_heading)
        column.addWidget(self.effects)
        column.addStretch(1)
        self.setWidget(inside)

    @property
    def ids(self) -> frozenset[int]:
        """The two cases shown; none before any were."""
        return frozenset(file.case.id for file in (self.kept, self.source) if file is not None)

    def show_files(
        self,
        one: CaseFile,
        other: CaseFile,
        *,
        verdict: str = "",
        score: float | None = None,
        reasons: Sequence[Reason] = (),
    ) -> None:
        """Show two cases; which is kept follows from the rule, and for the same two from what was chosen before."""
        if self.ids != {one.case.id, other.case.id}:
            self._turned = False
        self._opposite = bool(verdict) and merge_words.is_opposite(verdict, reasons)
        self.kept, self.source = (one, other) if keep_of(one.case, other.case) is one.case else (other, one)
        if self._turned:
            self.kept, self.source = self.source, self.kept
        sure = f" {merge_words.sure_word(score)}" if score is not None else ""
        self.verdict.setText(merge_words.verdict_word(verdict) + sure if verdict else self.tr("按编号并单"))
        self.why.setText("；".join(reason.words for reason in reasons))
        self.why.setVisible(bool(reasons))
        self._show()

    def why_not(self) -> str:
        """Why the two cannot be merged as they stand; '' where nothing is known against it."""
        if self.kept is None or self.source is None:
            return self.tr("请先选一对")
        if self._opposite:
            return self.tr("两件要求相反，不能并单；可以标为相反或相关")
        for case in (self.kept.case, self.source.case):
            if case.state not in MERGEABLE:
                return self.tr("%s %s，不能并单") % (case.number, words.state_word(case.state))
        return ""

    def why_not_swap(self) -> str:
        """Why the other one cannot be kept instead: what a unit works on does not go into what waits."""
        if (said := self.why_not()) or self.kept is None or self.source is None:
            return said
        if not may_keep(self.source.case, self.kept.case):
            return self.tr("%s 已经派单且在前，只能由它保留") % self.kept.case.number
        return ""

    def swap(self) -> bool:
        """Keep the other one; whether that is lawful."""
        if self.why_not_swap():
            return False
        self._turned = not self._turned
        self.kept, self.source = self.source, self.kept
        self._show()
        return True

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.gap.set_tokens(tokens)
        self.left.set_tokens(tokens)
        self.right.set_tokens(tokens)

    def _show(self) -> None:
        kept, source = self.kept, self.source
        if kept is None or source is None:
            return
        points = [(file.case.lon, file.case.lat) for file in (kept, source)]
        metres = None
        if all(lon is not None and lat is not None for lon, lat in points):
            metres = merge_words.metres_between(*points)  # type: ignore[arg-type]
        gap = source.case.received_at - kept.case.received_at
        self.gap.show_gap(metres, merge_words.distance_words(metres), merge_words.gap_words(gap))
        self.left.show_file(kept, _said(source))
        self.right.show_file(source, _said(kept))
        lawful = not self.why_not()
        self.left.say_role(self.tr("保留") if lawful else "")
        self.right.say_role(self.tr("并入左边") if lawful else "")
        self.effects_heading.setText(self.tr("并单以后") if lawful else self.why_not())
        rule = self.tr("由您选定保留 %s") if self._turned else self.tr("保留 %s：") + self._rule()
        said = (rule % kept.case.number, *merge_words.effects(kept, source, self._session.reference))
        self.effects.setText("\n".join(f"· {each}" for each in said))
        self.effects.setVisible(lawful)

    def _rule(self) -> str:
        """By which part of the rule the left one is kept."""
        assert self.kept is not None
        assert self.source is not None
        one, other = self.kept.case, self.source.case
        if one.state >= State.TO_ACCEPT > other.state:
            return self.tr("已经派单")
        if one.state >= State.TO_ACCEPT and one.dispatched_at != other.dispatched_at:
            return self.tr("派单在前")
        return self.tr("受理在前")


def _said(file: CaseFile) -> str:
    """All that a case's title and citizens say."""
    return "\n".join([file.case.title, *(report.content for report in file.reports)])
