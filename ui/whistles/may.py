"""Who may do what to a whistle or a party now, and why not: the steps the database allows, whose whistle, whose unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from commandcenter.domain.case import Role
from commandcenter.domain.whistle import Level, PartyState, WhistleState
from ui.whistles import words as whistle_words
from ui.widgets import words

if TYPE_CHECKING:
    from commandcenter.domain.whistle import Party, Whistle
    from commandcenter.services.reference import Reference
    from ui.session import Session

WHISTLE_VERBS = ("approve", "decline", "amend", "rule", "escalate", "meet", "plan", "withdraw")
"""What is done to a whole whistle, in the order of its life."""
RESPONDER_VERBS = ("answer", "object", "check_in", "progress", "stand_down", "answer_score")
"""What the unit that is called does."""
CALLER_VERBS = ("rule_objection", "confirm", "send_back", "score")
"""What is done to a party by who called it, or by the centre."""
CONVENER_VERBS = frozenset({"escalate", "meet", "plan"})

_LAW_NAMES = {"rule_objection": "rule"}


def tr(text: str) -> str:
    """`text` in the language of the screen (context "whistle_may")."""
    return QCoreApplication.translate("whistle_may", text)


def may_ever_blow(session: Session) -> bool:
    """Whether people of this role blow whistles at all."""
    steps = session.reference.steps
    return any(entity == "whistle" and verb == "blow" and role == session.role for entity, _, verb, _, role in steps)


def why_not_blow(session: Session, level: Level | None = None) -> str:
    """Why the person cannot blow a whistle (of that level); '' when they can."""
    reference = session.reference
    if not may_ever_blow(session):
        return tr("您的岗位不能吹哨")
    if level is None:
        return tr("未连接数据库，暂时只能查看") if session.db is None else ""
    rule, unit = reference.levels.get(level), reference.units.get(reference.me.unit_id)
    if rule is None or unit is None or unit.kind not in rule.caller_kinds:
        return tr("您的单位不能吹%s哨") % whistle_words.level_word(level)
    return ""


def why_not_whistle(session: Session, whistle: Whistle, verb: str) -> str:
    """Why the person cannot do `verb` to the whistle now, in one sentence; '' when they can."""
    refused = _unlawful(session, "whistle", whistle.state, verb, whistle_words.whistle_state_word(whistle.state))
    if refused:
        return refused
    reference = session.reference
    if verb in {"approve", "decline"}:
        if reason := _why_not_approve(session, whistle):
            return reason
    elif verb != "rule" and not _may_lead(session, whistle, verb):
        return tr("由吹哨的%s操作") % _name(reference, whistle.caller_unit_id)
    if verb == "escalate" and whistle.level == Level.ASSAULT:
        return tr("已是最高一级")
    if verb == "plan" and (rule := reference.levels.get(Level(whistle.level))) and rule.finish_clock != "plan":
        return tr("这一级不按计划计时")
    return ""


def why_not_party(session: Session, whistle: Whistle, party: Party, verb: str) -> str:
    """Why the person cannot do `verb` to the party now, in one sentence; '' when they can."""
    law = _LAW_NAMES.get(verb, verb)
    refused = _unlawful(session, "party", party.state, law, whistle_words.party_state_word(party.state), verb)
    if refused:
        return refused
    reference = session.reference
    if verb in RESPONDER_VERBS:
        if not acts_for(reference, party.unit_id):
            return tr("由%s操作") % _name(reference, party.unit_id)
    elif verb != "rule_objection" and not _may_lead(session, whistle, verb):
        return tr("由吹哨的%s操作") % _name(reference, whistle.caller_unit_id)
    return _why_not_again(reference, whistle, party, verb)


def _why_not_again(reference: Reference, whistle: Whistle, party: Party, verb: str) -> str:
    """What may be done once only, and never to oneself."""
    if verb == "object" and party.ruled_at is not None:
        return tr("已经裁定过，不能再提异议")
    did = (party.answered_by, party.checked_in_by)
    if verb == "score" and (acts_for(reference, party.unit_id) or reference.me.login in did):
        return tr("不能评自己的单位")
    if verb == "answer_score" and any(s.party_id == party.id and s.answered_at is not None for s in whistle.scores):
        return tr("已经回应过")
    return ""


def acts_for(reference: Reference, unit_id: int | None) -> bool:
    """Whether the person acts for a unit: their own, and outside the centre those below it."""
    unit, me = reference.units.get(unit_id or 0), reference.me
    if unit is None:
        return False
    centre = next((each.path for each in reference.units.values() if each.kind == "centre"), "")
    return unit.id == me.unit_id or (me.path != centre and unit.path.startswith(me.path))


def my_parties(reference: Reference, whistle: Whistle) -> list[Party]:
    """The parts in the whistle that the person acts for."""
    return [party for party in whistle.parties if acts_for(reference, party.unit_id)]


def _may_lead(session: Session, whistle: Whistle, verb: str) -> bool:
    """Who blew it and the supervisor; meeting, plan and level are the convener's as well."""
    reference = session.reference
    if session.role is Role.SUPERVISOR or acts_for(reference, whistle.caller_unit_id):
        return True
    return verb in CONVENER_VERBS and acts_for(reference, whistle.convener_unit_id)


def _why_not_approve(session: Session, whistle: Whistle) -> str:
    reference = session.reference
    approver = reference.units.get(whistle.approver_unit_id)
    if approver is not None and approver.kind == "centre":
        return "" if session.role is Role.SUPERVISOR else tr("市中心吹的哨由督导审签")
    if reference.me.post != "town_head" or reference.me.unit_id != whistle.approver_unit_id:
        return tr("须由%s的主要负责人审签") % _name(reference, whistle.approver_unit_id)
    return ""


def waits_for_me(session: Session, whistle: Whistle) -> bool:
    """Whether the whistle's next step is this person's: to approve, to put right, to rule, to confirm, to score."""
    step = {WhistleState.TO_APPROVE: "approve", WhistleState.DECLINED: "amend", WhistleState.TO_RULE: "rule"}
    verb = step.get(WhistleState(whistle.state))
    if verb is not None:
        return not why_not_whistle(session, whistle, verb)
    return any(
        (next_one := next_verb(whistle, party)) and not why_not_party(session, whistle, party, next_one)
        for party in whistle.parties
    )


def next_verb(whistle: Whistle, party: Party) -> str:
    """What a party waits for from those who called it or from the centre; '' where for nothing of theirs."""
    if whistle.state >= WhistleState.CLOSED:
        return ""
    step = {PartyState.OBJECTED: "rule_objection", PartyState.DONE: "confirm", PartyState.CONFIRMED: "score"}
    return step.get(PartyState(party.state), "")


def _unlawful(session: Session, entity: str, state: int, law: str, state_word: str, verb: str = "") -> str:
    steps = session.reference.steps
    if any(e == entity and s == state and v == law and role == session.role for e, s, v, _, role in steps):
        return tr("未连接数据库，暂时只能查看") if session.db is None else ""
    word = whistle_words.verb_word(verb or law)
    if any(e == entity and s == state and v == law for e, s, v, _, _ in steps):
        return tr("您的岗位（%s）不能%s") % (words.role_word(session.role), word)
    return tr("“%s”时不能%s") % (state_word, word)


def _name(reference: Reference, unit_id: int) -> str:
    unit = reference.units.get(unit_id)
    return unit.name if unit is not None else ""
