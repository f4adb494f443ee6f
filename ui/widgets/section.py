"""A heading with cards below it, of which only those are made anew that say something else."""

from collections.abc import Callable, Iterable

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget


class Section(QWidget):
    """A heading and cards below it; hidden while there are none."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading = QLabel(title, self)
        self._heading.setProperty("role", "strong")
        self._title = title
        self._cards: dict[object, QWidget] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self._heading)
        self.hide()

    @property
    def cards(self) -> list[QWidget]:
        """The cards, from the top."""
        return list(self._cards.values())

    def show_cards(self, wanted: Iterable[tuple[object, Callable[[], QWidget]]]) -> None:
        """Show these cards in order. A card whose key is there already stays as it is, with what is typed in it."""
        makers = dict(wanted)
        for key in [key for key in self._cards if key not in makers]:
            card = self._cards.pop(key)
            self._column.removeWidget(card)
            card.deleteLater()
        ordered = {key: self._cards.get(key) or make() for key, make in makers.items()}
        for place, card in enumerate(ordered.values(), 1):
            if self._column.indexOf(card) != place:
                self._column.insertWidget(place, card)
        self._cards = ordered
        self._heading.setText(f"{self._title}　{len(ordered)}" if len(ordered) > 1 else self._title)
        self.setVisible(bool(ordered))
