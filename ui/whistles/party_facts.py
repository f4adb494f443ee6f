"""What a called unit has to know of its whistle: where to, what for, on what ground, who calls, and who else comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.session import Session
from ui.whistles import words as whistle_words
from ui.whistles.facts import blown_words, ground_words, meeting_words, place_words, unit_name
from ui.widgets.facts_grid import FactsGrid

if TYPE_CHECKING:
    from commandcenter.domain.whistle import Party, Whistle


class PartyFacts(FactsGrid):
    """One party's view of a whistle."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        names = {
            "place": parent.tr("地点"),
            "demand": parent.tr("要求"),
            "matter": parent.tr("事项"),
            "ground": parent.tr("依据"),
            "caller": parent.tr("吹哨"),
            "meeting": parent.tr("会商"),
            "others": parent.tr("同来"),
        }
        super().__init__(names, parent, selectable=True)
        self._session = session

    def show_party(self, whistle: Whistle, party: Party) -> None:
        """Say what is so for a party now."""
        reference = self._session.reference
        others = [
            f"{unit_name(reference, each.unit_id)}（{whistle_words.party_state_word(each.state)}）"
            for each in whistle.parties
            if each.id != party.id
        ]
        self.show_facts(
            {
                "place": place_words(whistle, reference),
                "demand": whistle.demand,
                "matter": whistle.matter,
                "ground": ground_words(whistle),
                "caller": blown_words(whistle, reference),
                "meeting": meeting_words(whistle, " "),
                "others": "、".join(others),
            }
        )
