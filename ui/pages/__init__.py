"""The pages of the desktop, as data: the frame imports a page when it is first shown."""

from collections.abc import Callable
from dataclasses import dataclass

from commandcenter.domain.case import Role, State
from commandcenter.live.counters import Counts


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One page. ``factory`` is ``"module:name"``, called with (session, parent); no roles means everyone.

    ``waiting`` says from the counts how many things wait there. A page may have ``show_case(case_id)``. Where people work
    ``on_cases``, the keys of the verbs work too.
    """

    id: str
    title: str
    icon: str
    shortcut: str
    roles: frozenset[Role]
    factory: str
    waiting: Callable[[Counts], int] | None = None
    on_cases: bool = False


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
    PageSpec("wall", "大屏", "wall", "Alt+4", frozenset(), "ui.pages.wall:WallPage"),
    PageSpec(
        "admin",
        "管理",
        "admin",
        "Alt+5",
        frozenset({Role.ADMIN, Role.SUPERVISOR}),
        "ui.pages.admin:AdminPage",
    ),
]
