"""A line that finds one of many by any part of its name; Enter takes the first that fits."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QModelIndex, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

MOST_SHOWN = 14


class TypeAhead(QLineEdit):
    """``picked(id or None)`` when the choice changes. The choices are asked for at the first focus, and again by `reload`."""

    picked = Signal(object)

    def __init__(self, choices: Callable[[], Iterable[tuple[str, int]]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = choices
        self._ids: dict[str, int] | None = None
        self._value: int | None = None
        self._model = QStringListModel(self)
        completer = QCompleter(self._model, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setMaxVisibleItems(MOST_SHOWN)
        completer.activated.connect(self._on_activated)
        self.setCompleter(completer)
        popup = completer.popup()
        assert popup is not None  # the completer made one for its mode
        self._popup = popup
        self.setPlaceholderText(self.tr("输入任意字查找"))
        self.setClearButtonEnabled(True)
        self.textChanged.connect(self._on_text)

    def value(self) -> int | None:
        """The id of what is chosen; None where nothing is, or the text is no choice."""
        return self._value

    def set_value(self, number: int | None) -> None:
        """Choose by id; an unknown one chooses nothing."""
        names = {each: name for name, each in self._loaded().items()}
        self.setText(names.get(number, "") if number is not None else "")
        self.setCursorPosition(0)

    def is_unknown(self) -> bool:
        """Whether something is typed that is no choice."""
        return bool(self.text().strip()) and self._value is None

    def reload(self) -> None:
        """The choices have changed: ask for them again when they are needed."""
        kept = self._value
        self._ids = None
        if kept is not None:
            self.set_value(kept)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._loaded()
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Tab take the first that fits; ↓ in an empty line shows all."""
        key = event.key()
        completer = self.completer()
        if key == Qt.Key.Key_Down and not self._popup.isVisible():
            completer.setCompletionPrefix("" if self._value is not None else self.text())
            completer.complete()
            return
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.is_unknown():
            self._take_first()
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Tab never comes as a key that is pressed: it leaves the line before."""
        is_key = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab
        if is_key and event.type() == QEvent.Type.KeyPress and self.is_unknown():
            self._take_first()
        return super().event(event)

    def _take_first(self) -> None:
        completer = self.completer()
        completer.setCompletionPrefix(self.text().strip())
        index: QModelIndex = completer.currentIndex()
        if index.isValid():
            self.setText(str(index.data()))
            self._popup.hide()

    def _loaded(self) -> dict[str, int]:
        if self._ids is None:
            self._ids = dict(self._choices())
            self._model.setStringList(list(self._ids))
        return self._ids

    def _on_activated(self, text: str) -> None:
        self.setText(text)
        self.setCursorPosition(0)

    def _on_text(self, text: str) -> None:
        value = self._loaded().get(text.strip()) if text.strip() else None
        if value != self._value:
            self._value = value
            self.picked.emit(value)
