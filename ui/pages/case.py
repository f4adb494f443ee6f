"""工单: everything about one case; follows what other desks do to it and keeps scroll and half-typed text."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from commandcenter.domain.case import OPEN_STATES, State, Verb
from commandcenter.errors import NotVisible, PersonError
from commandcenter.services.case_file import read_case
from ui.case.attachments import AttachButton, save_attachment
from ui.case.buttons import CaseButtons
from ui.case.file_head import FileHead
from ui.case.file_parts import FileParts
from ui.case.note import CaseNote
from ui.case.search import CaseSearch
from ui.merging.file import MergeFile
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets.calm import CalmState
from ui.widgets.story import Story

if TYPE_CHECKING:
    from commandcenter.live.mirror import Changed
    from commandcenter.services.case_file import CaseFile

LOOP_KINDS = frozenset({"whistle", "party", "score", "slip", "appeal"})


class CasePage(QWidget):
    """A search box, what it found at the left where that is several, and one case."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: int | None = None
        self._version = -1
        self.file: CaseFile | None = None
        self.search = CaseSearch(session, self)
        self.search.opened.connect(self.show_case)
        self.calm = CalmState(self)
        self.banner = QLabel(self)
        self.banner.setProperty("role", "warn")
        self.banner.setWordWrap(True)
        self.banner.hide()
        self.head = FileHead(session, self)
        self.buttons = CaseButtons(session, self)
        self.merging = MergeFile(session, self)
        self.parts = FileParts(session, self, partial(save_attachment, session, self), self.merging)
        self.story = Story(session, self)
        self.note = CaseNote(session, self)
        self.attach_button = AttachButton(session, self)
        self._arrange()
        QShortcut(QKeySequence("Ctrl+F"), self, self.search.enter)
        self.setFocusProxy(self.search)
        self._follow(session)
        self.set_tokens(session.tokens)
        self.show_case(session.selection.case_id)

    def _follow(self, session: Session) -> None:
        """Everything of others that this page goes by."""
        self.merging.changed.connect(self.reload)
        session.themed.connect(self.set_tokens)
        session.selection.changed.connect(self._on_selected)
        session.bridge.mirror_changed.connect(self._on_changed)
        session.bridge.ticked.connect(self._on_tick)
        session.bridge.health_changed.connect(self._on_health)
        session.reference_changed.connect(self._on_reference)
        session.entities_changed.connect(self._on_entities)

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.head.set_tokens(tokens)
        self.search.found.set_tokens(tokens)

    def show_case(self, case_id: int | None) -> None:
        """Show another case; None the quiet page."""
        if case_id == self._shown and case_id is not None:
            return
        self.note.turn_to(case_id)
        self._shown, self._version, self.file = case_id, -1, None
        if case_id is None:
            self._calm(self.tr("还没有选工单"), self.tr("在上面按编号或文字查找，或在值守页选一件"))
            return
        self._session.selection.select(case_id)
        self._calm(self.tr("正在打开…"))
        self._scroll.verticalScrollBar().setValue(0)
        self.reload()

    def reload(self) -> None:
        """Read the case anew; what is on the screen stays until the answer is there."""
        if self._shown is not None:
            slot = self._session.mirror.slot_of(self._shown)
            self._version = int(self._session.mirror.version[slot]) if slot is not None else 0
            self._session.spawn(self._read(self._shown), "read_case")

    async def _read(self, case_id: int) -> None:
        try:
            file = await read_case(self._session.database(), case_id)
        except PersonError as error:
            if case_id == self._shown:
                self._on_unread(error)
            return
        if case_id != self._shown or (self.file is not None and file.case.version < self.file.case.version):
            return
        self._show_file(file)

    def _show_file(self, file: CaseFile) -> None:
        scroll = self._scroll.verticalScrollBar()
        at = scroll.value()
        self.file = file
        self.head.show_case(file.case)
        self.parts.show(file)
        self.merging.show_file(file)
        self.story.show_events(file.timeline)
        is_open = file.case.state in OPEN_STATES
        self.buttons.setVisible(is_open)
        self.buttons.show_case(file.case.id)
        lawful = self._session.reference.lawful(file.case.state, self._session.role)
        self.note.follow(file.case)
        self.note.allow(may=Verb.NOTE in lawful)
        self.attach_button.follow(file.case)
        self.attach_button.setVisible(Verb.ATTACH in lawful)
        self.banner.setText("" if is_open else self.tr("这件工单已经结束，只能查看。"))
        self.banner.setVisible(not is_open and file.case.state is not State.MERGED)
        self._room.setCurrentWidget(self._scroll)
        scroll.setValue(at)

    def _on_unread(self, error: PersonError) -> None:
        """Keep what is shown and say how old it is; with nothing to show, say why."""
        if self.file is not None and not isinstance(error, NotVisible):
            self.banner.setText(self.tr("%s下面是断开前读到的内容，连上后自动更新。") % error.sentence)
            self.banner.show()
            self._version = -1
        elif isinstance(error, NotVisible):
            self.file = None
            self._calm(error.sentence, error.advice)
        else:
            self._calm(error.sentence, error.advice, self.tr("再试一次"))
            self._version = -1

    def _on_selected(self, case_id: int | None) -> None:
        if case_id is not None and self.isVisible():
            self.show_case(case_id)

    def _on_changed(self, changed: Changed) -> None:
        if self._shown is None:
            return
        slot = self._session.mirror.slot_of(self._shown)
        version = int(self._session.mirror.version[slot]) if slot is not None else 0
        if version != self._version:
            self.reload()

    def _on_entities(self, entities: frozenset[str]) -> None:
        """A whistle or a slip changes without the case itself changing."""
        if self._shown is not None and entities & LOOP_KINDS:
            if self.isVisible():
                self.reload()
            else:
                self._version = -1

    def _on_tick(self) -> None:
        if self.isVisible() and self.file is not None:
            self.head.refresh()
            self.story.refresh()

    def _on_health(self) -> None:
        if self._version == -1 and self._shown is not None and getattr(self._session.health, "state", "") == "live":
            self.reload()
        self.buttons.refresh()

    def _on_reference(self) -> None:
        if self.file is not None:
            self._show_file(self.file)

    def _calm(self, sentence: str, advice: str = "", button: str = "") -> None:
        self.calm.say(sentence, advice, button, self.reload)
        self._room.setCurrentWidget(self.calm)

    def _arrange(self) -> None:
        inside = QWidget()
        inside.setProperty("surface", "panel")
        left, right = QVBoxLayout(), QVBoxLayout()
        for column, widgets in (
            (left, (self.parts.reports, self.parts.finishes, self.parts.follow_ups, self.parts.attachments)),
            (right, (self.parts.assignments, self.parts.whistles, self.parts.slips, self.merging.hints)),
            (right, (self.merging.links, self.merging.related, self.merging.themes)),
        ):
            column.setSpacing(14)
            for widget in widgets:
                column.addWidget(widget)
        heading = QLabel(self.tr("经过"), self)
        heading.setProperty("role", "strong")
        tools = QHBoxLayout()
        tools.addWidget(self.note, 1)
        tools.addWidget(self.note.button)
        left.addWidget(self.attach_button, 0, Qt.AlignmentFlag.AlignLeft)
        left.addStretch(1)
        right.addWidget(heading)
        right.addLayout(tools)
        right.addWidget(self.story)
        right.addStretch(1)
        both = QHBoxLayout()
        both.setSpacing(24)
        both.addLayout(left, 1)
        both.addLayout(right, 1)
        column = QVBoxLayout(inside)
        column.setContentsMargins(24, 14, 24, 20)
        column.setSpacing(12)
        column.addWidget(self.banner)
        column.addWidget(self.head)
        column.addWidget(self.buttons)
        column.addWidget(self.merging)
        column.addLayout(both)
        column.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inside)
        self._scroll.setAccessibleName(self.tr("工单内容，方向键滚动"))
        self._room = QStackedWidget(self)
        self._room.addWidget(self.calm)
        self._room.addWidget(self._scroll)
        body = QHBoxLayout()
        body.setSpacing(1)
        body.addWidget(self.search.found)
        body.addWidget(self._room, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.search)
        whole.addLayout(body, 1)
