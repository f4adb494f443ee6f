"""A list with what is chosen in it beside: how the tabs of 归并 stand."""

from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

_LEAST, _LIST, _REST = 300, 360, 1000


def stand_beside(whole: QWidget, left: QWidget, right: QWidget, least: int = _LEAST) -> None:
    """Fill `whole`: the list at the left, at least so wide, the rest at the right, which takes what the window gains."""
    left.setMinimumWidth(least)
    both = QSplitter(whole)
    both.setHandleWidth(1)
    both.setChildrenCollapsible(False)
    both.addWidget(left)
    both.addWidget(right)
    both.setStretchFactor(1, 1)
    both.setSizes([_LIST, _REST])
    row = QVBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(both)
