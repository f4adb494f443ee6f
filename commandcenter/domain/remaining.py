"""Remaining time in words: 剩 3时12分, 剩 2天 3时, 超 1天, 未派单, 挂起 剩 … (domain.md §3)."""

from commandcenter.domain.limit import LimitClock
from commandcenter.domain.moment import DAY, HOUR, MINUTE, NEVER
from commandcenter.domain.worktime import WorkCalendar, WorkHours
from commandcenter.errors import PersonError


def duration_words(amount: int, day: int = DAY) -> str:
    """Say `amount` >= 0 µs in words, rounded down to the last unit shown, with days of `day` µs.

    From one day on: days and hours (2天 3时, 1天); below: hours and minutes (3时12分, 0时18分).
    """
    days, rest = divmod(amount, day)
    hours, rest = divmod(rest, HOUR)
    if days:
        return f"{days}天 {hours}时" if hours else f"{days}天"
    return f"{hours}时{rest // MINUTE}分"


def remaining(
    now: int, due_at: int, paused_at: int, clock: LimitClock, calendar: WorkCalendar, hours: WorkHours
) -> str:
    """Say what is left until `due_at`, or by how much it is over; moments in µs, `NEVER` where not set.

    The natural clock counts days of 24 h; the working clock counts working time in days of the unit's hours. 超 exactly
    when the lamp is OVERDUE. A working clock that leaves the calendar says so instead of guessing.
    """
    if due_at == NEVER:
        return "未派单"
    at = min(now, paused_at)
    start, end = (due_at, at) if at > due_at else (at, due_at)
    if clock is LimitClock.NATURAL:
        words = duration_words(end - start)
    else:
        try:
            worked = calendar.worked_us(end, hours) - calendar.worked_us(start, hours)
        except PersonError:
            words = "(工作日历未覆盖)"
        else:
            words = duration_words(worked, hours.day_us)
    return f"{'挂起 ' if paused_at <= now else ''}{'超' if at > due_at else '剩'} {words}"
