"""Puts cases under a theme 聚合: one that is open, chosen by its number key, or a new one by its title."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from commandcenter.errors import PersonError
from commandcenter.services import merging
from ui.keys import Keys
from ui.merging.ask import MergeAsk
from ui.session import Session

if TYPE_CHECKING:
    from commandcenter.services.merging import Theme

MOST_PRESETS = 9


class ThemeJoin(QObject):
    """Asks in `ask`, and tells `done` a sentence when it is done."""

    def __init__(self, session: Session, ask: MergeAsk, done: Callable[[str], object]) -> None:
        super().__init__(ask)
        self._session, self._ask, self._done = session, ask, done
        self._keys = Keys()
        self._themes: tuple[Theme, ...] = ()

    def begin(self, case_ids: Sequence[int], back: QWidget | None = None) -> None:
        """Ask under which theme these cases are to be; `back` gets the keyboard afterwards."""
        self._session.spawn(self._begin(tuple(case_ids), back), "themes")

    async def _begin(self, case_ids: tuple[int, ...], back: QWidget | None) -> None:
        self._themes = await merging.read_themes(self._session.database())
        self._ask.ask(
            self.tr("把 %n 件放进哪个聚合？选已有的，或写一个新标题；各办各的", "", len(case_ids)),
            self.tr("加入"),
            lambda title: self._session.spawn(self._join(title, case_ids), "join theme"),
            presets=[theme.title for theme in self._themes[:MOST_PRESETS]],
            hint=self.tr("聚合的标题（60 个字以内）"),
            back=back,
        )

    async def _join(self, title: str, case_ids: tuple[int, ...]) -> None:
        known = next((theme for theme in self._themes if theme.title == title), None)
        deed = (title, case_ids, known)
        db, key = self._session.database(), self._keys.of(deed)
        try:
            if known is not None:
                await merging.add_to_theme(db, theme_id=known.id, case_ids=case_ids, key=key)
            else:
                await merging.open_theme(db, title=title, case_ids=case_ids, key=key)
        except PersonError as error:
            self._ask.say(str(error))
            return
        self._keys.done(deed)
        self._ask.close_ask()
        self._done(self.tr("已加入聚合“%s”") % title)
