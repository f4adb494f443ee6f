"""已并: the merges of a day, standing and undone, by persons and by the machine; undone by one key, with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from commandcenter.domain.case import Role
from commandcenter.errors import PersonError
from commandcenter.services.merge_days import read_merges
from ui.merging import words as merge_words
from ui.merging.ask import MergeAsk
from ui.merging.chips import chips, midnight, spans
from ui.merging.lines import Line, LineList
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets.calm import CalmState
from ui.widgets.live_read import LiveRead

if TYPE_CHECKING:
    from commandcenter.services.merge_days import DayMerge
    from ui.merging.undo import LastDeed

KINDS = frozenset({"case"})
_ALL, _STANDING, _UNDONE, _MACHINE = "all", "standing", "undone", "machine"


class MergeToday(QWidget):
    """``opened(case id)``: to be shown whole; ``counted(n)``: standing ones."""

    opened = Signal(object)
    counted = Signal(int)

    def __init__(self, session: Session, last: LastDeed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._last = session, last
        self._merges: dict[int, DayMerge] = {}
        self._read_once = False
        self._kind, self._days = _ALL, 0
        self.list = LineList(session, self.tr("已并"), self)
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.ask = MergeAsk(self)
        self.calm = CalmState(self)
        self.undo_button = QPushButton(self.tr("撤销这次并单 U"), self)
        self.undo_button.clicked.connect(self.ask_undo)
        self.open_button = QPushButton(self.tr("看保留的工单 Enter"), self)
        self.open_button.clicked.connect(self._open)
        self.kinds = chips(
            self,
            (
                (_ALL, self.tr("全部")),
                (_STANDING, self.tr("有效")),
                (_UNDONE, self.tr("已撤销")),
                (_MACHINE, self.tr("机器并的")),
            ),
            self._choose_kind,
        )
        self.spans = chips(self, spans(), self._choose_span)
        self.reader = LiveRead(session, KINDS, self._read, self._on_unread, self)
        self._arrange()
        self.setFocusProxy(self.list)
        self.list.chosen.connect(lambda _: self._show())
        self.list.opened.connect(lambda _: self._open())
        for key, call in (("U", self.ask_undo), ("Ctrl+Z", last.undo)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(call)
        last.told.connect(self._on_told)
        session.themed.connect(self.set_tokens)
        self.set_tokens(session.tokens)
        self._say_calm()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.list.set_tokens(tokens)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reader.shown()

    def ask_undo(self) -> None:
        """Ask why the merge is undone, and undo it."""
        merge = self._merge()
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

    async def _read(self) -> None:
        now = self._session.clock.now()
        since, until = midnight(now, self._days), midnight(now) + timedelta(days=1)
        found = await read_merges(self._session.database(), since=since, until=until)
        self._merges, self._read_once = {merge.id: merge for merge in found}, True
        self._fill()

    def _fill(self) -> None:
        wanted = [merge for merge in self._merges.values() if self._wants(merge)]
        self.list.show_lines([self._line(merge) for merge in wanted])
        self.counted.emit(sum(merge.undone_at is None for merge in self._merges.values()))
        comes = bool(wanted) and self._room.currentWidget() is self.calm
        self._room.setCurrentWidget(self.list if wanted else self.calm)
        if comes and self.isVisible():  # it could not take the keyboard while there was nothing in it
            self.list.setFocus()
        self._say_calm()
        self._show()

    def _wants(self, merge: DayMerge) -> bool:
        stands = merge.undone_at is None
        return {_ALL: True, _STANDING: stands, _UNDONE: not stands, _MACHINE: merge.cause == "machine"}[self._kind]

    def _line(self, merge: DayMerge) -> Line:
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

    def _merge(self) -> DayMerge | None:
        return self._merges.get(self.list.key) if isinstance(self.list.key, int) else None

    def _why_not(self) -> str:
        merge = self._merge()
        if merge is None:
            return self.tr("没有选中的并单")
        if merge.undone_at is not None:
            return self.tr("已经撤销过")
        if self._session.role not in {Role.DUTY, Role.SUPERVISOR}:
            return self.tr("您的岗位不能撤销并单")
        return ""

    def _show(self) -> None:
        self.ask.close_ask()
        reason = self._why_not()
        self.undo_button.setEnabled(not reason)
        self.undo_button.setToolTip(reason)
        self.undo_button.setAccessibleDescription(reason)
        self.open_button.setEnabled(self._merge() is not None)

    def _on_told(self, sentence: str) -> None:
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))
        self.ask.close_ask()

    def _open(self) -> None:
        if (merge := self._merge()) is not None:
            self.opened.emit(merge.kept_id)

    def _choose_kind(self, kind: object) -> None:
        self._kind = str(kind)
        self._fill()

    def _choose_span(self, days: object) -> None:
        self._days = int(str(days))
        self.reader.ask()

    def _on_unread(self, error: PersonError) -> None:
        if self._read_once:
            self._on_told(str(error))
        else:
            self.calm.say(error.sentence, error.advice, self.tr("再试一次"), self.reader.ask)
            self._room.setCurrentWidget(self.calm)

    def _say_calm(self) -> None:
        if self._read_once:
            self.calm.say(self.tr("这段时间没有这样的并单"))
        elif self._session.db is None:
            self.calm.say(self.tr("未连接数据库，暂时只能查看"))
        else:
            self.calm.say(self.tr("正在读并单…"))

    def _arrange(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 8, 12, 4)
        bar.setSpacing(8)
        for chip in self.kinds:
            bar.addWidget(chip)
        bar.addSpacing(24)
        for chip in self.spans:
            bar.addWidget(chip)
        bar.addStretch(1)
        self._room = QStackedWidget(self)
        self._room.addWidget(self.calm)
        self._room.addWidget(self.list)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 4, 12, 8)
        foot.setSpacing(8)
        for button in (self.undo_button, self.open_button):
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            foot.addWidget(button)
        foot.addWidget(self.said, 1)
        foot.addStretch(0)
        self.said.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self._room, 1)
        column.addWidget(self.ask)
        column.addLayout(foot)
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
