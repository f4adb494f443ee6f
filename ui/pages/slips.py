"""三单: drafts with what triggered them, the words, the signature; receipts and replies with their clocks; the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from commandcenter.errors import NotVisible, PersonError
from commandcenter.reports.slip_of import document_of
from commandcenter.services import slips
from ui.session import Session
from ui.slips import may as slip_may
from ui.slips.desk import SlipDesk
from ui.slips.list import SlipList
from ui.slips.new import SlipNew
from ui.slips.preview import SlipPreview
from ui.slips.register import SlipRegister
from ui.theme.tokens import Tokens
from ui.widgets.calm import CalmState
from ui.widgets.live_read import LiveRead

if TYPE_CHECKING:
    from commandcenter.reports.slip_document import SlipDocument
    from commandcenter.services.slips import Slip


class _Reader(LiveRead):
    """Is done when the page of paper is there, too."""

    @property
    def is_reading(self) -> bool:
        page = self.parent()
        return super().is_reading or (isinstance(page, SlipsPage) and not page.preview.is_current)


class SlipsPage(QWidget):
    """List, slip and A4 page beside one another; or the register."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: int | None = None
        self._read_once = False
        self.list = SlipList(session, self)
        self.desk = SlipDesk(session, self)
        self.preview = SlipPreview(session, self)
        self.new = SlipNew(session, self)
        self.calm = CalmState(self)
        self.register = SlipRegister(session, self)
        self.reader = _Reader(session, frozenset({"slip"}), self._read, self._on_unread, self)
        self.new_button = QPushButton(self.tr("拟单"), self)
        self.new_button.setToolTip("Ctrl+N")
        self.new_button.setVisible(slip_may.may_draft(session))
        self.register_button = QPushButton(self.tr("登记簿"), self)
        self.register_button.setCheckable(True)
        self.register_button.setProperty("role", "chip")
        self.register_button.setToolTip("Ctrl+L")
        self._arrange()
        self._connect()
        self.setFocusProxy(self.list)
        self.set_tokens(session.tokens)
        if self.reader.ask_soon():
            self._calm(self.tr("正在读三单…"))
        else:
            self._calm(self.tr("未连接数据库，暂时只能查看"), self.tr("请检查网络或重新登录"))

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.list.set_tokens(tokens)

    def show_case(self, case_id: int) -> None:
        """Show the newest slip that the case was a ground for, where there is one."""
        self._session.spawn(self._show_of_case(case_id), "slips of case")

    def show_slip(self, slip_id: int) -> None:
        """Show a slip, wherever it is in its life."""
        self.register_button.setChecked(False)
        known = self.list.open_one(slip_id)
        if known is not None:
            self._show(known)
        else:
            self._shown = slip_id
            self.reader.ask()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reader.shown()

    async def _read(self) -> None:
        wanted = self._shown
        found = await slips.read_open(self._session.database())
        ended = None
        if wanted is not None and all(slip.id != wanted for slip in found):
            ended = await self._read_one(wanted)
        self._read_once = True
        self.list.show_slips(found, self._shown)
        self._follow(wanted, ended)

    async def _read_one(self, slip_id: int) -> Slip | None:
        try:
            return await slips.read_slip(self._session.database(), slip_id)
        except NotVisible:
            return None

    def _follow(self, wanted: int | None, ended: Slip | None) -> None:
        """After a read: the slip that is shown as it is now; the first of the list where none was."""
        if wanted != self._shown:  # another one was chosen meanwhile
            return
        now = ended or self.list.open_one(wanted)
        if now is not None:
            self._show(now)
        elif wanted is not None:
            self._shown = self.desk.slip = None
            self._calm(self.tr("这份单已不在您的管辖范围"), self.tr("在左边另选一份"))
        elif self.list.first is not None:
            self._show(self.list.first)
        else:
            self._calm(self.tr("现在没有未办结的单"), self._empty_advice())

    def _show(self, slip: Slip) -> None:
        other = slip.id != self._shown or self.desk.slip is None
        self._shown = slip.id
        if other and self.desk.unsaved:
            self._session.noticed.emit(self.tr("上一份草稿的改动还没有保存，先替您留着"), "")
        self.desk.show()
        self.desk.show_slip(slip)
        self.preview.show_document(self._document(), at_once=other)
        self._room.setCurrentWidget(self._work)
        self.list.mark(slip.id)

    def _document(self) -> SlipDocument | None:
        slip, reference = self.desk.shown(), self._session.reference
        if slip is None or slip.kind not in reference.slip_kinds:
            return None
        kind = reference.slip_kinds[slip.kind]
        return document_of(
            slip,
            body=reference.centre_name,
            signers=kind.signers,
            reply_days=kind.reply_days,
            names={person.login: person.name for person in reference.people.values()},
        )

    def _on_chosen(self, slip: Slip) -> None:
        self.register_button.setChecked(False)
        self._show(slip)

    def _on_unread(self, error: PersonError) -> None:
        """Keep what is shown; with nothing to show, say why."""
        if self._read_once:
            self._session.noticed.emit(error.sentence, error.advice)
        else:
            self._calm(error.sentence, error.advice, self.tr("再试一次"))

    def _on_tick(self) -> None:
        if self.isVisible():
            self.list.refresh()
            self.desk.refresh()

    def _on_register(self, on: bool) -> None:
        self._whole.setCurrentWidget(self.register if on else self._room)
        if on:
            self.register.reader.ask()

    def _on_drafted(self, slip_id: int) -> None:
        self.list.stages.choose("all")
        self._shown = slip_id
        self.reader.ask()

    def _begin_new(self) -> None:
        if not self.new_button.isHidden():
            self.register_button.setChecked(False)
            self.desk.setVisible(self.desk.slip is not None)
            self._room.setCurrentWidget(self._work)
            self.new.ask()

    def _on_new_left(self) -> None:
        if self.desk.slip is None:
            self._room.setCurrentWidget(self.calm)

    async def _show_of_case(self, case_id: int) -> None:
        found = await slips.read_of_case(self._session.database(), case_id)
        if found:
            self.show_slip(found[-1].id)

    def _empty_advice(self) -> str:
        if slip_may.may_draft(self._session):
            return self.tr("到了规则所定的情形，系统会自动起草；也可以点“拟单”")
        return self.tr("签发以后会在这里出现")

    def _calm(self, sentence: str, advice: str = "", button: str = "") -> None:
        self.calm.say(sentence, advice, button, self.reader.ask)
        if self.new.isHidden():
            self._room.setCurrentWidget(self.calm)

    def _connect(self) -> None:
        session = self._session
        self.list.chosen.connect(self._on_chosen)
        self.desk.written.connect(lambda: self.preview.show_document(self._document()))
        self.desk.done.connect(self.reader.ask)
        self.desk.slip_wanted.connect(self.show_slip)
        session.slip_wanted.connect(self.show_slip)
        self.new.drafted.connect(self._on_drafted)
        self.new.left.connect(self._on_new_left)
        self.register.opened.connect(self.show_slip)
        self.new_button.clicked.connect(self._begin_new)
        self.register_button.toggled.connect(self._on_register)
        self.desk.buttons.add_keys(self)
        QShortcut(QKeySequence("Ctrl+N"), self, self._begin_new)
        QShortcut(QKeySequence("Ctrl+L"), self, self.register_button.toggle)
        session.reference_changed.connect(self.reader.ask)
        session.themed.connect(self.set_tokens)
        session.bridge.ticked.connect(self._on_tick)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(12, 8, 12, 0)
        top.addWidget(self.register_button)
        top.addStretch(1)
        top.addWidget(self.new_button)
        left = QWidget(self)
        left.setProperty("surface", "panel")
        left.setFixedWidth(310)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.list, 1)
        middle = QWidget(self)
        middle.setProperty("surface", "panel")
        inner = QVBoxLayout(middle)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.new)
        inner.addWidget(self.desk, 1)
        inner.addStretch(0)
        middle.setMinimumWidth(400)
        self.preview.setMinimumWidth(360)
        self._work = QSplitter(self)
        self._work.setHandleWidth(1)
        self._work.setChildrenCollapsible(False)
        for widget, stretch in ((middle, 5), (self.preview, 6)):
            self._work.addWidget(widget)
            self._work.setStretchFactor(self._work.count() - 1, stretch)
        self._room = QStackedWidget(self)
        self._room.addWidget(self.calm)
        self._room.addWidget(self._work)
        self._whole = QStackedWidget(self)
        self._whole.addWidget(self._room)
        self._whole.addWidget(self.register)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        row.addWidget(left)
        row.addWidget(self._whole, 1)
