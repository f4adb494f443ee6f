"""工单: everything about one case; follows what other desks do to it and keeps scroll and half-typed text."""

from __future__ import annotations

import asyncio
import mimetypes
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from commandcenter.domain.case import OPEN_STATES, State, Verb
from commandcenter.errors import NotVisible, PersonError
from commandcenter.services import cases
from commandcenter.services.case_file import find_number, read_attachment, read_briefs, read_case, search_cases
from ui.case.buttons import CaseButtons
from ui.case.file_head import FileHead
from ui.case.file_parts import FileParts
from ui.keys import Keys
from ui.merging.file import MergeFile
from ui.models.queue_order import Filter, Sort, order
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets.brief_list import BriefList
from ui.widgets.calm import CalmState
from ui.widgets.story import Story

if TYPE_CHECKING:
    from commandcenter.live.mirror import Changed
    from commandcenter.services.case_file import Attachment, CaseFile

LARGEST_FILE = 20 * 1024 * 1024
MOST_FOUND = 50
LOOP_KINDS = frozenset({"whistle", "party", "score", "slip", "appeal"})


class CasePage(QWidget):
    """A search box, what it found at the left where that is several, and one case."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: int | None = None
        self._version = -1
        self._keys = Keys()
        self._typed: dict[int, str] = {}
        """Half-typed notes, by case."""
        self.file: CaseFile | None = None
        self.box = QLineEdit(self)
        self.box.setPlaceholderText(self.tr("工单编号，或诉求里的字（两个字以上），回车查找"))
        self.box.setClearButtonEnabled(True)
        self.box.setAccessibleName(self.tr("查找工单"))
        self.box.returnPressed.connect(self.search)
        self.said = QLabel(self)
        self.said.setProperty("role", "quiet")
        self.found = BriefList(session, self)
        self.found.setFixedWidth(372)
        self.found.opened.connect(self.show_case)
        self.found.hide()
        self.calm = CalmState(self)
        self.banner = QLabel(self)
        self.banner.setProperty("role", "warn")
        self.banner.setWordWrap(True)
        self.banner.hide()
        self.head = FileHead(session, self)
        self.buttons = CaseButtons(session, self)
        self.merging = MergeFile(session, self)
        self.parts = FileParts(session, self, self._save_attachment, self.merging)
        self.story = Story(session, self)
        self.note = QPlainTextEdit(self)
        self.note.setPlaceholderText(self.tr("批注：写给以后看这件工单的人，Ctrl+Enter 记入经过"))
        self.note.setAccessibleName(self.tr("批注"))
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(60)
        self.attach_button = QPushButton(self.tr("添加附件…"), self)
        self.attach_button.clicked.connect(self.choose_file)
        self.note_button = QPushButton(self.tr("记入"), self)
        self.note_button.clicked.connect(self.send_note)
        self._arrange()
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self.note, self.send_note, context=Qt.ShortcutContext.WidgetShortcut)
        QShortcut(QKeySequence("Ctrl+F"), self, self._to_search)
        self.setFocusProxy(self.box)
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
        self.found.set_tokens(tokens)

    def show_case(self, case_id: int | None) -> None:
        """Show another case; None the quiet page."""
        if case_id == self._shown and case_id is not None:
            return
        if self._shown is not None:
            self._typed[self._shown] = self.note.toPlainText()
        self._shown, self._version, self.file = case_id, -1, None
        if case_id is None:
            self._calm(self.tr("还没有选工单"), self.tr("在上面按编号或文字查找，或在值守页选一件"))
            return
        self._session.selection.select(case_id)
        self.note.setPlainText(self._typed.pop(case_id, ""))
        self._calm(self.tr("正在打开…"))
        self._scroll.verticalScrollBar().setValue(0)
        self.reload()

    def reload(self) -> None:
        """Read the case anew; what is on the screen stays until the answer is there."""
        if self._shown is not None:
            slot = self._session.mirror.slot_of(self._shown)
            self._version = int(self._session.mirror.version[slot]) if slot is not None else 0
            self._session.spawn(self._read(self._shown), "read_case")

    def search(self) -> None:
        """Find by number or by words; one hit opens at once."""
        text = self.box.text().strip()
        if not text:
            self.found.hide()
            self.said.clear()
            return
        self.said.setText(self.tr("正在查找…"))
        self._session.spawn(self._search(text), "search")

    def send_note(self) -> None:
        """Write the note into the case's timeline."""
        text = self.note.toPlainText().strip()
        if text and self.file is not None:
            self._session.spawn(self._send_note(self.file.case.id, self.file.case.version, text), "note")

    def choose_file(self) -> None:
        """Ask for a file and add it."""
        dialog = QFileDialog(self, self.tr("添加附件（不超过 20 MB）"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.attach(Path(path)))
        dialog.open()

    def attach(self, path: Path) -> None:
        """Add a file to the case."""
        if self.file is not None:
            self._session.spawn(self._attach(self.file.case.id, self.file.case.version, path), "attach")

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
        for widget, verb in ((self.note, Verb.NOTE), (self.note_button, Verb.NOTE), (self.attach_button, Verb.ATTACH)):
            widget.setVisible(verb in lawful)
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

    async def _search(self, text: str) -> None:
        session = self._session
        try:
            one = await find_number(session.database(), text.upper())
            slots, _ = order(session.mirror, Filter(text=text), Sort.NEWEST, session.bridge.now_us())
            ids = [] if one is not None else session.mirror.id[slots[:MOST_FOUND]].tolist()
            if one is None and len(text) > 1:
                ids += await search_cases(session.database(), text, most=MOST_FOUND)
            ids = [one] if one is not None else list(dict.fromkeys(ids))
            briefs = await read_briefs(session.database(), ids) if len(ids) > 1 else ()
        except PersonError as error:
            self.said.setText(str(error))
            return
        if self.box.text().strip() != text:
            return
        self.found.show_briefs(briefs)
        self.found.setVisible(bool(briefs))
        self.said.setText(self.tr("找到 %n 件", "", len(ids)) if ids else self.tr("没有找到，换几个字试试"))
        if len(ids) == 1:
            self.show_case(ids[0])
        elif briefs:
            self.found.setCurrentIndex(self.found.model().index(0, 0))
            self.found.setFocus()

    async def _send_note(self, case_id: int, version: int, text: str) -> None:
        deed = (case_id, text)
        await cases.note(self._session.database(), case_id=case_id, version=version, text=text, key=self._keys.of(deed))
        self._keys.done(deed)
        if case_id == self._shown and self.note.toPlainText().strip() == text:
            self.note.clear()

    async def _attach(self, case_id: int, version: int, path: Path) -> None:
        try:
            content = await asyncio.to_thread(_read_file, path)
        except OSError as error:
            raise PersonError(self.tr("这个文件读不了。"), self.tr("请检查文件是否还在、是否允许读取。")) from error
        if not content:
            raise PersonError(self.tr("附件须在 20 MB 以内，且不能是空文件。"), self.tr("请压缩或拆分后再添加。"))
        deed = (case_id, path.name, sha256(content).digest())
        await cases.attach(
            self._session.database(),
            case_id=case_id,
            version=version,
            name=path.name,
            media_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
            content=content,
            key=self._keys.of(deed),
        )
        self._keys.done(deed)
        self._session.noticed.emit(self.tr("附件已添加"), "")

    def _save_attachment(self, attachment: Attachment) -> None:
        dialog = QFileDialog(self, self.tr("另存附件"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.selectFile(attachment.name)
        dialog.fileSelected.connect(
            lambda path: self._session.spawn(self._download(attachment.id, Path(path)), "read_attachment")
        )
        dialog.open()

    async def _download(self, attachment_id: int, path: Path) -> None:
        content = await read_attachment(self._session.database(), attachment_id)
        try:
            await asyncio.to_thread(path.write_bytes, content)
        except OSError as error:
            raise PersonError(self.tr("文件写不到那里。"), self.tr("请换一个位置。")) from error

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

    def _to_search(self) -> None:
        self.box.setFocus()
        self.box.selectAll()

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
        tools.addWidget(self.note_button)
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
        self._room = QStackedWidget(self)
        self._room.addWidget(self.calm)
        self._room.addWidget(self._scroll)
        top = QHBoxLayout()
        top.setContentsMargins(24, 10, 24, 10)
        top.addWidget(self.box, 1)
        top.addWidget(self.said)
        body = QHBoxLayout()
        body.setSpacing(1)
        body.addWidget(self.found)
        body.addWidget(self._room, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addLayout(body, 1)


def _read_file(path: Path) -> bytes:
    """The file's content; nothing of one that is too large."""
    return path.read_bytes() if path.stat().st_size <= LARGEST_FILE else b""
