"""Dresses the application in tokens: Fusion, a QPalette and a small style sheet."""

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from ui.theme import fonts
from ui.theme.icons import FOLDER
from ui.theme.tokens import Tokens

_ROLES = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "ink",
    QPalette.ColorRole.Base: "panel",
    QPalette.ColorRole.AlternateBase: "raised",
    QPalette.ColorRole.Text: "ink",
    QPalette.ColorRole.Button: "panel",
    QPalette.ColorRole.ButtonText: "ink",
    QPalette.ColorRole.BrightText: "on_accent",
    QPalette.ColorRole.PlaceholderText: "ink_quiet",
    QPalette.ColorRole.Highlight: "selection",
    QPalette.ColorRole.HighlightedText: "ink",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.ToolTipBase: "raised",
    QPalette.ColorRole.ToolTipText: "ink",
    QPalette.ColorRole.Light: "panel",
    QPalette.ColorRole.Midlight: "raised",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "line",
    QPalette.ColorRole.Shadow: "window",
}


def palette(tokens: Tokens) -> QPalette:
    """The Qt palette of `tokens`, disabled inks included."""
    made = QPalette()
    for role, name in _ROLES.items():
        made.setColor(role, QColor(getattr(tokens, name)))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.ink_quiet))
    return made


def style_sheet(tokens: Tokens) -> str:
    """The style sheet: shapes and states that a palette cannot say. ``role`` properties name what a widget is."""
    t = tokens
    icons = FOLDER.as_posix()  # a style sheet cannot recolour: the arrow is readable on every look, the tick has two
    tick = "check" if t.look == "day" else "check_dark"
    return f"""
* {{ outline: none; }}
QWidget[surface="panel"] {{ background: {t.panel}; }}
QWidget[surface="card"] {{ background: {t.panel}; border: 1px solid {t.line}; border-radius: 6px; }}
QWidget[surface="alarm"] {{ background: {t.alarm_soft}; border: 1px solid {t.bad}; border-radius: 6px; }}
QWidget[surface="bar"] {{ background: {t.panel}; border-bottom: 1px solid {t.line}; }}
QLabel[role="quiet"] {{ color: {t.ink_quiet}; font-size: {fonts.QUIET}px; }}
QLabel[role="normal"] {{ color: {t.ink_normal}; }}
QLabel[role="title"] {{ font-size: {fonts.HEADING}px; font-weight: 600; }}
QLabel[role="heading"] {{ font-size: {fonts.LARGE}px; font-weight: 600; }}
QLabel[role="strong"] {{ font-weight: 600; }}
QLabel[role="good"] {{ color: {t.good}; }}
QLabel[role="warn"] {{ color: {t.warn}; }}
QLabel[role="bad"] {{ color: {t.bad}; font-weight: 600; }}
QPushButton, QToolButton[role="button"] {{
    background: {t.panel}; color: {t.ink}; border: 1px solid {t.line}; border-radius: 5px;
    padding: 5px 14px; min-height: 22px; }}
QPushButton:hover, QToolButton[role="button"]:hover {{ background: {t.raised}; }}
QPushButton:pressed {{ background: {t.accent_soft}; }}
QPushButton:focus, QToolButton[role="button"]:focus {{ border: 2px solid {t.accent}; padding: 4px 13px; }}
QPushButton:disabled {{ color: {t.ink_quiet}; background: {t.window}; border: 1px dashed {t.line}; }}
QPushButton[role="primary"] {{
    background: {t.accent}; color: {t.on_accent}; border: 1px solid {t.accent}; font-weight: 600; }}
QPushButton[role="primary"]:focus {{ border: 2px solid {t.ink}; }}
QPushButton[role="primary"]:disabled {{ background: {t.window}; color: {t.ink_quiet}; border: 1px dashed {t.line}; }}
QPushButton[role="alarm"] {{ color: {t.bad}; background: {t.alarm_soft}; border: 1px solid {t.bad}; }}
QPushButton[role="link"] {{ background: {t.accent_soft}; color: {t.accent}; border: 1px solid {t.accent_soft};
    padding: 1px 8px; min-height: 20px; font-size: {fonts.QUIET}px; }}
QPushButton[role="link"]:focus {{ border: 1px solid {t.accent}; padding: 1px 8px; }}
QPushButton[role="chip"] {{
    border-radius: 13px; padding: 2px 9px; min-height: 20px; color: {t.ink_normal}; font-size: {fonts.QUIET}px; }}
QPushButton[role="chip"]:checked {{ background: {t.accent_soft}; color: {t.accent}; border: 1px solid {t.accent}; }}
QPushButton[role="chip"]:focus {{ border: 2px solid {t.accent}; padding: 1px 8px; }}
QPushButton[role="chip"]::menu-indicator {{ image: none; width: 0px; }}
QPushButton::menu-indicator {{ image: none; width: 0px; }}
QPushButton[role="announce"] {{ background: {t.accent}; color: {t.on_accent}; border: none; border-radius: 13px;
    padding: 3px 16px; font-weight: 600; }}
QLineEdit, QTextEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox {{
    background: {t.panel}; color: {t.ink}; border: 1px solid {t.line}; border-radius: 5px; padding: 5px 8px;
    selection-background-color: {t.selection}; selection-color: {t.ink}; placeholder-text-color: {t.ink_quiet}; }}
QPushButton[role="search"] {{ background: {t.raised}; color: {t.ink_quiet}; text-align: left; padding: 5px 10px; }}
QPushButton[role="search"]:focus {{ padding: 4px 9px; }}
QLineEdit:focus, QTextEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {{
    border: 2px solid {t.accent}; padding: 4px 7px; }}
QComboBox::drop-down, QDateTimeEdit::drop-down {{ border: none; width: 28px; }}
QComboBox::down-arrow, QDateTimeEdit::down-arrow {{ image: url("{icons}/chevron.svg"); width: 16px; height: 16px; }}
QListView::indicator, QTableView::indicator, QCheckBox::indicator {{
    width: 15px; height: 15px; border: 1px solid {t.ink_quiet}; border-radius: 3px; background: {t.panel}; }}
QListView::indicator:checked, QTableView::indicator:checked, QCheckBox::indicator:checked {{
    border: 1px solid {t.accent}; background: {t.accent}; image: url("{icons}/{tick}.svg"); }}
QComboBox QLineEdit, QAbstractSpinBox QLineEdit {{ border: none; padding: 0; background: transparent; }}
QComboBox QLineEdit:focus, QAbstractSpinBox QLineEdit:focus {{ border: none; padding: 0; }}
QTableView, QListView {{ background: {t.panel}; border: 1px solid transparent; gridline-color: {t.line}; }}
QTableView::item {{ padding: 0 10px 0 1px; }}
QTableView:focus, QListView:focus {{ border: 1px solid {t.accent}; }}
QHeaderView {{ background: {t.panel}; }}
QHeaderView::section {{ background: {t.panel}; color: {t.ink_quiet}; border: none;
    border-bottom: 1px solid {t.line}; padding: 5px 10px 5px 4px; }}
QListView::item {{ padding: 6px 8px; }}
QListView::item:selected {{ background: {t.selection}; color: {t.ink}; }}
QScrollArea {{ border: 1px solid transparent; background: {t.panel}; }}
QScrollArea:focus {{ border: 1px solid {t.accent}; }}
QTabBar {{ qproperty-drawBase: 0; }}
QTabBar::tab {{ color: {t.ink_normal}; border: none; border-bottom: 3px solid transparent; padding: 6px 13px 4px 13px; }}
QTabBar::tab:hover {{ background: {t.raised}; }}
QTabBar::tab:selected {{ color: {t.accent}; border-bottom: 3px solid {t.accent}; }}
QTabBar::tab:focus {{ background: {t.accent_soft}; }}
QSplitter::handle {{ background: {t.line}; }}
QSplitter::handle:hover {{ background: {t.accent}; }}
QMenu {{ background: {t.panel}; border: 1px solid {t.line}; padding: 4px; }}
QMenu::item {{ padding: 6px 22px; border-radius: 4px; }}
QMenu::item:selected {{ background: {t.selection}; }}
QMenu::item:disabled {{ color: {t.ink_quiet}; }}
QToolTip {{ background: {t.raised}; color: {t.ink}; border: 1px solid {t.line}; padding: 4px; }}
QProgressBar {{ background: {t.raised}; border: none; border-radius: 4px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 4px; }}
QScrollBar:vertical {{ background: {t.panel}; width: 12px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {t.line}; border-radius: 4px; min-height: 32px; margin: 2px; }}
QScrollBar::handle:vertical:hover {{ background: {t.ink_quiet}; }}
QScrollBar:horizontal {{ background: {t.panel}; height: 12px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {t.line}; border-radius: 4px; min-width: 32px; margin: 2px; }}
QScrollBar::handle:horizontal:hover {{ background: {t.ink_quiet}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: none; }}
"""


def dress(app: QApplication, tokens: Tokens) -> None:
    """Give the whole application the look of `tokens`, where it has not got it: to polish every widget takes a while."""
    sheet = style_sheet(tokens)
    if app.styleSheet() == sheet:
        return
    app.setStyle("Fusion")
    app.setFont(fonts.font())
    app.setPalette(palette(tokens))
    app.setStyleSheet(sheet)
