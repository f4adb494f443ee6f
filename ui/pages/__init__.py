"""The pages of the desktop, as data: the frame imports a page when it is first shown."""

from collections.abc import Callable
from dataclasses import dataclass

from commandcenter.domain.case import Role, State
from commandcenter.live.counters import Counts
from ui.work import Waiting


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One page. ``factory`` is ``"module:name"``, called with (session, parent); no roles means everyone.

    ``waiting`` says from the counts of cases how many things wait there, ``work`` from those of the command loop. A page
    may have ``show_case(case_id)``. Where people work ``on_cases``, the keys of the verbs work too.
    """

    id: str
    title: str
    icon: str
    shortcut: str
    roles: frozenset[Role]
    factory: str
    waiting: Callable[[Counts], int] | None = None
    on_cases: bool = False
    work: Callable[[Waiting], int] | None = None
    eyes: Role = Role.DUTY
    """Through whose eyes pictures of it are taken."""


_DESKS = frozenset({Role.DUTY, Role.CALLER, Role.SUPERVISOR})

PAGES: list[PageSpec] = [
    PageSpec("desk", "值守", "desk", "Alt+1", frozenset(), "ui.pages.desk:DeskPage", on_cases=True),
    PageSpec(
        "intake",
        "受理",
        "intake",
        "Alt+2",
        _DESKS,
        "ui.pages.intake:IntakePage",
        lambda counts: counts.states[State.NEW],
    ),
    PageSpec("case", "工单", "case", "Alt+3", frozenset(), "ui.pages.case:CasePage", on_cases=True),
    PageSpec(
        "whistles",
        "吹哨报到",
        "whistle",
        "Alt+4",
        frozenset({Role.DUTY, Role.SUPERVISOR, Role.CALLER, Role.ADMIN, Role.ANALYST}),
        "ui.pages.whistles:WhistlesPage",
        work=lambda waiting: waiting.whistles,
    ),
    PageSpec(
        "answer",
        "应哨",
        "answer",
        "Alt+5",
        frozenset({Role.RESPONDER, Role.CALLER}),
        "ui.pages.answer:AnswerPage",
        work=lambda waiting: waiting.parties,
        eyes=Role.RESPONDER,
    ),
    PageSpec(
        "slips",
        "三单",
        "slip",
        "Alt+6",
        frozenset({Role.SUPERVISOR, Role.DUTY, Role.RESPONDER, Role.CALLER, Role.ADMIN, Role.ANALYST}),
        "ui.pages.slips:SlipsPage",
        work=lambda waiting: waiting.slips,
        eyes=Role.SUPERVISOR,
    ),
    PageSpec(
        "calls",
        "回访",
        "followup",
        "Alt+7",
        frozenset({Role.FOLLOWUP, Role.SUPERVISOR}),
        "ui.pages.calls:CallsPage",
        lambda counts: counts.states[State.TO_FOLLOW_UP],
        eyes=Role.FOLLOWUP,
    ),
    PageSpec(
        "appeals",
        "申诉",
        "followup",
        "Alt+7",
        frozenset({Role.RESPONDER, Role.CALLER}),
        "ui.pages.calls:CallsPage",
        eyes=Role.RESPONDER,
    ),
    PageSpec(
        "merging",
        "归并",
        "merge",
        "Alt+0",
        _DESKS | {Role.ANALYST},
        "ui.pages.merging:MergingPage",
        work=lambda waiting: waiting.hints,
    ),
    PageSpec(
        "import",
        "导入",
        "import",
        "Ctrl+Shift+I",
        frozenset({Role.DUTY, Role.SUPERVISOR, Role.ADMIN}),
        "ui.pages.import_page:ImportPage",
    ),
    PageSpec("wall", "大屏", "wall", "Alt+8", frozenset(), "ui.pages.wall:WallPage", eyes=Role.WALL),
    PageSpec(
        "admin",
        "管理",
        "admin",
        "Alt+9",
        frozenset({Role.ADMIN, Role.SUPERVISOR}),
        "ui.pages.admin:AdminPage",
        eyes=Role.ADMIN,
    ),
]
