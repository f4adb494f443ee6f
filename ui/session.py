"""What every page is handed: the person's desk, database, clock, selection and the signals between core and Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from commandcenter.domain.case import Role
from commandcenter.errors import PersonError, Unreachable
from ui import tasks
from ui.actions import Actions
from ui.alarm.alarms import Alarms
from ui.bridge import Bridge
from ui.theme.tokens import DAY, LOOKS, Look, Tokens
from ui.work import Work

if TYPE_CHECKING:
    from asyncio import Task
    from collections.abc import Callable, Coroutine

    from commandcenter.clock import Clock
    from commandcenter.live.desk import Desk, Health
    from commandcenter.live.mirror import Mirror
    from commandcenter.services.reference import Reference


class Selection(QObject):
    """The one case all views of a window look at; None where none is."""

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.case_id: int | None = None

    def select(self, case_id: int | None) -> None:
        """Look at that case from now on."""
        if case_id != self.case_id:
            self.case_id = case_id
            self.changed.emit(case_id)


class Session(QObject):
    """One signed-in person. Without a database (``db=None``) everything reads, and nothing can be written."""

    page_wanted = Signal(str, object)
    """A page id, and a case id to show there or None."""
    filter_wanted = Signal(object)
    """A `ui.models.queue_order.Filter` that the queue of the duty desk should show."""
    slip_wanted = Signal(object)
    """A slip's id that the page of slips should show."""
    entities_changed = Signal(object)
    """A frozenset of the kinds of things that changed (``Desk.on_entities``): whistle, party, slip …, or everything."""
    reference_changed = Signal()
    """`reference` is a new one: somebody changed units, people, limits."""
    themed = Signal(object)
    """The tokens from now on."""
    noticed = Signal(str, str)
    """A sentence for the person, and what to do next ('' where nothing)."""
    broke = Signal(str)
    """A bug stopped something; the text names what, the log has the trace."""

    def __init__(
        self,
        *,
        mirror: Mirror,
        reference: Reference,
        clock: Clock,
        db: Any = None,
        desk: Desk | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.mirror = mirror
        self.reference = reference
        self.db = db
        self.desk = desk
        self.clock = clock
        self.tokens: Tokens = DAY
        self.bridge = Bridge(mirror, clock, self)
        self.selection = Selection(self)
        self.actions = Actions(self.role, self)
        self.health: Health | None = None
        self.health_seen_at = clock.now()
        """When health was last heard of, by this computer's clock."""
        self.running: set[Task[Any]] = set()
        """What was started here and has not ended."""
        self.is_closed = False
        """Whether the person has left: nothing is begun any more."""
        self._leave_desk: list[Callable[[], Any]] = []
        if desk is not None:
            self.health = desk.health
            self._leave_desk = [
                desk.on_health(self._on_health),
                desk.on_reference(self._on_reference),
                desk.on_entities(self.entities_changed.emit),
            ]
        self.work = Work(self)
        self.alarms = Alarms(self)

    @property
    def role(self) -> Role:
        """The signed-in person's role."""
        return Role(self.reference.me.role)

    def database(self) -> Any:
        """The connection services take as their first argument; raises Unreachable where there is none."""
        if self.db is None:
            raise Unreachable(self.tr("未连接数据库，暂时只能查看"), self.tr("请检查网络或重新登录"))
        return self.db

    def spawn(self, coroutine: Coroutine[Any, Any, Any], name: str = "") -> Task[Any]:
        """Start `coroutine`; what it raises becomes a notice (for people) or a calm message (a bug)."""
        task = tasks.spawn(coroutine, report=self.report, name=name)
        self.running.add(task)
        task.add_done_callback(self.running.discard)
        return task

    def report(self, error: BaseException) -> None:
        """Tell the person about `error`."""
        if isinstance(error, PersonError):
            self.noticed.emit(error.sentence, error.advice)
        else:
            self.broke.emit(type(error).__name__)

    def open_page(self, page_id: str, case_id: int | None = None) -> None:
        """Ask the frame to show a page, on a case where one is given."""
        self.page_wanted.emit(page_id, case_id)

    def set_look(self, look: Look) -> None:
        """Change between day, night and wall."""
        self.tokens = LOOKS[look]
        self.themed.emit(self.tokens)

    def close(self) -> None:
        """Let go of the mirror, the desk and the clock."""
        self.is_closed = True
        self.work.stop()
        self.bridge.stop()
        while self._leave_desk:
            self._leave_desk.pop()()

    def _on_health(self, health: Health) -> None:
        self.health = health
        self.health_seen_at = self.clock.now()
        self.bridge.health_changed.emit(health)

    def _on_reference(self, reference: Reference) -> None:
        self.reference = reference
        self.reference_changed.emit()
