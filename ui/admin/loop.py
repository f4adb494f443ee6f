"""The rules of the command loop in 管理: levels of whistles, kinds and rules of slips, schemes of assessment."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from commandcenter.domain.case import Grade
from commandcenter.domain.slip import SlipKind
from commandcenter.errors import PersonError
from commandcenter.services import settings
from ui.admin.tab import AdminTab
from ui.admin.tables import KINDS, edit, tr
from ui.models.row_table import Column, Row, needed, whole
from ui.session import Session
from ui.slips.words import kind_word, post_word
from ui.widgets import words

_CALLERS = ("grid_team", "community", "town", "centre")
_POSTS = ("town_head", "section_head", "director", "leader")
_CLOCKS = (("自然时（分钟）", "natural"), ("工作日", "working"), ("按计划（天）", "plan"))
_CITIZENS = (("每位各算一次", "each"), ("取最差的一位", "worst"))
_RATES = {
    "satisfied": "满意率", "finished": "结案率", "not_returned": "未退办率", "met": "见面率", "responded": "响应率",
    "solved": "解决率", "in_time": "按期率", "not_redone": "未返工率",
}  # fmt: skip

_STYLE_PARTS = {"{word}": "{字}", "{year}": "{年}", "{serial}": "{序号}"}


def several(names: Mapping[str, str]) -> tuple[Callable[[Any], str], Callable[[str], tuple[str, ...]]]:
    """(how a list of words is shown, how it is read): 社区、镇街. The reader raises ValueError with a sentence."""
    values = {name: value for value, name in names.items()}

    def show(value: Any) -> str:
        return "、".join(names.get(each, each) for each in value)

    def read(text: str) -> tuple[str, ...]:
        found = [part.strip() for part in text.replace(",", "、").replace("，", "、").split("、") if part.strip()]
        unknown = [part for part in found if part not in values]
        if unknown or not found or len(set(found)) < len(found):
            raise ValueError(f"请从 {'、'.join(names.values())} 中选，以“、”隔开。")
        return tuple(values[part] for part in found)

    return show, read


def free_list(text: str) -> tuple[str, ...]:
    """甲、乙 as a list of any words."""
    return tuple(part.strip() for part in text.replace("，", "、").split("、") if part.strip())


def decimal_between(low: Decimal, high: Decimal) -> Callable[[str], Decimal]:
    """A reader of decimal numbers from `low` to `high`."""

    def read(text: str) -> Decimal:
        try:
            found = Decimal(text.strip())
        except InvalidOperation:
            found = low - 1
        if not low <= found <= high:
            raise ValueError(f"请填 {low} 到 {high} 之间的数。")
        return found.quantize(Decimal("0.001"))

    return read


def _percent(text: str) -> Decimal:
    return decimal_between(Decimal(0), Decimal(100))(text)


def weights_words(text: Any) -> str:
    """满意率 70%、结案率 20%, the heaviest first."""
    found = sorted(json.loads(text).items(), key=lambda item: -item[1])  # stored without an order of its own
    return "、".join(f"{tr(_RATES.get(rate, rate))} {round(share * 100, 2):g}%" for rate, share in found)


def read_weights(text: str) -> str:
    """The other way round, as JSON text; shares have to make 100 %. Raises ValueError with a sentence."""
    rates = {tr(name): rate for rate, name in _RATES.items()}
    found: dict[str, Decimal] = {}
    for part in free_list(text):
        name, _, share = part.replace("％", "%").rstrip("%").rpartition(" ")
        if name.strip() not in rates or rates[name.strip()] in found:
            raise ValueError(f"请写成 满意率 70%、结案率 30%；可用：{'、'.join(rates)}。")
        found[rates[name.strip()]] = _percent(share) / 100
    if abs(sum(found.values(), Decimal(0)) - 1) > Decimal("0.0001"):
        raise ValueError(f"各项之和是 {float(sum(found.values())) * 100:g}%，应为 100%。")
    return json.dumps({rate: float(share) for rate, share in found.items()})


def levels_tab(session: Session, parent: QWidget) -> AdminTab:
    """哨级."""
    kinds = {kind: tr(KINDS[kind]) for kind in _CALLERS}
    show, read = several(kinds)
    conveners = [(name, kind) for kind, name in kinds.items()]
    clocks = [(tr(name), clock) for name, clock in _CLOCKS]
    minutes = whole(1, 100_000)
    columns = [
        Column("level", tr("级")),
        Column("name", tr("名称"), editable=True, read=needed),
        Column("meeting", tr("会商形式"), editable=True, read=needed),
        Column("convener_kind", tr("召集"), editable=True, choices=lambda: conveners),
        Column("caller_kinds", tr("谁能吹"), editable=True, show=show, read=read),
        Column("answer_minutes", tr("应哨"), editable=True, read=minutes, is_number=True),
        Column("arrive_minutes", tr("报到"), editable=True, read=minutes, is_number=True),
        Column("danger_answer_minutes", tr("危险应哨"), editable=True, read=minutes, is_number=True),
        Column("danger_arrive_minutes", tr("危险报到"), editable=True, read=minutes, is_number=True),
        Column("finish_clock", tr("办结计时"), editable=True, choices=lambda: clocks),
        Column("finish_amount", tr("办结"), editable=True, read=minutes, is_number=True),
        Column("report_days", tr("报告（天）"), editable=True, read=whole(0, 365), is_number=True),
    ]
    hint = tr("应哨、报到按自然时的分钟。改动只影响以后吹的哨和以后升的级。“报告”为隔几天报一次进展，0 为不用报。")
    return AdminTab(
        session,
        columns,
        "meeting",
        lambda: [asdict(level) for level in session.reference.levels.values()],
        edit(session, "whistle_levels", "level"),
        hint,
        parent,
    )


class SlipsTab(QWidget):
    """三单: the three kinds above, what makes a draft below."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kinds = _slip_kinds(session, self)
        self.rules = _slip_rules(session, self)
        self.kinds.view.setAccessibleName(tr("三单种类"))
        self.rules.view.setAccessibleName(tr("起草规则"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.kinds, 2)
        column.addWidget(self.rules, 5)
        self.setFocusProxy(self.kinds)

    def refresh(self) -> None:
        """Show what holds now."""
        self.kinds.refresh()
        self.rules.refresh()


def _slip_kinds(session: Session, parent: QWidget) -> AdminTab:
    show, read = several({post: post_word(post) for post in _POSTS})
    columns = [
        Column("name", tr("名称"), editable=True, read=needed),
        Column("word", tr("字"), editable=True, read=needed),
        Column("style", tr("文号"), editable=True, show=style_words, read=read_style),
        Column("addressee", tr("主送"), editable=True, read=needed),
        Column("receipt_minutes", tr("签收（分钟）"), editable=True, read=whole(1, 100_000), is_number=True),
        Column("reply_days", tr("回复（工作日）"), editable=True, read=whole(1, 365), is_number=True),
        Column("signers", tr("签发，依次"), editable=True, show=show, read=read),
        Column("copies", tr("抄送"), editable=True, show="、".join, read=free_list),
        Column("demand", tr("办理要求"), editable=True, read=needed),
    ]
    hint = tr("签收按工作时间计。改动只影响以后签发的单；已签发的文号不变。")
    return AdminTab(
        session,
        columns,
        "demand",
        lambda: [asdict(kind) for kind in session.reference.slip_kinds.values()],
        edit(session, "slip_kinds", "kind"),
        hint,
        parent,
    )


def _slip_rules(session: Session, parent: QWidget) -> AdminTab:
    grades = {str(grade.value): words.grade_word(grade) for grade in Grade}
    show, read = several(grades)

    def rows() -> list[Row]:
        return [asdict(rule) | {"kind_word": kind_word(SlipKind(rule.kind))} for rule in session.reference.slip_rules]

    columns = [
        Column("kind_word", tr("起草")),
        Column("name", tr("情形"), editable=True, read=needed),
        Column(
            "threshold",
            tr("门槛"),
            editable=True,
            show=lambda value: f"{float(value):g}",
            read=decimal_between(Decimal(0), Decimal(999)),
            is_number=True,
        ),
        Column("window_days", tr("几天内"), editable=True, read=whole(0, 366), is_number=True),
        Column(
            "grades",
            tr("等级"),
            editable=True,
            show=lambda value: show([str(each) for each in value]),
            read=lambda text: tuple(int(each) for each in read(text)),
        ),
        Column("active", tr("启用"), editable=True, is_tick=True),
    ]
    hint = tr(
        "定时任务按这些情形起草，签发仍由人来做。门槛是次数；满意率是比例；吹哨的是从第几级起。“几天内”0 为不限。"
    )
    return AdminTab(session, columns, "name", rows, edit(session, "slip_rules", "id"), hint, parent)


def schemes_tab(session: Session, parent: QWidget) -> AdminTab:
    """考核方案."""

    async def rows() -> Sequence[Row]:
        return [asdict(scheme) for scheme in await settings.read_schemes(session.database())]

    plain = edit(session, "schemes", "id")

    async def change(row: Row, column: str, value: Any) -> None:
        if column != "active":
            await plain(row, column, value)
        elif value:
            await settings.activate_scheme(session.database(), scheme_id=row["id"])
        else:
            raise PersonError(tr("须有一个在用的方案。"), tr("请直接勾选要改用的那个。"))

    citizens = [(tr(name), value) for name, value in _CITIZENS]
    columns = [
        Column("code", tr("代码")),
        Column("name", tr("名称"), editable=True, read=needed),
        Column("citizen", tr("一单多人"), editable=True, choices=lambda: citizens),
        Column(
            "basic_weight",
            tr("基本满意折算"),
            editable=True,
            show=lambda value: f"{float(value):g}",
            read=decimal_between(Decimal(0), Decimal(1)),
            is_number=True,
        ),
        Column("weights", tr("各率的权重"), editable=True, show=weights_words, read=read_weights),
        Column("active", tr("在用"), editable=True, is_tick=True),
    ]
    hint = tr("在用的方案只有一个；换用后，各处的数字按新方案重新计算，回访记录不变。")
    return AdminTab(session, columns, "weights", rows, change, hint, parent)


def style_words(style: str) -> str:
    """How a number is written, for people: {字}〔{年}〕{序号}号."""
    for stored, said in _STYLE_PARTS.items():
        style = style.replace(stored, said)
    return style


def read_style(text: str) -> str:
    """The other way round: word, year and serial have to stand in it. Raises ValueError with a sentence."""
    for stored, said in _STYLE_PARTS.items():
        text = text.replace(said, stored)
    if not all(part in text for part in _STYLE_PARTS):
        raise ValueError("须含 {字}、{年}、{序号}，如 {字}〔{年}〕{序号}号。")
    return text.strip()
