"""The verbs as commands on the selected case: who may, why not, and what happens on a click or a key."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from commandcenter.domain.case import Role, State, Verb
from ui.actions import Action
from ui.dialogs.verb_form import VerbForm
from ui.models.row_facts import person_name
from ui.session import Session
from ui.whistles.may import why_not_blow
from ui.widgets import words
from ui.widgets.verb_spec import SPECS, Ask, next_step

if TYPE_CHECKING:
    from commandcenter.services.case_file import CaseFile


CASE_KEYS = "case."
"""How the ids of these commands begin."""

WHISTLE_ACTION, WHISTLE_KEY = "case.whistle", "F10"
"""吹哨 for the selected case, on the whistle page."""
HINDERED = frozenset({Verb.GRADE, Verb.DISPATCH, Verb.REVIEW_RETURN, Verb.TAKE})
"""What is refused while somebody else works on the case."""
LEADS = frozenset({Verb.ACCEPT, Verb.RETURN, Verb.FINISH, Verb.APPLY_EXTENSION})
"""What only the lead unit does."""


def tr(text: str) -> str:
    """`text` in the language of the screen (context "case_actions")."""
    return QCoreApplication.translate("case_actions", text)


def action_id(verb: Verb) -> str:
    """The id of the verb's command."""
    return f"case.{verb.value}"


def why_not(session: Session, case_id: int | None, verb: Verb) -> str:
    """Why the person cannot do `verb` to the case now, in one sentence; '' when they can."""
    slot = None if case_id is None else session.mirror.slot_of(case_id)
    if slot is None:
        return tr("请先选择一件未结工单")
    state = State(int(session.mirror.state[slot]))
    if verb in session.reference.lawful(state, session.role):
        return tr("未连接数据库，暂时只能查看") if session.db is None else _why_not_mine(session, slot, verb)
    if any(verb in session.reference.lawful(state, role) for role in Role):
        return tr("您的岗位不能对“%s”的工单%s") % (words.state_word(state), words.verb_word(verb))
    return tr("“%s”的工单不能%s") % (words.state_word(state), words.verb_word(verb))


def _why_not_mine(session: Session, slot: int, verb: Verb) -> str:
    """Another unit's work; taking what one has, releasing what one has not. Whose hold has run out the database knows."""
    unit = session.reference.units.get(int(session.mirror.unit[slot]))
    if verb in LEADS and unit is not None and not unit.path.startswith(session.reference.me.path):
        return tr("这件工单由%s主办") % unit.name
    holder, me = session.mirror.texts["holder"][slot], session.reference.me.login
    if verb is Verb.TAKE and holder == me:
        return tr("您已认领这件工单")
    if verb is Verb.RELEASE and not holder:
        return tr("还没有人认领这件工单")
    if verb is Verb.RELEASE and holder != me and session.role is not Role.SUPERVISOR:
        return tr("%s 正在处理，只有本人或督导能放回") % person_name(session.reference, holder)
    return ""


def remark(session: Session, case_id: int, verb: Verb) -> str:
    """Who works on the case, where that hinders `verb`; '' otherwise."""
    slot = session.mirror.slot_of(case_id)
    holder = session.mirror.texts["holder"][slot] if slot is not None else ""
    if verb not in HINDERED or holder in {"", session.reference.me.login}:
        return ""
    return tr("%s 处理中") % person_name(session.reference, holder)


def step_of(session: Session, case_id: int) -> Verb | None:
    """What the case waits for from this person; None where from somebody else."""
    slot = session.mirror.slot_of(case_id)
    if slot is None:
        return None
    state = State(int(session.mirror.state[slot]))
    return next_step(state, int(session.mirror.flags[slot]), session.reference.lawful(state, session.role))


def ordered_verbs(session: Session, case_id: int) -> list[Verb]:
    """All verbs for the case: its next step first where lawful, then the other lawful ones, then the rest."""
    step = step_of(session, case_id)
    verbs = list(SPECS)
    return sorted(verbs, key=lambda verb: (bool(why_not(session, case_id, verb)), verb is not step, verbs.index(verb)))


def add_case_actions(session: Session, window: QWidget) -> None:
    """Make every verb a command on the selected case, and F2 the one that takes the next case."""
    for verb, spec in SPECS.items():
        session.actions.add(
            Action(
                action_id(verb),
                words.verb_word(verb),
                partial(_start_selected, session, window, verb),
                spec.shortcut,
                why_not=partial(_why_not_selected, session, verb),
            ),
            window,
        )
    session.actions.add(
        Action("case.take_next", tr("取下一件"), lambda: session.spawn(take_next(session), "take_next"), "F2"), window
    )
    session.actions.add(
        Action(
            WHISTLE_ACTION,
            tr("一键吹哨"),
            partial(_blow, session),
            WHISTLE_KEY,
            why_not=partial(_why_not_blow, session),
        ),
        window,
    )


def start(session: Session, window: QWidget, case_id: int, verb: Verb) -> None:
    """Do `verb` to the case: at once where it asks nothing, else through its form."""
    spec = SPECS[verb]
    if not spec.fields:
        session.spawn(do(session, case_id, verb), spec.function)
    elif any(field.ask is Ask.REPORT for field in spec.fields):
        session.spawn(_open_with_file(session, window, case_id, verb), f"open {spec.function}")
    else:
        VerbForm(session, case_id, verb, None, window).open()


def _blow(session: Session) -> None:
    session.open_page("whistles", session.selection.case_id)


def _why_not_blow(session: Session) -> str:
    case_id = session.selection.case_id
    if case_id is None or session.mirror.slot_of(case_id) is None:
        return tr("请先选择一件未结工单")
    return why_not_blow(session)


def _start_selected(session: Session, window: QWidget, verb: Verb) -> None:
    if session.selection.case_id is not None:
        start(session, window, session.selection.case_id, verb)


def _why_not_selected(session: Session, verb: Verb) -> str:
    return why_not(session, session.selection.case_id, verb)


async def do(session: Session, case_id: int, verb: Verb) -> None:
    """Do a verb that asks for nothing. Raises the PersonError family."""
    from commandcenter.services import cases

    slot = session.mirror.slot_of(case_id)
    version = int(session.mirror.version[slot]) if slot is not None else 0
    function = getattr(cases, SPECS[verb].function)
    change = await function(session.database(), case_id=case_id, version=version, key=uuid4())
    session.noticed.emit(tr("%s 已%s") % (change.number, words.verb_word(verb)), "")


async def take_next(session: Session) -> None:
    """Take the most urgent case nobody works on, and look at it. Raises the PersonError family."""
    from commandcenter.services import cases

    change = await cases.take_next(session.database(), key=uuid4())
    if change is None:
        session.noticed.emit(tr("没有待领取的工单"), "")
        return
    session.selection.select(change.case_id)
    session.noticed.emit(tr("已认领 %s") % change.number, "")


async def _open_with_file(session: Session, window: QWidget, case_id: int, verb: Verb) -> None:
    from commandcenter.services.case_file import read_case

    file: CaseFile = await read_case(session.database(), case_id)
    VerbForm(session, case_id, verb, file, window).open()
