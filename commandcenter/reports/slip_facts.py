"""What a slip was drafted for, in words: one row a fact, as it was when the slip was drafted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from commandcenter.clock import SHANGHAI
from commandcenter.reports.slip_document import FactLine
from commandcenter.services.slip_reads import SlipFact

_GRADES = "红橙黄蓝绿"
_MISSED = {"answer": "逾时未应哨", "arrive": "逾时未报到", "finish": "逾时未办完"}


def fact_line(fact: SlipFact) -> FactLine:
    """Number, matter, grade and finding of a case, a whistle, another slip or a rate (sql/48_slips_found.sql)."""
    what = fact.fact
    grade = what.get("grade")
    return FactLine(
        number=str(what.get("slip") or what.get("number") or ""),
        matter=_matter(what),
        grade=_GRADES[grade] if isinstance(grade, int) and 0 <= grade < len(_GRADES) else "",
        finding="；".join(_findings(what, fact.at)),
    )


def _matter(what: Mapping[str, Any]) -> str:
    if "share" in what:
        return f"近{what.get('days', '')}日有效回访{what.get('valid', '')}件次"
    return str(what.get("title") or what.get("subject") or "")


def _findings(what: Mapping[str, Any], at: datetime) -> Iterator[str]:
    if "whistle" in what:
        yield f"{what['whistle']}（{what.get('level_name', '')}）{_MISSED.get(what.get('clock', ''), '')}"
    if "slip" in what and "reply_due_at" in what:
        yield f"应于{_when(what['reply_due_at'])}前回复"
    if "share" in what:
        yield f"满意率{_percent(what['share'])}，低于{_percent(what.get('line', 0))}"
    if "first" in what:
        yield f"首次回访“{what['first']}”，复核{_second_call(what)}"
    if "category" in what:
        yield f"{what.get('place', '')}同类诉求{what.get('count', '')}件"
    if "due_at" in what:
        late = "，已超期" if datetime.fromisoformat(what["due_at"]) < at and not what.get("finished_at") else ""
        yield f"应于{_when(what['due_at'])}前办结{late}"
    for name, words in (("returns", "退单{}次"), ("redos", "重办{}次")):
        if what.get(name):
            yield words.format(what[name])
    if int(what.get("reports") or 1) > 1:
        yield f"诉求{what['reports']}件"


def _second_call(what: Mapping[str, Any]) -> str:
    return f"{'已解决' if what.get('solved') else '未解决'}、{what.get('satisfied', '')}"


def _percent(share: Any) -> str:
    return f"{float(share) * 100:.1f}%"


def _when(text: str) -> str:
    local = datetime.fromisoformat(text).astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日{local:%H:%M}"
