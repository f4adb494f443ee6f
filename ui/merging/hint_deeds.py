"""What a person says of a hint 疑似重复: merged, not the same, related or opposite; each taken back by one key."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from commandcenter.errors import NotVisible, StaleVersion
from commandcenter.services import merging
from ui.merging import words as merge_words
from ui.merging.ask import MergeAsk
from ui.merging.buttons import MergeButtons
from ui.merging.deeds import Deeds
from ui.merging.undo import LastDeed
from ui.session import Session

if TYPE_CHECKING:
    from commandcenter.services.case_file import Case
    from commandcenter.services.merging import Hint


class HintDeeds(Deeds):
    """``judged(the two case ids)``: nothing is left to say of them. `last` remembers it, `back` gets the keyboard."""

    judged = Signal(object)
    outdated = (StaleVersion, NotVisible)

    def __init__(self, session: Session, ask: MergeAsk, buttons: MergeButtons, last: LastDeed, back: QWidget) -> None:
        super().__init__(session, ask, ask=ask, buttons=buttons)
        self._ask, self._last, self._back = ask, last, back

    def merge(self, hint: Hint, kept: Case, source: Case) -> None:
        """Merge `source` into `kept`, the two of the hint."""

        async def act(key: UUID) -> str:
            change = await merging.merge(
                self._session.database(),
                kept_id=kept.id,
                kept_version=kept.version,
                source_id=source.id,
                source_version=source.version,
                score=hint.score,
                reasons=hint.reasons,
                key=key,
            )
            self._last.remember(change.merge_id)
            self._judged(hint)
            return self.tr("%s 已并入 %s，Ctrl+Z 撤销") % (change.source.number, change.kept.number)

        self.begin(("merge", kept.id, kept.version, source.id, source.version), act)

    def ask_different(self, hint: Hint) -> None:
        """Ask why they are not the same, and note it."""
        self._ask.ask(
            self.tr("不是同一件：记下以后不再提示这一对"),
            self.tr("记下"),
            lambda reason: self._dismiss(hint, reason),
            presets=[merge_words.tr(each) for each in merge_words.REASONS],
            hint=self.tr("为什么不是同一件"),
            back=self._back,
        )

    def relate(self, hint: Hint) -> None:
        """Not the same, and they belong together."""
        self._mark(hint, "related", self.tr("标为相关，各办各的"))

    def oppose(self, hint: Hint) -> None:
        """Not the same: they want the opposite about one matter."""
        self._mark(hint, "opposite", self.tr("标为要求相反，各办各的"))

    def _dismiss(self, hint: Hint, reason: str) -> None:
        one, other = hint.case_id, hint.other_id

        async def act(key: UUID) -> str:
            db = self._session.database()
            await merging.dismiss_hint(db, case_id=one, other_id=other, reason=reason, key=key)
            self._last.remember_dismissed(one, other)
            self._judged(hint)
            return self.tr("记下了：不是同一件（%s），以后不再提示；Ctrl+Z 撤回") % reason

        self.begin(("dismiss", one, other), act)

    def _mark(self, hint: Hint, kind: str, said: str) -> None:
        one, other = hint.case_id, hint.other_id

        async def act(key: UUID) -> str:
            db = self._session.database()
            relation = await merging.relate(db, case_id=one, other_id=other, kind=kind, key=key)
            also = uuid5(key, "dismiss")
            await merging.dismiss_hint(db, case_id=one, other_id=other, reason=said, key=also)
            self._last.remember_dismissed(one, other, relation)
            self._judged(hint)
            return self.tr("%s；Ctrl+Z 撤回") % said

        self.begin(("relate", one, other, kind), act)

    def _judged(self, hint: Hint) -> None:
        self.judged.emit((hint.case_id, hint.other_id))
