"""Where the Tab key goes: to every widget of the window in turn, and round again.

Qt also stops at a widget that only passes the keyboard on, and goes where it passes it to. A page that hands the keyboard
to its list then leads from its last button back to the list, and the filters, the rail and the top line are out of reach.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def go_on(window: QWidget, *, forward: bool) -> bool:
    """Give the keyboard to the next widget of `window` that takes it itself; whether there is another one."""
    held = QApplication.focusWidget()
    start = held if held is not None and held.window() is window else window
    each = _beside(start, forward=forward)
    while each is not None and each is not start:
        if takes_tab(each) and each.isVisibleTo(window):
            each.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
            return True
        each = _beside(each, forward=forward)
    return False


def takes_tab(widget: QWidget) -> bool:
    """Whether Tab stops here: it takes the keyboard, now, and keeps it."""
    takes = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return takes and widget.isEnabled() and widget.focusProxy() is None and not widget.isWindow()


def _beside(widget: QWidget, *, forward: bool) -> QWidget | None:
    return widget.nextInFocusChain() if forward else widget.previousInFocusChain()
