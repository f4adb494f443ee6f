"""How old what you see is: ● 数据截至 14:03:22 · 延迟 0.2 s, amber when stale, red when the database is away."""

from PySide6.QtWidgets import QLabel, QWidget

from commandcenter.clock import SHANGHAI
from ui.session import Session
from ui.widgets.role import set_role

STALE_S = 6.0
"""Three silent heartbeats of the feed: something is wrong, though the connection has not said so."""


class HealthBadge(QLabel):
    """Follows the session's health. The state is said in words as well as in colour."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        session.bridge.health_changed.connect(self.refresh)
        session.bridge.ticked.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say what holds now."""
        health = self._session.health
        if health is None:
            role, text, long = "warn", self.tr("▲ 未连接，仅供查看"), self.tr("没有数据库连接：数据不再更新")
        else:
            at = health.as_of.astimezone(SHANGHAI).strftime("%H:%M:%S")
            silent = (self._session.clock.now() - self._session.health_seen_at).total_seconds()
            role = "bad" if health.state == "away" else "warn" if silent > STALE_S else "good"
            text, long = {
                "good": (self.tr("● 数据截至 %s · 延迟 %.1f s") % (at, health.delay), self.tr("数据实时更新")),
                "warn": (self.tr("▲ 数据截至 %s · 更新变慢") % at, self.tr("超过预期时间没有新数据，正在追赶")),
                "bad": (self.tr("■ 连接中断 · 数据停在 %s") % at, self.tr("数据库暂时连不上，可继续查看，正在重连")),
            }[role]
        if text != self.text():
            self.setText(text)
            self.setToolTip(long)
            self.setAccessibleName(text)
        set_role(self, role)
