"""A theme 聚合 in words: the line of the list, and what its cases come to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ui.merging.lines import Line
from ui.merging.theme_facts import facts_of
from ui.merging.words import day_words, whose
from ui.widgets import words
from ui.widgets.story import clock_words

if TYPE_CHECKING:
    from commandcenter.live.mirror import Mirror
    from commandcenter.services.case_file import Brief
    from commandcenter.services.merging import Theme
    from commandcenter.services.reference import Reference


def tr(text: str, many: int = -1) -> str:
    """`text` in the language of the screen (context "theme_words")."""
    return QCoreApplication.translate("theme_words", text, "", many)


def line_of(theme: Theme, briefs: Sequence[Brief], mirror: Mirror) -> Line:
    """Its title, how many are open, from when to when, and how many cases there are; `briefs`: those that can be seen."""
    facts = facts_of(briefs, mirror)
    state = tr("未结 %d 件") % facts.open if theme.closed_at is None else tr("已结束")
    span = ""
    if facts.first is not None and facts.last is not None:
        span = f"{day_words(facts.first)} – {day_words(facts.last)}"
    texts = (theme.title, " · ".join(part for part in (state, span) if part))
    return Line(theme.id, texts, right=tr("%n 件", facts.cases))


def facts_words(theme: Theme, briefs: Sequence[Brief], reference: Reference, mirror: Mirror) -> str:
    """A line each: how many, their grades, states and units, the first and the last, and whose theme it is."""
    facts = facts_of(briefs, mirror)
    hidden = len(theme.case_ids) - len(briefs)
    said = [
        tr("%n 件工单", facts.cases) + (tr("，另有 %n 件不在您的辖区", hidden) if hidden else ""),
        tr("等级：%s") % "　".join(f"{words.grade_word(grade)} {many}" for grade, many in facts.grades),
        tr("状态：%s") % "　".join(f"{words.state_word(state)} {many}" for state, many in facts.states),
    ]
    units = [
        f"{reference.units[unit].short_name or reference.units[unit].name} {many}"
        for unit, many in facts.units
        if unit in reference.units
    ]
    if units:
        said.append(tr("承办：%s") % "　".join(units))
    if facts.first is not None and facts.last is not None:
        said.append(tr("最早 %s，最近 %s") % (clock_words(facts.first), clock_words(facts.last)))
    life = tr("%s 建于 %s") % (whose(theme.opened_by, reference), clock_words(theme.opened_at))
    if theme.closed_at is not None:
        life += tr("，%s 结束于 %s") % (whose(theme.closed_by, reference), clock_words(theme.closed_at))
    return "\n".join([*said, life])
