"""What the follow-up page says: why somebody is called first, when, and why somebody is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from commandcenter.clock import SHANGHAI
from commandcenter.domain.outcome import Risk, Share, Why
from commandcenter.services.calls import Todo

if TYPE_CHECKING:
    from commandcenter.services.calls import Call, Missing

LEVELS = {1: "常规哨", 2: "重点哨", 3: "联合哨", 4: "攻坚哨"}
SLIPS = {1: "提示单", 2: "督办单", 3: "警示单"}
_WHY = {
    Why.NOBODY: "已到期，没有人拨过",
    Why.RETRY: "未接通，改时再拨",
    Why.UNREACHABLE: "拨满次数仍未接通",
    Why.NOT_DUE: "还没有到期",
}


def tr(text: str) -> str:
    """`text` in the language of the screen (context "calls")."""
    return QCoreApplication.translate("calls", text)


def risk_words(call: Call) -> list[str]:
    """Why it is called first, heaviest reason first."""
    said = {
        Risk.DOUBLE_NO: tr("曾双否"),
        Risk.URGENT: tr("红橙件"),
        Risk.REDONE: tr("第 %d 次重办后") % call.redos,
        Risk.RETURNED: tr("退单 %d 次") % call.returns,
        Risk.LATE: tr("超期办结"),
        Risk.SEVERAL: tr("%d 件诉求") % call.reports,
        Risk.REPEATED: tr("多次反映"),
    }
    return [said[reason] for reason in call.risk_reasons]


def counts_words(waiting: Sequence[Call], now: datetime) -> str:
    """How many are to be called now, ended, and called later."""
    by_call = [each for each in waiting if each.todo is Todo.CALL]
    ready = sum(each.next_at <= now for each in by_call)
    parts = [tr("现在该拨 %d") % ready]
    if len(waiting) > len(by_call):
        parts.append(tr("待处置 %d") % (len(waiting) - len(by_call)))
    if len(by_call) > ready:
        parts.append(tr("稍后 %d") % (len(by_call) - ready))
    return "　".join(parts)


def when_words(at: datetime, now: datetime) -> str:
    """15:00, 明天 08:30 or 03-05 08:30."""
    local, today = at.astimezone(SHANGHAI), now.astimezone(SHANGHAI).date()
    if local.date() == today:
        return local.strftime("%H:%M")
    if local.date() == today + timedelta(days=1):
        return tr("明天 ") + local.strftime("%H:%M")
    return local.strftime("%m-%d %H:%M")


def span_words(span: timedelta) -> str:
    """20分钟, 3小时 or 2天."""
    minutes = max(1, int(span.total_seconds() // 60))
    if minutes < 60:
        return tr("%d分钟") % minutes
    return tr("%d小时") % (minutes // 60) if minutes < 48 * 60 else tr("%d天") % (minutes // 1440)


def due_words(call: Call, now: datetime) -> tuple[str, bool]:
    """What a line waits for, and whether it is late."""
    if call.todo is Todo.REDO:
        return tr("待重办"), False
    if call.todo is Todo.ARCHIVE:
        return tr("待归档"), False
    late = call.due_at < now
    if call.next_at > now:
        said = (tr("%s 再拨") if call.attempts else tr("%s 起")) % when_words(call.next_at, now)
        return f"■ {said}" if late else said, late
    if late:
        return tr("■ 超 %s") % span_words(now - call.due_at), True
    return tr("%s 前") % when_words(call.due_at, now), False


def why_word(why: Why) -> str:
    """Why somebody has no answer yet."""
    return tr(_WHY[why])


def missing_words(missing: Missing, now: datetime) -> str:
    """When somebody without an answer is to be called, or should have been."""
    if missing.at is None:
        return ""
    said = {Why.RETRY: tr("%s 再拨"), Why.NOT_DUE: tr("%s 前"), Why.NOBODY: tr("%s 到期")}[missing.why]
    return said % when_words(missing.at, now)


def answer_words(*, solved: bool | None, satisfied: str | None) -> str:
    """已解决 · 满意, or – where nothing was heard."""
    if solved is None:
        return "–"
    return f"{tr('已解决') if solved else tr('未解决')} · {tr(satisfied or '')}"


def share_words(share: Share) -> str:
    """A rate without decimals, – where there is no whole."""
    percent = share.percent(0)
    return "–" if percent is None else f"{percent}%"
