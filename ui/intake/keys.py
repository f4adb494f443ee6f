"""The keys of 受理: three rows of the left hand for what is suggested, the right hand for answers, in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from ui.actions import Action, Actions


class Key(StrEnum):
    """One deed of the page and its key. Alt with a letter is no one else's: pages have Alt+digits, grades Ctrl+digits."""

    MERGE_1, MERGE_2, MERGE_3 = "Alt+Q", "Alt+W", "Alt+E"
    UNDO = "Alt+R"
    TEMPLATES = "Alt+T"
    NEXT_BLANK = "Alt+N"
    CATEGORY_1, CATEGORY_2, CATEGORY_3 = "Alt+A", "Alt+S", "Alt+D"
    KIND = "Alt+F"
    GRADE = "Alt+G"
    PLACE_1, PLACE_2, PLACE_3 = "Alt+Z", "Alt+X", "Alt+C"
    UNIT_1, UNIT_2 = "Alt+V", "Alt+B"
    ANSWER_1, ANSWER_2, ANSWER_3 = "Alt+J", "Alt+K", "Alt+L"
    PHONE = "Alt+P"
    ANSWER_NOW = "Alt+Return"
    REGISTER = "Ctrl+Return"
    DISPATCH = "Ctrl+Shift+Return"
    HELP = "F1"


MERGES = (Key.MERGE_1, Key.MERGE_2, Key.MERGE_3)
CATEGORIES = (Key.CATEGORY_1, Key.CATEGORY_2, Key.CATEGORY_3)
PLACES = (Key.PLACE_1, Key.PLACE_2, Key.PLACE_3)
UNITS = (Key.UNIT_1, Key.UNIT_2)
ANSWERS = (Key.ANSWER_1, Key.ANSWER_2, Key.ANSWER_3)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the key table."""

    keys: str
    does: str


def cap(key: Key) -> str:
    """What is written on the key's cap: Alt+Q, Ctrl+Enter."""
    return key.replace("Return", "Enter")


def table() -> tuple[Line, ...]:
    """All keys in words, in the order of the hands."""
    lines = (
        ("Alt+Q  W  E", "并入第 1、2、3 条疑似重复（登记和并案一次完成）"),
        ("Alt+R", "撤销刚才的并案"),
        ("Alt+T", "模板，再按序号"),
        ("Alt+N", "到下一个【】，直接打字填上"),
        ("Alt+A  S  D", "取第 1、2、3 个分类"),
        ("Alt+F", "取建议的诉求类型"),
        ("Alt+G", "取建议的等级"),
        ("Ctrl+1 … Ctrl+5", "等级：红橙黄蓝绿"),
        ("Alt+Z  X  C", "取第 1、2、3 个地点"),
        ("Alt+V  B", "派给第 1、2 个建议的单位"),
        ("Alt+J  K  L", "取第 1、2、3 条答复，直办"),
        ("Alt+Enter", "直办：答复、登记并办结"),
        ("Alt+P", "到电话"),
        ("Ctrl+Enter", "登记"),
        ("Ctrl+Shift+Enter", "登记并派单"),
        ("Esc", "收起派单栏、直办栏"),
    )
    return tuple(Line(keys, QCoreApplication.translate("intake_keys", does)) for keys, does in lines)


def bind(owner: QWidget, deeds: Mapping[Key, Callable[[], object]]) -> None:
    """Let the keys work wherever in the window of `owner` the keyboard is, while `owner` is shown."""
    for key, deed in deeds.items():
        for each in {key.value, key.replace("Return", "Enter")}:
            QShortcut(QKeySequence(each), owner).activated.connect(deed)


def offer(actions: Actions, owner: QWidget, take: Callable[[Key], object]) -> None:
    """List the deeds that are not beside a field in the palette (Ctrl+K) too; they can be done while `owner` is shown."""
    for key, name in (
        (Key.TEMPLATES, "受理：插入模板"),
        (Key.UNDO, "受理：撤销刚才的并案"),
        (Key.ANSWER_NOW, "受理：直办"),
        (Key.HELP, "受理：按键表"),
    ):
        action_id = f"intake.{key.name.lower()}"
        actions.remove(action_id)  # of a page that was made before
        text = QCoreApplication.translate("intake_keys", name)
        actions.add(Action(action_id, text, partial(take, key), cap(key), why_not=partial(_why_not, owner)))


def _why_not(owner: QWidget) -> str:
    return "" if owner.isVisible() else QCoreApplication.translate("intake_keys", "请先打开受理页")
