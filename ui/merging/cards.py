"""Cards of the case page: a link, a hint, a related case, a theme; each with its facts and its deeds as buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.merge import Cause
from ui.merging import words as merge_words
from ui.session import Session
from ui.widgets import words
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import plain_label

if TYPE_CHECKING:
    from commandcenter.services.merging import Hint, Link, Related, Theme

Deeds = Sequence[tuple[str, Callable[[], object]]]


class MergeCards:
    """Makes the cards of one session, as children of `parent`."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        self._session, self._parent = session, parent

    def link(self, link: Link, case_id: int, deeds: Deeds) -> QWidget:
        """One case merged into another, as the page of `case_id` says it."""
        tr, reference = self._parent.tr, self._session.reference
        head = f"{link.source_number}　{link.source_title}"
        if link.source_id == case_id:
            head = tr("并入 %s") % link.kept_number
        elif link.kept_id != case_id:
            head = tr("%s（并入 %s）") % (head, link.kept_number)
        who = tr("机器") if link.cause is Cause.MACHINE else merge_words.whose(link.by, reference)
        facts = [tr("%s 于 %s 并单") % (who, merge_words.day_words(link.at))]
        if link.score is not None:
            facts.append(tr("把握 %s") % merge_words.sure_word(link.score))
        facts += [reason.words for reason in link.reasons[:3]]
        facts += [link.words] if link.words else []
        undone = ""
        if link.undone_at is not None:
            by = merge_words.whose(link.undone_by, reference)
            said = tr("%s 于 %s 撤销") % (by, merge_words.day_words(link.undone_at))
            undone = "：".join(part for part in (said, link.undo_reason) if part)
        return self._card(head, " · ".join(facts), deeds, undone)

    def hint(self, hint: Hint, case_id: int, deeds: Deeds) -> QWidget:
        """The other case of a pair that may be the same."""
        here = hint.case_id == case_id
        number, title = (hint.other_number, hint.other_title) if here else (hint.number, hint.title)
        opposite = merge_words.is_opposite(hint.verdict, hint.reasons)
        verdict = merge_words.verdict_word("related" if opposite else hint.verdict)
        head = f"{verdict} {hint.score * 100:.0f}%　{number}　{title}"
        return self._card(head, "；".join(reason.words for reason in hint.reasons), deeds)

    def relation(self, relation: Related, deeds: Deeds) -> QWidget:
        """A case that belongs to this one."""
        tr = self._parent.tr
        kind = tr("要求相反") if relation.kind == "opposite" else tr("相关")
        number = relation.number or tr("（不在您的辖区）")
        who = merge_words.whose(relation.by, self._session.reference)
        state = words.state_word(relation.state) if relation.state is not None else ""
        facts = (state, tr("%s 于 %s 标明") % (who, merge_words.day_words(relation.at)), relation.words)
        return self._card(f"{kind}　{number}　{relation.title}", " · ".join(fact for fact in facts if fact), deeds)

    def theme(self, theme: Theme, deeds: Deeds) -> QWidget:
        """A theme that this case is under."""
        tr = self._parent.tr
        ended = tr("（已结束）") if theme.closed_at is not None else ""
        return self._card(f"{theme.title}　{tr('%n 件', '', len(theme.case_ids))}{ended}", "", deeds)

    def _card(self, head: str, facts: str, deeds: Deeds, more: str = "") -> QWidget:
        card = QFrame(self._parent)
        card.setProperty("surface", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        for text, role in ((head, "strong"), (facts, "quiet"), (more, "normal")):
            if text:
                column.addWidget(plain_label(card, role, text, selectable=True))
        row = QWidget(card)
        flow = FlowLayout(row)
        flow.setContentsMargins(0, 0, 0, 0)
        for text, call in deeds:
            button = QPushButton(text, row)
            button.setProperty("role", "link")
            button.clicked.connect(lambda _=False, call=call: call())
            flow.addWidget(button)
        column.addWidget(row)
        return card
