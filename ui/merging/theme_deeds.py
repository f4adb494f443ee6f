"""What is done to a theme 聚合: opened, given cases, freed of one, renamed, closed; asked for where words are needed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from commandcenter.errors import PersonError
from commandcenter.services import merging
from commandcenter.services.case_file import find_number
from ui.merging.ask import MergeAsk
from ui.merging.deeds import Deeds
from ui.session import Session

if TYPE_CHECKING:
    from commandcenter.services.case_file import Brief
    from commandcenter.services.merging import Theme


class ThemeDeeds(Deeds):
    """``made(theme id)`` when there is a new one. `back` gets the keyboard after a question."""

    made = Signal(object)

    def __init__(self, session: Session, ask: MergeAsk, back: QWidget) -> None:
        super().__init__(session, ask, ask=ask)
        self._ask, self._back = ask, back

    def ask_title(self) -> None:
        """Ask for the title of a new theme."""
        self._ask.ask(
            self.tr("新建聚合：先起标题，再加入工单"),
            self.tr("建立"),
            self._make,
            hint=self.tr("标题（60 个字以内）"),
            back=self._back,
        )

    def ask_add(self, theme: Theme) -> None:
        """Ask which cases belong to it."""
        self._ask.ask(
            self.tr("加入工单"),
            self.tr("加入"),
            lambda text: self._add(theme, text.upper().split()),
            hint=self.tr("工单编号，多个用空格隔开"),
            back=self._back,
        )

    def ask_rename(self, theme: Theme) -> None:
        """Ask for another title."""
        self._ask.ask(
            self.tr("改名：%s") % theme.title,
            self.tr("改名"),
            lambda title: self._rename(theme, title),
            hint=self.tr("新的标题"),
            back=self._back,
        )

    def ask_close(self, theme: Theme) -> None:
        """Ask whether it is really to end."""
        self._ask.ask(
            self.tr("结束“%s”：其中的工单照常办理") % theme.title,
            self.tr("结束聚合"),
            lambda _: self._close(theme),
            needed=False,
            back=self._back,
        )

    def remove(self, theme: Theme, brief: Brief) -> None:
        """Take a case out of it."""

        async def act(key: UUID) -> str:
            await merging.remove_from_theme(self._session.database(), theme_id=theme.id, case_id=brief.id, key=key)
            return self.tr("%s 已移出") % brief.number

        self.begin(("remove", theme.id, brief.id), act)

    def _make(self, title: str) -> None:
        async def act(key: UUID) -> str:
            self.made.emit(await merging.open_theme(self._session.database(), title=title, key=key))
            return ""

        self.begin(("open", title), act)

    def _add(self, theme: Theme, numbers: list[str]) -> None:
        async def act(key: UUID) -> str:
            db = self._session.database()
            found = {number: await find_number(db, number) for number in numbers}
            if missing := [number for number, case_id in found.items() if case_id is None]:
                raise PersonError(self.tr("没有找到：%s") % "、".join(missing), self.tr("请核对编号。"))
            ids = [case_id for case_id in found.values() if case_id is not None]
            many = await merging.add_to_theme(db, theme_id=theme.id, case_ids=ids, key=key)
            return self.tr("加入了 %n 件", "", many)

        self.begin(("add", theme.id, *numbers), act)

    def _rename(self, theme: Theme, title: str) -> None:
        async def act(key: UUID) -> str:
            await merging.rename_theme(self._session.database(), theme_id=theme.id, title=title, key=key)
            return ""

        self.begin(("rename", theme.id, title), act)

    def _close(self, theme: Theme) -> None:
        async def act(key: UUID) -> str:
            await merging.close_theme(self._session.database(), theme_id=theme.id, key=key)
            return self.tr("“%s”已结束") % theme.title

        self.begin(("close", theme.id), act)
