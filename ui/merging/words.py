"""Merging in words: how near two cases are, what they share, what would become of them, what was done."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from commandcenter.domain.case import State
from commandcenter.domain.whistle import LIVE
from commandcenter.intake.repeats import saying
from commandcenter.intake.repeats.report import Signal, Verdict
from ui.widgets import words
from ui.widgets.story import clock_words

if TYPE_CHECKING:
    from commandcenter.intake.repeats.report import Reason
    from commandcenter.services.case_file import CaseFile
    from commandcenter.services.reference import Reference
    from ui.theme.tokens import Tokens

EARTH_M = 6_371_008.8
_SAME_SPOT_M = 15.0
_VERDICTS = {Verdict.SAME: "确信", Verdict.LIKELY: "疑似", Verdict.RELATED: "相反", Verdict.WEAK: "相关"}
_COLOURS = {Verdict.SAME: "good", Verdict.LIKELY: "warn", Verdict.RELATED: "bad", Verdict.WEAK: "ink_normal"}
REASONS = ("地点不同", "事情不同", "时间对不上", "要求不一样")
"""Why two cases are not the same, one key each."""


def tr(text: str) -> str:
    """`text` in the language of the screen (context "merge_words")."""
    return QCoreApplication.translate("merge_words", text)


def sure_word(score: float) -> str:
    """How sure the machine is, in whole percent; never rounded up to certainty."""
    return f"{min(99, int(score * 100))}%"


def is_opposite(verdict: str, reasons: Sequence[Reason]) -> bool:
    """Whether they want the opposite about one matter: those are never merged from the list."""
    return verdict == Verdict.RELATED or any(reason.kind == Signal.OPPOSITE for reason in reasons)


def verdict_word(verdict: str) -> str:
    """确信, 疑似, 相反 or 相关."""
    return tr(_VERDICTS[Verdict(verdict)])


def verdict_colour(verdict: str) -> str:
    """The token of its colour; the word stands beside it."""
    return _COLOURS[Verdict(verdict)]


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two points (longitude, latitude in degrees), by the haversine."""
    (lon1, lat1), (lon2, lat2) = (tuple(math.radians(each) for each in point) for point in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(half)))


def distance_words(metres: float | None) -> str:
    """A distance in words; where one of the points is missing, that."""
    if metres is None:
        return tr("距离不明")
    if metres < _SAME_SPOT_M:
        return tr("同一地点")
    return tr("相距 %s 米") % f"{metres:,.0f}" if metres < 1000 else tr("相距 %s 公里") % f"{metres / 1000:.1f}"


def gap_words(gap: timedelta) -> str:
    """A time between, in one unit: the same words as in the reasons."""
    return saying.gap_words(abs(gap) / timedelta(days=1))


def shared_spans(text: str, other: str) -> list[tuple[int, int]]:
    """Where `text` says, in at least two characters on end, what `other` says too: (start, end), in order, apart."""
    pairs = {other[at : at + 2] for at in range(len(other) - 1)}
    shared = [False] * len(text)
    for at in range(len(text) - 1):
        pair = text[at : at + 2]
        if pair in pairs and pair.isalnum():
            shared[at] = shared[at + 1] = True
    spans, start = [], None
    for at, is_shared in enumerate([*shared, False]):
        if is_shared and start is None:
            start = at
        elif not is_shared and start is not None:
            spans.append((start, at))
            start = None
    return spans


def marked(text: str, other: str, tokens: Tokens) -> str:
    """`text` as rich text, what `other` says too on another ground and underlined."""
    said, at = [], 0
    for start, end in shared_spans(text, other):
        said.append(escape(text[at:start]))
        said.append(f'<span style="background-color:{tokens.accent_soft};"><u>{escape(text[start:end])}</u></span>')
        at = end
    return "".join([*said, escape(text[at:])]).replace("\n", "<br>")


def whose(login: str, reference: Reference) -> str:
    """Who did it; the machine has a name of its own."""
    from ui.models.row_facts import person_name

    return tr("机器") if login in {"cc_system", "system"} else person_name(reference, login)


def effects(kept: CaseFile, source: CaseFile, reference: Reference) -> tuple[str, ...]:
    """What merging would do to the kept case and to the citizens, a sentence each (the rule: services/merging.py)."""
    one, other = kept.case, source.case
    said = [tr("%s 并入 %s，所有诉求人各有编号，都要回访") % (other.number, one.number)]
    if other.grade < one.grade:
        said.append(tr("等级升为%s（取较急的）") % words.grade_word(other.grade))
    else:
        said.append(tr("等级仍为%s") % words.grade_word(one.grade))
    dues = [case.due_at for case in (one, other) if case.due_at is not None]
    if one.due_at is not None and dues and min(dues) < one.due_at:
        said.append(tr("时限提前到 %s（取较早的）") % clock_words(min(dues)))
    elif one.due_at is not None:
        said.append(tr("时限不变：%s") % clock_words(one.due_at))
    else:
        said.append(tr("还没有派单，时限从派单算起"))
    said.append(_units(kept, source, reference))
    if _live(source):
        said.append(tr("正在吹的哨转到 %s") % one.number)
    if source.case.state not in {State.NEW, State.TO_DISPATCH}:
        said.append(tr("%s 不再计时、不再升级") % other.number)
    return tuple(each for each in said if each)


def _units(kept: CaseFile, source: CaseFile, reference: Reference) -> str:
    lead = reference.units.get(kept.case.unit_id or 0)
    joins = reference.units.get(source.case.unit_id or 0)
    if lead is None and joins is None:
        return ""
    if lead is not None and (joins is None or joins.id == lead.id):
        return tr("主责仍是%s") % lead.name
    if lead is not None and joins is not None:
        return tr("主责仍是%s，%s转为配合") % (lead.name, joins.name)
    return ""


def _live(file: CaseFile) -> bool:
    return any(whistle.state in LIVE for whistle in file.whistles)


def day_words(at: datetime) -> str:
    """A moment, short."""
    return clock_words(at)[5:]


def gap_us(microseconds: int) -> str:
    """A time between in microseconds, in one unit."""
    return gap_words(timedelta(microseconds=microseconds))
