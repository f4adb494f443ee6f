"""管理: people, units, rules and the calendar, each edited in place; and what is audited."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QTabWidget, QVBoxLayout, QWidget

from commandcenter.domain.case import Role
from ui.admin import loop as admin_loop
from ui.admin import tables as admin_tables
from ui.admin.answers_tab import AnswersTab
from ui.admin.audit_tab import AuditTab
from ui.admin.calendar_tab import CalendarTab
from ui.admin.duties_tab import DutiesTab
from ui.admin.models_tab import ModelsTab
from ui.admin.people_tab import PeopleTab
from ui.admin.settings_tab import settings_tab
from ui.admin.tab import AdminTab
from ui.admin.watched_tab import ImportsTab
from ui.session import Session
from ui.theme.tokens import Tokens


class AdminPage(QWidget):
    """Tabs; who is no administrator reads."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setProperty("surface", "panel")
        self.read_only = QLabel(self.tr("您可以查看；修改由系统管理员进行。"), self)
        self.read_only.setProperty("role", "warn")
        self.read_only.setContentsMargins(16, 10, 16, 8)
        self.read_only.setVisible(session.role is not Role.ADMIN)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.people = PeopleTab(session, self)
        self.calendar = CalendarTab(session, self)
        self.audit = AuditTab(session, self)
        self.units = admin_tables.units_tab(session, self)
        self.limits = admin_tables.limits_tab(session, self)
        self.channels = admin_tables.channels_tab(session, self)
        self.categories = admin_tables.categories_tab(session, self)
        self.duties = DutiesTab(session, self)
        self.answers = AnswersTab(session, self)
        self.models = ModelsTab(session, self)
        self.levels = admin_loop.levels_tab(session, self)
        self.slips = admin_loop.SlipsTab(session, self)
        self.schemes = admin_loop.schemes_tab(session, self)
        self.settings = settings_tab(session, self)
        self.imports = ImportsTab(session, self)
        for title, tab in (
            (self.tr("人员"), self.people),
            (self.tr("单位"), self.units),
            (self.tr("时限"), self.limits),
            (self.tr("日历"), self.calendar),
            (self.tr("渠道"), self.channels),
            (self.tr("分类"), self.categories),
            (self.tr("事项清单"), self.duties),
            (self.tr("常见问题"), self.answers),
            (self.tr("模型"), self.models),
            (self.tr("哨级"), self.levels),
            (self.tr("三单"), self.slips),
            (self.tr("考核方案"), self.schemes),
            (self.tr("导入"), self.imports),
            (self.tr("参数"), self.settings),
            (self.tr("审计"), self.audit),
        ):
            self.tabs.addTab(tab, title)
            if isinstance(tab, AdminTab) and not tab.view.accessibleName():
                tab.view.setAccessibleName(title)
        self.tabs.tabBar().setAccessibleName(self.tr("管理的各项"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.read_only)
        column.addWidget(self.tabs, 1)
        self.setFocusProxy(self.tabs)
        self.tabs.currentChanged.connect(self._refresh)
        session.reference_changed.connect(self._refresh)
        session.themed.connect(self.set_tokens)
        self.set_tokens(session.tokens)
        self._refresh()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.calendar.set_tokens(tokens)

    def _refresh(self) -> None:
        """Bring the tab that is looked at up to date."""
        tab = self.tabs.currentWidget()
        if tab in {self.settings, self.schemes, self.models, self.answers} and self._session.db is None:
            tab.say(self.tr("未连接数据库，暂时只能查看。"), bad=True)
            return
        refresh = getattr(tab, "refresh", None)
        if refresh is not None:
            refresh()
