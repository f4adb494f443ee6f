"""Who may do what to a slip now, and why not: the steps the database allows, whose post signs, whose unit answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commandcenter.domain.case import Role
from commandcenter.domain.slip import SlipState, may_sign_as
from ui.slips import words as slip_words
from ui.slips.words import tr
from ui.widgets import words

if TYPE_CHECKING:
    from commandcenter.services.reference import Reference
    from commandcenter.services.slips import Slip
    from ui.session import Session

VERBS = ("edit", "sign", "dismiss", "receive", "reply", "pass", "send_back", "copy", "void")
"""In the order of a slip's life."""


def verbs_of(reference: Reference, role: Role) -> tuple[str, ...]:
    """The verbs that somebody of `role` has at all."""
    theirs = {verb for entity, _, verb, _, whose in reference.steps if entity == "slip" and whose == role}
    return tuple(verb for verb in VERBS if verb in theirs)


def may_draft(session: Session) -> bool:
    """Whether the person may draft slips by hand."""
    steps = session.reference.steps
    return any(step[0] == "slip" and step[2] == "draft" and step[4] == session.role for step in steps)


def next_post(slip: Slip, reference: Reference) -> str:
    """Whose signature comes next; '' where all have signed."""
    signers = reference.slip_kinds[slip.kind].signers
    return signers[len(slip.signatures)] if len(slip.signatures) < len(signers) else ""


def is_last_signature(slip: Slip, reference: Reference) -> bool:
    """Whether the next signature gives the number."""
    return len(slip.signatures) + 1 >= len(reference.slip_kinds[slip.kind].signers)


def why_not(session: Session, slip: Slip | None, verb: str, *, unsaved: bool = False) -> str:
    """Why the person cannot do `verb` to the slip now, in one sentence; '' when they can."""
    if slip is None:
        return tr("没有选中的单")
    if session.db is None:
        return tr("未连接数据库，暂时只能查看")
    return _unlawful(session, slip, verb) or _unfit(session, slip, verb, unsaved=unsaved)


def is_lawful(session: Session, slip: Slip, verb: str) -> bool:
    """Whether the step is one of the person's role in the slip's state; post and unit may still forbid it."""
    return not _unlawful(session, slip, verb)


def _unlawful(session: Session, slip: Slip, verb: str) -> str:
    """What the table of steps says."""
    steps = {
        (before, done)
        for entity, before, done, _, role in session.reference.steps
        if entity == "slip" and role == session.role
    }
    if not any(done == verb for _, done in steps):
        return tr("您的岗位（%s）不能%s") % (words.role_word(session.role), slip_words.verb_word(verb))
    if (slip.state, verb) not in steps:
        return tr("现为“%s”，不能%s") % (slip_words.state_word(slip.state), slip_words.verb_word(verb))
    return ""


def _unfit(session: Session, slip: Slip, verb: str, *, unsaved: bool) -> str:
    """What post, unit and the slip itself say."""
    if verb == "sign":
        return _why_not_sign(session, slip, unsaved=unsaved)
    if verb == "edit" and not unsaved:
        return tr("没有改动")
    if verb in {"receive", "reply"} and not slip.path.startswith(session.reference.me.path):
        return tr("由%s操作") % slip.unit_name
    if verb == "copy" and not copies_left(slip):
        return tr("抄送都已登记") if slip.copies else tr("这份单没有抄送")
    return ""


def copies_left(slip: Slip) -> tuple[str, ...]:
    """To whom a copy has still to go."""
    sent = {copy.recipient for copy in slip.copies_sent}
    return tuple(recipient for recipient in slip.copies if recipient not in sent)


def is_editable(session: Session, slip: Slip) -> bool:
    """Whether the person may write in it."""
    return slip.state in {SlipState.DRAFT, SlipState.TO_COSIGN} and why_not(session, slip, "edit", unsaved=True) == ""


def _why_not_sign(session: Session, slip: Slip, *, unsaved: bool) -> str:
    me, post = session.reference.me, next_post(slip, session.reference)
    if any(signature.login == me.login for signature in slip.signatures):
        return tr("您已签过，等%s") % slip_words.post_word(post)
    if not may_sign_as(me.post, post):
        return tr("由%s签发") % slip_words.post_word(post)
    return tr("有未保存的改动，请先保存") if unsaved else ""
