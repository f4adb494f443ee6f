"""The files of a case: one is added, or saved somewhere."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton, QWidget

from commandcenter.services import cases
from commandcenter.services.case_file import read_attachment
from ui.dialogs.attached_file import read_attached, write_attached
from ui.dialogs.file_dialog import ask_open, ask_save
from ui.keys import Keys
from ui.session import Session

if TYPE_CHECKING:
    from commandcenter.services.case_file import Attachment, Case


class AttachButton(QPushButton):
    """Adds a file to the case it follows."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._keys = Keys()
        self._case: Case | None = None
        self.setText(self.tr("添加附件…"))
        self.clicked.connect(self.choose)

    def follow(self, case: Case | None) -> None:
        """The case as it was read last."""
        self._case = case

    def choose(self) -> None:
        """Ask for a file and add it."""
        ask_open(self, self.tr("添加附件（不超过 20 MB）"), self.attach)

    def attach(self, path: Path) -> None:
        """Add a file to the case."""
        if self._case is not None:
            self._session.spawn(self._attach(self._case.id, self._case.version, path), "attach")

    async def _attach(self, case_id: int, version: int, path: Path) -> None:
        file = await read_attached(path)
        deed = (case_id, file.name, sha256(file.content).digest())
        await cases.attach(
            self._session.database(),
            case_id=case_id,
            version=version,
            **file._asdict(),
            key=self._keys.of(deed),
        )
        self._keys.done(deed)
        self._session.noticed.emit(self.tr("附件已添加"), "")


def save_attachment(session: Session, parent: QWidget, attachment: Attachment) -> None:
    """Ask where to, and write it there."""

    async def save(path: Path) -> None:
        await write_attached(path, await read_attachment(session.database(), attachment.id))

    ask_save(
        parent,
        parent.tr("另存附件"),
        attachment.name,
        lambda path: session.spawn(save(path), "read_attachment"),
    )
