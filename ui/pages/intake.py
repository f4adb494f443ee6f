"""受理: one page and no mouse; what is typed is safe at every moment, and reaches the database exactly once."""

from __future__ import annotations

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from commandcenter.config import load_settings
from commandcenter.domain.case import Verb
from commandcenter.errors import PersonError
from commandcenter.services.merging import UndoChange
from commandcenter.services.spool import Entry, Sent, Spool, owner_of
from ui.intake.asking import Asking, Told
from ui.intake.draft import Draft
from ui.intake.fill import fill, question_of, standing_of, take
from ui.intake.keys import ANSWERS, CATEGORIES, MERGES, PLACES, UNITS, Key, bind, offer
from ui.intake.knowledge import Knowledge
from ui.intake.layout import IntakeLayout
from ui.intake.outbox import Merged, Outbox, words_of
from ui.intake.registering import Registering
from ui.intake.suggestions import QUESTION
from ui.session import Session
from ui.widgets import words


class IntakePage(IntakeLayout):
    """The form at the left, what is suggested beside it, and the queue at the right, which nobody loses sight of."""

    def __init__(self, session: Session, parent: QWidget | None = None, spool: Spool | None = None) -> None:
        super().__init__(session, parent)
        self._session = session
        spool = spool or Spool(load_settings().data_dir / "spool", owner_of(session.db, session.reference.me.login))
        self.outbox = Outbox(session, spool, self)
        self.asking = Asking(session, lambda: question_of(self.form), self)
        self.reader = self.asking
        self._opened: int | None = None
        self.knowledge = Knowledge(session, self.suggestions, self)
        self.registering = Registering(session, self, self._send)
        self.draft = Draft(spool, self.registering.typed, self)
        self._connect()
        bind(self, {key: lambda key=key: self.take(key) for key in Key})  # type: ignore[misc]
        offer(session.actions, self, self.take)
        self.destroyed.connect(spool.close)
        self.setFocusProxy(self.form.content)
        self.set_tokens(session.tokens)
        self._show_rights()
        self._restore()
        self.asking.open()
        self.knowledge.ask()
        self.recent.begin()

    def take(self, key: Key) -> None:
        """Do what a key says."""
        if key in MERGES:
            self.registering.merge(key)
        elif key in ANSWERS:
            self._take_answer(ANSWERS.index(key))
        elif key in (*CATEGORIES, *PLACES, *UNITS, Key.KIND, Key.GRADE):
            self._take_advice(key)
        else:
            {
                Key.UNDO: self.undo,
                Key.TEMPLATES: self._open_templates,
                Key.NEXT_BLANK: self.next_blank,
                Key.PHONE: self.form.phone.setFocus,
                Key.ANSWER_NOW: self.registering.answer_now,
                Key.REGISTER: self.registering.register,
                Key.DISPATCH: self.registering.register_and_dispatch,
                Key.HELP: self.toggle_help,
            }[key]()

    def undo(self) -> None:
        """Take the merge that was just made back (Alt+R)."""
        if problem := self.outbox.why_no_undo():
            self.say(problem, bad=True)
        elif self.outbox.undo():
            self.say(self.tr("已改为单独登记，连上后登记成一件新工单。"))

    def clear(self) -> None:
        """Throw away what is typed."""
        entry = self.form.entry()
        self._empty()
        if entry is not None:
            self.outbox.spool.remove(entry.key)
        self.say("")

    def mend(self) -> None:
        """Take the first refused entry back into the form; what is in the form stays kept as a draft."""
        if (refused := next(iter(self.outbox.refusals()), None)) is not None:
            self.draft.save()
            self._show_entry(refused)
            self.draft.save()
            self.say(refused.problem, bad=True)
            self._tell_kept()
            self.form.content.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.knowledge.shown()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.draft.save()

    def _send(self, entry: Entry) -> None:
        self.draft.leave()
        try:
            self.outbox.put(entry)
        except PersonError as error:
            self.say(str(error), bad=True)
            return
        self._empty()
        self.say(self.tr("正在登记…") if self.outbox.is_live else "")
        self._tell_kept()

    def _take_advice(self, key: Key) -> None:
        advice, rows = self.suggestions.advice, self.suggestions.rows
        if advice is None or not rows.fresh or all(row.key is not key for row in rows.shown):
            return
        if key not in UNITS:
            take(self.form, advice, key, self._session.reference)
        elif self.dispatch_button.isEnabled():
            self.fold_answer()
            self.units.offer(advice.units, UNITS.index(key))

    def _take_answer(self, at: int) -> None:
        if self.answer_button.isEnabled() and at < len(self.suggestions.answers):
            self.form.propose_kind(QUESTION)  # where nobody said otherwise
            self.open_answer(self.suggestions.answers[at].answer)

    def _open_templates(self) -> None:
        target = self.writing()
        part = "answer" if target is self.answer.text else "content"
        self.templates.open_over(target, self.knowledge.templates(part))

    def _on_told(self, told: Told) -> None:
        """Fill in what nobody has touched, and show everything with its ground."""
        if not told.question.worth_asking:
            self.suggestions.clear()
            self.form.caller.show_caller(None)
            return
        advisor = self.asking.advisor
        if told.advice is not None and advisor is not None:
            fill(self.form, told.advice, advisor.book.threshold, self._session.reference)
        self.suggestions.show_told(told, standing_of(self.form))
        self.form.caller.show_caller(told.caller)

    def _on_edited(self) -> None:
        self.draft.soon()
        if self.done.property("role") == "good":
            self.say("")
        self.suggestions.refresh(standing_of(self.form))
        self.asking.changed()

    def _on_sent(self, entry: Entry, sent: Sent) -> None:
        change = sent.change
        self._opened = sent.merge.kept.case_id if sent.merge is not None else change.case_id
        sentence, bad = words_of(sent)
        self.say(sentence, bad=bad)
        self.open_done.show()
        self.undo_button.setVisible(self.outbox.merged is not None)
        self.recent.add(entry, sent)

    def _on_refused(self, entry: Entry, sentence: str) -> None:
        """Back into the form where it is still empty, so that it can be put right at once."""
        if entry.key == self.outbox.last and self.form.entry() is None:
            self._show_entry(entry)
            self.draft.save()
            self.say(sentence, bad=True)
        elif entry.key == self.outbox.last:
            self.say("")

    def _on_undone(self, merged: Merged, change: UndoChange) -> None:
        self._opened = change.source.case_id
        state = words.state_word(change.source.state)
        self.say(
            " ".join([self.tr("已撤销并案：%s 单独成件，%s。") % (merged.source_number, state), *change.remaining])
        )
        self.open_done.show()

    def _show_entry(self, entry: Entry | None) -> None:
        self.form.show_entry(entry)
        self.answer.show_answer(entry.answer if entry is not None else None)
        self.suggestions.set_answering(answering=not self.answer.isHidden())
        self.units.hide()
        self.asking.forget()
        if entry is not None:
            self.asking.changed()

    def _empty(self) -> None:
        self._show_entry(None)
        self.form.content.setFocus()

    def _restore(self) -> None:
        """What a closed or crashed window left: the newest draft into the form, what waits on its way."""
        self.outbox.spool.open()
        if (left := self.draft.left_behind()) is not None:
            self._show_entry(left)
            self.say(self.tr("已恢复上次没有登记完的内容。"))
        self._tell_kept()
        self.outbox.begin()

    def _on_health(self) -> None:
        self.outbox.begin()
        self._tell_kept()

    def _tell_kept(self) -> None:
        """Say what waits here, and what was refused."""
        shown = self.form.entry()
        problems = [each.problem for each in self.outbox.refusals() if shown is None or each.key != shown.key]
        self.show_kept(self.outbox.waiting, problems, live=self.outbox.is_live)

    def _connect(self) -> None:
        session, form = self._session, self.form
        self.draft.failed.connect(lambda sentence: self.say(sentence, bad=True))
        for button, key in (
            (self.register_button, Key.REGISTER), (self.dispatch_button, Key.DISPATCH), (self.answer_button, Key.ANSWER_NOW),
        ):  # fmt: skip
            button.clicked.connect(lambda _=False, key=key: self.take(key))
        self.clear_button.clicked.connect(self.clear)
        self.mend_button.clicked.connect(self.mend)
        self.open_done.clicked.connect(lambda: session.open_page("case", self._opened))
        self.undo_button.clicked.connect(self.undo)
        for cases in (self.suggestions, self.strip, self.recent):
            cases.opened.connect(lambda case_id: session.open_page("case", case_id))
        self.suggestions.taken.connect(self.take)
        form.edited.connect(self._on_edited)
        self.answer.edited.connect(self.draft.soon)
        self.answer.answered.connect(self.registering.close)
        for panel in (self.units, self.answer):
            panel.folded.connect(form.content.setFocus)
        self.answer.folded.connect(self.fold_answer)
        self.asking.stale.connect(self.suggestions.set_stale)
        self.asking.told.connect(self._on_told)
        self.outbox.sent.connect(self._on_sent)
        self.outbox.refused.connect(self._on_refused)
        self.outbox.undone.connect(self._on_undone)
        self.outbox.changed.connect(self._tell_kept)
        session.themed.connect(self.set_tokens)
        session.reference_changed.connect(form.reload)
        session.reference_changed.connect(self._show_rights)
        session.bridge.health_changed.connect(self._on_health)

    def _show_rights(self) -> None:
        """What the role may do here; a button that does nothing says why."""
        reference, role = self._session.reference, self._session.role
        lawful = {verb for _, verb, _, whose in reference.transitions if whose == role}
        self.show_rights(dispatch=Verb.DISPATCH in lawful, answer="answer_now" in lawful, merge="merge" in lawful)
