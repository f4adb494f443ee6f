"""Several units chosen by typing: Enter adds the one that fits, Backspace in the empty line takes the last one away."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ui.session import Session
from ui.widgets.type_ahead import TypeAhead


class UnitsLine(QWidget):
    """The chosen ones stand below the line, in the order they were chosen."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.chosen: list[int] = []
        self.line = TypeAhead(self._choices, self)
        self.line.setPlaceholderText(self.tr("输入任意字查找，Enter 加入，可加多个；空行里退格去掉最后一个"))
        self._said = QLabel(self)
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._said.setWordWrap(True)
        self._said.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.line)
        column.addWidget(self._said)
        self.setFocusProxy(self.line)
        self.line.installEventFilter(self)
        self.line.picked.connect(self._add)

    def value(self) -> tuple[int, ...]:
        """The ids of the chosen units."""
        return tuple(self.chosen)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Backspace in the empty line takes the last one away."""
        is_key = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Backspace
        if is_key and event.type() == QEvent.Type.KeyPress and not self.line.text() and self.chosen:
            self.chosen.pop()
            self._say()
            return True
        return super().eventFilter(watched, event)

    def _choices(self) -> list[tuple[str, int]]:
        units = sorted(self._session.reference.units.values(), key=lambda unit: unit.path)
        return [(unit.name, unit.id) for unit in units if unit.active]

    def _add(self, unit_id: int | None) -> None:
        if unit_id is None:
            return
        if unit_id not in self.chosen:
            self.chosen.append(unit_id)
        self.line.clear()
        self._say()

    def _say(self) -> None:
        units = self._session.reference.units
        self._said.setText("、".join(units[each].name for each in self.chosen if each in units))
        self._said.setVisible(bool(self.chosen))
        self.setAccessibleDescription(self._said.text())
