"""Another case found by its number or its words, beside the one on the page: merge them, or say how they belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from commandcenter.errors import PersonError
from commandcenter.services import merging
from commandcenter.services.case_file import find_number, read_briefs, read_case
from ui.merging.buttons import MergeButtons
from ui.merging.deeds import Deeds
from ui.merging.pair import MergePair
from ui.models.queue_order import Filter, Sort, order
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets.brief_list import BriefList
from ui.widgets.plain_label import plain_label

if TYPE_CHECKING:
    from commandcenter.services.case_file import CaseFile
    from ui.merging.undo import LastDeed

MOST = 8
TYPING_MS = 200
_PAIR_HIGH, _LIST_HIGH = 430, 178


class MergeWith(QFrame):
    """``done(sentence)``; ``opened(case id)``. Hidden until it is asked about a case."""

    done = Signal(str)
    opened = Signal(object)

    def __init__(self, session: Session, last: LastDeed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._last = session, last
        self._file: CaseFile | None = None
        self.setProperty("surface", "card")
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(self.tr("另一件的编号，或标题、地点里的字；回车选第一件"))
        self.line.setAccessibleName(self.tr("另一件工单"))
        self.line.setClearButtonEnabled(True)
        self.close_button = QPushButton(self.tr("收起 Esc"), self)
        self.close_button.clicked.connect(self.close_panel)
        self.found = BriefList(session, self)
        self.found.setFixedHeight(_LIST_HIGH)
        self.pair = MergePair(session, self)
        self.pair.setFixedHeight(_PAIR_HIGH)
        self.buttons = MergeButtons(self)
        self.problem = plain_label(self, "bad")
        self.deeds = Deeds(session, self, buttons=self.buttons)
        self.deeds.refused.connect(self._say)
        self.deeds.done.connect(self._on_done)
        for name, call in (
            ("merge", self.merge),
            ("swap", self._swap),
            ("related", lambda: self._relate("related")),
            ("opposite", lambda: self._relate("opposite")),
        ):
            self.buttons.add(name, call, self)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self.search)
        self.line.textEdited.connect(self._typing.start)
        self.line.returnPressed.connect(self._enter)
        self.found.opened.connect(self.choose)
        for side in (self.pair.left, self.pair.right):
            side.opened.connect(self.opened)
        top = QHBoxLayout()
        top.addWidget(self.line, 1)
        top.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(8)
        column.addLayout(top)
        for widget in (self.found, self.pair, self.problem, self.buttons):
            column.addWidget(widget)
        self.hide()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.found.set_tokens(tokens)
        self.pair.set_tokens(tokens)

    def ask(self, file: CaseFile, other_id: int | None = None) -> None:
        """Ask which other case, or show that one at once."""
        self._file = file
        self.line.clear()
        self._show(found=False, pair=False)
        self.show()
        self.line.setFocus()
        if other_id is not None:
            self.choose(other_id)

    def follow(self, file: CaseFile) -> None:
        """The case on the page was read anew: the pair is about it as it is now; another case ends the question."""
        if self.isHidden() or self._file is None:
            return
        if self._file.case.id != file.case.id:
            self.close_panel()
        elif self._file.case.version != file.case.version:
            self._file = file
            others = self.pair.ids - {file.case.id}
            if not self.pair.isHidden() and others:
                self.choose(min(others))

    def search(self) -> None:
        """Find by number, or among the open cases by words."""
        if text := self.line.text().strip():
            self._session.spawn(self._search(text), "merge with")
        else:
            self._show(found=False, pair=False)

    def choose(self, case_id: int) -> None:
        """Show that case beside the one of the page."""
        if self._file is not None:
            self._session.spawn(self._choose(self._file, case_id), "merge with")

    def merge(self) -> None:
        """Merge as the pair stands, or say why not."""
        kept, source = self.pair.kept, self.pair.source
        if said := self.pair.why_not():
            self._say(said)
        elif kept is not None and source is not None:

            async def act(key: UUID) -> str:
                change = await merging.merge(
                    self._session.database(),
                    kept_id=kept.case.id,
                    kept_version=kept.case.version,
                    source_id=source.case.id,
                    source_version=source.case.version,
                    key=key,
                )
                self._last.remember(change.merge_id)
                return self.tr("%s 已并入 %s") % (change.source.number, change.kept.number)

            self.deeds.begin(("merge", kept.case.id, kept.case.version, source.case.id, source.case.version), act)

    def close_panel(self) -> None:
        """Ask nothing any more."""
        self._file = None
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves, down goes to what was found."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        elif event.key() == Qt.Key.Key_Down and not self.found.isHidden():
            self.found.setFocus()
            self.found.setCurrentIndex(self.found.model().index(0, 0))
        else:
            super().keyPressEvent(event)

    def _swap(self) -> None:
        if not self.pair.swap():
            self._say(self.pair.why_not_swap())
        self._refresh()

    def _relate(self, kind: str) -> None:
        if self._file is None or not (others := self.pair.ids - {self._file.case.id}):
            return
        one, other = self._file.case.id, min(others)

        async def act(key: UUID) -> str:
            await merging.relate(self._session.database(), case_id=one, other_id=other, kind=kind, key=key)
            return self.tr("已标为要求相反") if kind == "opposite" else self.tr("已标为相关")

        self.deeds.begin(("relate", one, other, kind), act)

    def _on_done(self, sentence: str) -> None:
        self.close_panel()
        self.done.emit(sentence)

    async def _search(self, text: str) -> None:
        session = self._session
        try:
            one = await find_number(session.database(), text.upper())
            slots, _ = order(session.mirror, Filter(text=text), Sort.NEWEST, session.bridge.now_us())
            ids = [one] if one is not None else session.mirror.id[slots[: MOST + 1]].tolist()
            ids = [each for each in ids if self._file is not None and each != self._file.case.id][:MOST]
            briefs = await read_briefs(session.database(), ids) if ids else ()
        except PersonError as error:
            self._say(str(error))
            return
        if self.line.text().strip() == text:
            self.found.show_briefs(briefs)
            self._show(found=bool(briefs), pair=False)
            self._say("" if briefs else self.tr("没有找到另一件，换几个字试试"))

    async def _choose(self, file: CaseFile, case_id: int) -> None:
        try:
            other = await read_case(self._session.database(), case_id)
        except PersonError as error:
            self._say(str(error))
            return
        if self._file is file:
            self.pair.show_files(file, other)
            self._show(found=False, pair=True)
            self._refresh()
            self.buttons.buttons["merge"].setFocus()

    def _enter(self) -> None:
        if self.found.briefs and not self.found.isHidden():
            self.choose(self.found.briefs[0].id)
        else:
            self.search()

    def _refresh(self) -> None:
        self.buttons.refresh(merge=self.pair.why_not(), swap=self.pair.why_not_swap(), related="", opposite="")

    def _show(self, *, found: bool, pair: bool) -> None:
        self.found.setVisible(found)
        self.pair.setVisible(pair)
        self.buttons.setVisible(pair)
        self._say("")

    def _say(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
