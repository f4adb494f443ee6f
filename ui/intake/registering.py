"""What is made of what is typed on 受理: a report to be registered, alone or with an answer, a unit or a merge along with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from commandcenter.services.spool import Entry, MergeInto, as_waiting
from ui.intake.keys import Key
from ui.intake.layout import IntakeLayout
from ui.session import Session


class Registering:
    """Hands what is ready to `send`; what is not is said on the page, and stays there."""

    def __init__(self, session: Session, page: IntakeLayout, send: Callable[[Entry], None]) -> None:
        self._session, self._page, self._send = session, page, send

    def typed(self) -> Entry | None:
        """What is on the page now, with what was written as an answer; None where nothing is."""
        entry = self._page.form.entry()
        if entry is None:
            return None
        advice = self._page.suggestions.advice
        proposed = advice.categories[0][0] if advice is not None and advice.categories else None
        return replace(entry, answer=self._page.answer.answer(), proposed_category_id=proposed)

    def register(self) -> None:
        """Register it; with an answer being written, close it with that (Ctrl+Enter)."""
        if self._page.answer.isVisible():
            self._page.answer.ask()
        elif (entry := self._checked()) is not None:
            self._send(as_waiting(entry))

    def register_and_dispatch(self) -> None:
        """First ask where to, with a proposal; asked again, register and dispatch (Ctrl+Shift+Enter)."""
        page, form = self._page, self._page.form
        if not page.dispatch_button.isEnabled() or not form.check():
            return
        page.fold_answer()
        if page.units.isHidden():
            page.units.open_for(form.category.value(), form.area.value(), self._session.clock.now())
            return
        entry, dispatch = self._checked(), page.units.dispatch()
        if entry is None or dispatch is None:
            return
        if entry.grade is None:
            if form.propose_default_grade() is None:
                page.say(page.tr("派单前请先定等级：按 Ctrl+1 到 Ctrl+5。"), bad=True)
                form.grade.setFocus()
                return
            entry = self.typed() or entry
        self._send(as_waiting(entry, dispatch))

    def answer_now(self) -> None:
        """Write an answer, and then ask what the citizen says of it (Alt+Enter)."""
        if not self._page.answer_button.isEnabled() or not self._page.form.check():
            return
        if self._page.answer.isHidden():
            self._page.open_answer("")
        else:
            self._page.answer.ask()

    def close(self) -> None:
        """Both questions are answered well: register and close."""
        if (entry := self._checked()) is not None:
            self._send(as_waiting(entry, answer=self._page.answer.answer()))

    def merge(self, key: Key) -> None:
        """Register it straight into the case of a card."""
        suggestions = self._page.suggestions
        if not suggestions.cards.fresh:
            self._page.say(self._page.tr("正在按新的内容查找，请稍候再按。"), bad=True)
            return
        repeat = suggestions.repeat_at(key)
        if repeat is None or (entry := self._checked()) is None:
            return
        into = MergeInto(repeat.case_id, repeat.case_number, repeat.score, repeat.reasons)
        self._send(as_waiting(entry, merge=into))

    def _checked(self) -> Entry | None:
        return self.typed() if self._page.form.check() else None
