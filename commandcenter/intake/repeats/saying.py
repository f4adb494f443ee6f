"""Reasons in words for people: why two reports look like one matter, or do not."""

import re
from functools import lru_cache

import numpy as np

from commandcenter.intake.repeats.features import opening_of
from commandcenter.intake.repeats.plain import plain
from commandcenter.intake.repeats.report import Reason, Report, Signal
from commandcenter.intake.repeats.seen import Mark, Seen
from commandcenter.intake.repeats.shelf import Shelf
from commandcenter.intake.repeats.spelling import BITS, spelled
from commandcenter.intake.repeats.weighing import Weighed

_SHOWN = 4
_LONGEST = 14
_KINDS = {Signal.NAMES: ("同提到：", Mark.NAME), Signal.NUMBERS: ("相同数字：", Mark.NUMBER)}


def reasons(shelf: Shelf, seen: Seen, weighed: Weighed, at: int) -> tuple[Reason, ...]:
    """The signals of a pair that weigh anything, the heaviest first; opposite demands before all others.

    Of words that are the same and yet weigh nothing it is said why.
    """
    number = int(weighed.numbers[at])
    alike = weighed.cosine[at] >= shelf.rules.weights["alike"]
    said = [
        Reason(kind, _said(shelf, seen, weighed, at, kind, number), round(float(values[at]), 2))
        for kind, values in weighed.parts.items()
        if abs(values[at]) >= 0.05 or (kind is Signal.WORDS and alike)
    ]
    said.sort(key=lambda reason: -abs(reason.weight))
    opposite = [Reason(Signal.OPPOSITE, "同一件事，要求相反", 0.0)] if weighed.opposite[at] else []
    return (*opposite, *said)


def _said(shelf: Shelf, seen: Seen, weighed: Weighed, at: int, kind: Signal, number: int) -> str:
    """What one signal says; of the two in a pair, for it and against it."""
    against = bool(weighed.parts[kind][at] < 0)
    if not against and kind is Signal.WORDS and weighed.parts[kind][at] < 0.05:
        return "文字相同，但太短，说明不了什么"
    if not against and kind is Signal.WORDS:
        return f"相同词语：{'、'.join(_shared_phrases(shelf, seen, number))}"
    if not against and kind in _KINDS:
        begin, mark = _KINDS[kind]
        return begin + "、".join(_shared(shelf, seen, number, mark))
    metres = float(weighed.metres[at])
    whole = shelf.form.values[number] == seen.form != 0
    return {
        Signal.WORDS: "用词相差较大",
        Signal.NAMES: "地名或单位名不同",
        Signal.CODES: "所属区县不同" if against else "所属区县相同",
        Signal.DISTANCE: "同一地点" if metres < 1 else f"相距 {metres:.0f} 米",
        Signal.TIME: gap_words(float(weighed.days[at])),
        Signal.CATEGORY: "类别不同" if against else "类别相同",
        Signal.EXACT: "正文一字不差" if whole else "正文大部分相同",
        Signal.TITLE: "标题用词不同" if against else "标题相近",
        Signal.CITIZEN: "同一诉求人",
        Signal.CROWD: "该地点同类诉求多，不足为凭",
    }[kind]


def gap_words(days: float) -> str:
    """A time between, in one unit."""
    if days < 1 / 24:
        return f"相隔 {days * 1440:.0f} 分钟"
    return f"相隔 {days * 24:.0f} 小时" if days < 2 else f"相隔 {days:.0f} 天"


def _shared_phrases(shelf: Shelf, seen: Seen, number: int) -> list[str]:
    """Stretches of the report's own text whose every term the other has too, those of the most rarity first."""
    shared = np.intersect1d(seen.terms, shelf.terms.row(number))
    rarity = dict(zip(shared.tolist(), shelf.rarity(shared).tolist(), strict=True))
    text, words = _words_of(seen.report)
    spans = sorted(
        (found.start(), found.end(), rare)
        for term, rare in rarity.items()
        for found in re.finditer(re.escape(words[term]), text)
    )
    stretches: list[tuple[int, int, float]] = []
    for start, end, rare in spans:
        if stretches and start < stretches[-1][1]:
            first, last, sum_of = stretches.pop()
            stretches.append((first, max(last, end), sum_of + rare))
        else:
            stretches.append((start, end, rare))
    phrases: list[str] = []
    for start, end, _ in sorted(stretches, key=lambda each: -each[2]):
        phrase = text[start:end]
        if not any(phrase in other for other in phrases):
            phrases.append(phrase)
    return [phrase if len(phrase) <= _LONGEST else phrase[: _LONGEST - 1] + "…" for phrase in phrases[:_SHOWN]]


@lru_cache(maxsize=32)
def _words_of(report: Report) -> tuple[str, dict[int, str]]:
    """The report's plain text, and its terms by number."""
    text = f"{plain(report.text)}\n{opening_of(report)}"
    return text, spelled(text)


def _shared(shelf: Shelf, seen: Seen, number: int, kind: Mark) -> list[str]:
    marks = np.intersect1d(seen.marks, shelf.marks.row(number))
    marks = marks[marks >> BITS == kind]
    order = np.argsort(-shelf.rarity(marks & ((1 << BITS) - 1)), kind="stable")
    return [seen.names[int(mark)] for mark in marks[order][:_SHOWN]]
