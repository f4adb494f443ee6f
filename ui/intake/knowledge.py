"""What the centre has written beforehand, for the one who types: answers to common questions, templates of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from commandcenter.services.answers import read_answers, read_templates
from ui.intake.suggestions import SuggestionPanel
from ui.session import Session
from ui.widgets.live_read import LiveRead

if TYPE_CHECKING:
    from commandcenter.services.answers import Template

KINDS = frozenset({"answers", "templates"})


class Knowledge(LiveRead):
    """Read again when somebody changes it; answers go to the suggestions."""

    def __init__(self, session: Session, suggestions: SuggestionPanel, page: QWidget) -> None:
        super().__init__(session, KINDS, self._read_both, lambda _: None, page)
        self._suggestions = suggestions
        self._templates: tuple[Template, ...] = ()

    def templates(self, part: str) -> list[Template]:
        """The templates for a part of a report: answer or content."""
        return [each for each in self._templates if each.part == part]

    async def _read_both(self) -> None:
        database = self._session.database()
        self._suggestions.set_answers(await read_answers(database))
        self._templates = tuple(await read_templates(database))
