"""Commands as data: menus, keys, buttons, the palette (Ctrl+K) and tests trigger the same thing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from commandcenter.domain.case import Role


def always() -> str:
    """Nothing forbids the command."""
    return ""


@dataclass(frozen=True, slots=True)
class Action:
    """One command. ``why_not`` says in one sentence why it cannot run now, '' when it can; no roles means everyone."""

    id: str
    text: str
    handler: Callable[[], object]
    shortcut: str = ""
    roles: frozenset[Role] = frozenset()
    why_not: Callable[[], str] = always
    icon: str = ""

    def permitted(self, role: Role) -> bool:
        """Whether somebody of `role` has this command at all."""
        return not self.roles or role in self.roles


class Actions(QObject):
    """All commands of the desktop, by id."""

    def __init__(self, role: Role, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.role = role
        self._actions: dict[str, Action] = {}
        self._keys: dict[str, QAction] = {}

    def __iter__(self) -> Iterator[Action]:
        """The commands the person has, in the order they were added."""
        return iter(self._actions.values())

    def __contains__(self, action_id: str) -> bool:
        return action_id in self._actions

    def add(self, action: Action, owner: QWidget | None = None) -> Action:
        """Make `action` known; its shortcut works while `owner`'s window is active. Left out where not permitted.

        Raises ValueError when the id is taken.
        """
        if action.id in self._actions:
            raise ValueError(action.id)
        if not action.permitted(self.role):
            return action
        self._actions[action.id] = action
        if owner is not None and action.shortcut:
            key = QAction(action.text, owner)
            key.setShortcut(QKeySequence(action.shortcut))
            key.triggered.connect(lambda: self.trigger(action.id))
            owner.addAction(key)
            self._keys[action.id] = key
        return action

    def remove(self, action_id: str) -> None:
        """Forget a command, known or not."""
        self._actions.pop(action_id, None)

    def let_keys(self, prefix: str, *, work: bool) -> None:
        """Whether the keys of commands whose ids begin so do anything; otherwise they are left to the widgets."""
        for action_id, key in self._keys.items():
            if action_id.startswith(prefix):
                key.setEnabled(work)

    def why_not(self, action_id: str) -> str:
        """Why the command cannot run now; '' when it can. Raises KeyError for an unknown id."""
        return self._actions[action_id].why_not()

    def trigger(self, action_id: str) -> bool:
        """Run the command if nothing forbids it; whether it ran. Raises KeyError for an unknown id."""
        action = self._actions[action_id]
        if action.why_not():
            return False
        action.handler()
        return True
