"""What lies over the map in Qt: the bar of layers at the top left, the legend at the bottom left, a sentence in the middle."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from ui.map.shading import Shade, Tokens

MARGIN = 12


def overlay_qss(tokens: Tokens, unit: float) -> str:
    """The style of both, from the theme's tokens; `unit` scales the type (1 at a desk)."""
    size = round(14 * unit)
    return f"""
        #mapOverlay {{ background: {tokens["panel"]}; border: 1px solid {tokens["line"]}; border-radius: 4px; }}
        #mapOverlay QLabel, #mapOverlay QToolButton {{
            color: {tokens["ink_normal"]}; font-size: {size}px; background: transparent; }}
        #mapWaiting {{ color: {tokens["ink_quiet"]}; font-size: {size}px; }}
        #mapOverlay QToolButton {{ border: 1px solid transparent; border-radius: 3px; padding: 3px 7px; }}
        #mapOverlay QToolButton:hover {{ background: {tokens["raised"]}; }}
        #mapOverlay QToolButton:checked {{ color: {tokens["accent"]}; background: {tokens["accent_soft"]}; }}
        #mapOverlay QToolButton:focus {{ border-color: {tokens["accent"]}; }}
        #mapOverlay QToolButton::menu-indicator {{ image: none; }}
    """


class LayerBar(QFrame):
    """图层：镇街·未结▾ 工单点 密度 网格 全图; every part is reachable by Tab and pressed by Space."""

    shade_chosen = Signal(object)  # Shade
    layers_chosen = Signal(bool, bool, bool)  # cases, density, fine outlines
    fit_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("mapOverlay")
        self.names = {
            Shade.OPEN: self.tr("未结"),
            Shade.OVERDUE: self.tr("超期"),
            Shade.PER_PEOPLE: self.tr("每万人未结"),
            Shade.NONE: self.tr("不着色"),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 3, 6, 3)
        row.setSpacing(2)
        self.shade_button = QToolButton(self)
        self.shade_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.shade_button.setMenu(self._menu())
        row.addWidget(self.shade_button)
        self.points_button = self._toggle(self.tr("工单点"), on=True)
        self.density_button = self._toggle(self.tr("密度"), on=False)
        self.fine_button = self._toggle(self.tr("网格"), on=True)
        for button in (self.points_button, self.density_button, self.fine_button):
            row.addWidget(button)
        fit = QToolButton(self)
        fit.setText(self.tr("全图"))
        fit.clicked.connect(self.fit_asked)
        row.addWidget(fit)
        for button in self.findChildren(QToolButton):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.show_shade(Shade.OPEN)

    def show_shade(self, shade: Shade) -> None:
        """Name the shade in use and tick it in the menu."""
        self.shade_button.setText(self.tr("图层：镇街 · {} ▾").format(self.names[shade]))
        for action in self.shade_button.menu().actions():
            action.setChecked(action.data() is shade)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        group = QActionGroup(menu)
        for shade, name in self.names.items():
            action = QAction(name, menu, checkable=True)
            action.setData(shade)
            action.triggered.connect(lambda _on, chosen=shade: self.shade_chosen.emit(chosen))
            group.addAction(action)
            menu.addAction(action)
        return menu

    def _toggle(self, text: str, *, on: bool) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setCheckable(True)
        button.setChecked(on)
        button.toggled.connect(self._tell)
        return button

    def _tell(self) -> None:
        buttons = (self.points_button, self.density_button, self.fine_button)
        self.layers_chosen.emit(*(button.isChecked() for button in buttons))


class Legend(QFrame):
    """未结 n（超期 m）, what shapes and colours say, and the classes of the ground colour."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("mapOverlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 7, 10, 7)
        column.setSpacing(3)
        self.totals, self.shapes, self.ground, self.crowd, self.calls = (QLabel(self) for _ in range(5))
        for label in (self.totals, self.shapes, self.ground, self.crowd, self.calls):
            label.setTextFormat(Qt.TextFormat.RichText)
            column.addWidget(label)
        self.crowd.hide()
        self.calls.hide()

    def show_totals(self, open_cases: int, overdue: int, unplaced: int) -> None:
        """The counts over everything shown, placed on the map or not."""
        text = self.tr("<b>未结 {:,}</b>（超期 {:,}）").format(open_cases, overdue)
        if unplaced:
            text += self.tr(" · 未定位 {:,}").format(unplaced)
        self.totals.setText(text)

    def show_grades(self, tokens: Tokens) -> None:
        """Shapes are lamps, colours are grades; each colour with its character."""
        names = self.tr("红 橙 黄 蓝 绿").split()
        dots = " ".join(
            f'<span style="color:{colour}">●</span>{name}' for colour, name in zip(tokens["grades"], names, strict=True)
        )
        self.shapes.setText(self.tr("○ 正常&nbsp;&nbsp; △ 临期&nbsp;&nbsp; ■ 超期") + "&nbsp;&nbsp;&nbsp; " + dots)

    def show_ground(self, name: str, limits: Sequence[float], tints: Sequence[str]) -> None:
        """A swatch per class with its upper limit; nothing without classes."""
        self.ground.setVisible(bool(limits))
        parts = [f"≤{limit:,.0f}" for limit in limits] + [f">{limits[-1]:,.0f}" if limits else ""]
        swatch = '<span style="background-color:{}">&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;</span>&nbsp;{}'
        self.ground.setText(
            self.tr("底色：{}").format(name)
            + "&nbsp;&nbsp;"
            + "&nbsp;&nbsp; ".join(swatch.format(*pair) for pair in zip(tints, parts, strict=False))
        )

    def show_crowd(self, on: bool, colour: str) -> None:
        """Say that the picture shows density, and what is still drawn one by one."""
        self.crowd.setVisible(on)
        self.crowd.setText(
            f'<span style="color:{colour}">▒▓█</span> ' + self.tr("密度：工单过密，每处只标最急的红、橙或超期")
        )

    def show_calls(self, on: bool) -> None:
        """Say what lines from units to cases are, while there are any."""
        self.calls.setVisible(on)
        self.calls.setText(self.tr("吹哨：━━● 到场&nbsp;&nbsp; ╍╍╍ 还没到"))


class Overlay:
    """All three over one map. The sentence is there as long as there is no land to see."""

    def __init__(self, parent: QWidget) -> None:
        self.bar, self.legend = LayerBar(parent), Legend(parent)
        self.legend.hide()
        self.waiting = QLabel(parent)
        self.waiting.setObjectName("mapWaiting")
        self.waiting.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def say(self, sentence: str) -> None:
        """In words why there is nothing to see; '' once there is."""
        self.waiting.setText(sentence)
        self.waiting.setVisible(bool(sentence))

    def place(self, rect: QRect) -> tuple[int, int, int]:
        """Stand where each belongs; how much of the left, the top and the bottom bar and legend cover."""
        for part in (self.bar, self.legend, self.waiting):
            part.adjustSize()
            part.raise_()
        self.waiting.move(rect.center() - self.waiting.rect().center())
        self.bar.move(MARGIN, MARGIN)
        self.legend.move(MARGIN, rect.height() - self.legend.height() - MARGIN)
        bar, legend = (QSize(0, 0) if part.isHidden() else part.size() for part in (self.bar, self.legend))
        return max(bar.width(), legend.width()) + MARGIN, bar.height(), legend.height()
