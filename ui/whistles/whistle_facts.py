"""What a whistle is about, as facts for those who blew it or watch over it: place, matter, ground, limits, meeting, plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from commandcenter.domain.whistle import WhistleState
from ui.models.row_facts import person_name
from ui.session import Session
from ui.whistles import words as whistle_words
from ui.whistles.facts import blown_words, ground_words, meeting_words, place_words
from ui.widgets.facts_grid import FactsGrid
from ui.widgets.story import clock_words

if TYPE_CHECKING:
    from commandcenter.domain.whistle import Whistle


class WhistleFacts(FactsGrid):
    """Beside what was said, what follows from the level's rule."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        names = {
            "place": parent.tr("地点"),
            "matter": parent.tr("事项"),
            "demand": parent.tr("要求"),
            "ground": parent.tr("依据"),
            "blown": parent.tr("吹哨"),
            "approved": parent.tr("审签"),
            "limits": parent.tr("时限"),
            "meeting": parent.tr("会商"),
            "plan": parent.tr("计划"),
        }
        super().__init__(names, parent, selectable=True)
        self._session = session

    def show_whistle(self, whistle: Whistle) -> None:
        """Say what is so of a whistle now."""
        reference = self._session.reference
        rule = reference.levels.get(whistle.level)
        meeting = (rule.meeting if rule else "", meeting_words(whistle, " · "))
        plan = [self.tr("%s 前办完") % clock_words(whistle.plan_until)] if whistle.plan_until else []
        if whistle.report_due_at is not None:
            plan.append(self.tr("下次报进展 %s 前") % clock_words(whistle.report_due_at))
        self.show_facts(
            {
                "place": place_words(whistle, reference),
                "matter": whistle.matter,
                "demand": whistle.demand,
                "ground": ground_words(whistle) or self.tr("事项清单没有，由市中心指定"),
                "blown": blown_words(whistle, reference),
                "approved": self._approved(whistle),
                "limits": whistle_words.limits_words(rule, danger=whistle.danger) if rule else "",
                "meeting": " · ".join(part for part in meeting if part),
                "plan": "，".join(plan),
            }
        )

    def _approved(self, whistle: Whistle) -> str:
        """By whom and when it was signed, or who has to."""
        reference = self._session.reference
        if whistle.approval_skipped:
            return self.tr("紧急，免审签，已记录")
        if whistle.approved_at is not None:
            return f"{person_name(reference, whistle.approved_by or '')} {clock_words(whistle.approved_at)}"
        if whistle.state in {WhistleState.TO_APPROVE, WhistleState.DECLINED}:
            approver = reference.units.get(whistle.approver_unit_id)
            return self.tr("等%s审签") % (approver.name if approver else "")
        return ""
