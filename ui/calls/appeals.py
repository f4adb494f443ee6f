"""剔除 and 申诉: what a unit may apply against, its application, and the supervisor's review."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.case import Role
from commandcenter.errors import PersonError
from commandcenter.services import calls
from ui.calls.words import answer_words, tr
from ui.keys import Keys
from ui.models.row_facts import person_name
from ui.models.row_table import Column, RowTable
from ui.session import Session
from ui.widgets.role import set_role
from ui.widgets.row_view import RowView
from ui.widgets.story import clock_words

if TYPE_CHECKING:
    from commandcenter.services.call_review import Appeal, Kind, Unhappy

APPLICANTS = frozenset({Role.RESPONDER, Role.CALLER, Role.FOLLOWUP})
_KINDS = {"exclusion": "剔除", "appeal": "申诉"}


class Appeals(QWidget):
    """Above, for who may apply, answers that are not 双是; below the applications, with the review for a supervisor."""

    def __init__(self, session: Session, changed: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._changed = changed
        self._keys = Keys()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self.may_apply = session.role in APPLICANTS
        self.may_review = session.role is Role.SUPERVISOR
        self.answers = RowTable(
            [
                Column("case_number", self.tr("工单")),
                Column("title", self.tr("标题")),
                Column("unit", self.tr("承办单位")),
                Column("answer", self.tr("回访结果")),
                Column("at", self.tr("回访时间"), show=clock_words),
                Column("applied", self.tr("申请")),
            ],
            self,
        )
        self.answers_view = RowView(self.answers, "title", self)
        self.answers_view.setSelectionBehavior(RowView.SelectionBehavior.SelectRows)
        self.answers_view.setAccessibleName(self.tr("近 30 天的非双是"))
        self.answers_view.empty = self.tr("近 30 天没有非双是的回访，无需申请")
        self.reason = self._line(self.tr("申请理由：为什么不应计入"), self.tr("申请理由"))
        self.exclude_button = self._button(self.tr("申请剔除"), lambda: self._apply("exclusion"))
        self.appeal_button = self._button(self.tr("提出申诉"), lambda: self._apply("appeal"))
        self._upper = [
            self._heading(self.tr("近 30 天的非双是")),
            self.answers_view,
            self._bar(self.reason, self.exclude_button, self.appeal_button),
        ]
        self.applications = RowTable(
            [
                Column("kind", self.tr("种类"), show=lambda kind: tr(_KINDS[kind])),
                Column("case_number", self.tr("工单")),
                Column("unit", self.tr("单位")),
                Column("answer", self.tr("回访结果")),
                Column("reason", self.tr("理由")),
                Column("who", self.tr("申请人")),
                Column("at", self.tr("申请时间"), show=clock_words),
                Column("result", self.tr("审核")),
            ],
            self,
        )
        self.applications_view = RowView(self.applications, "reason", self)
        self.applications_view.setSelectionBehavior(RowView.SelectionBehavior.SelectRows)
        self.applications_view.setAccessibleName(self.tr("申请和审核"))
        self.applications_view.empty = self.tr("还没有申请；承办单位提出后，由督导在这里审核")
        self.words = self._line(self.tr("审核意见"), self.tr("审核意见"))
        self.grant_button = self._button(self.tr("同意"), lambda: self._review(granted=True))
        self.refuse_button = self._button(self.tr("不同意"), lambda: self._review(granted=False))
        self.open_button = self._button(self.tr("打开工单"), self._open)
        self._review_bar = self._bar(self.words, self.grant_button, self.refuse_button, self.open_button)
        column.addWidget(self.said)
        for widget in self._upper:
            column.addWidget(widget, int(widget is self.answers_view))
            widget.setVisible(self.may_apply)
        column.addWidget(self._heading(self.tr("申请和审核（同意的不计入；考核时两种数字都列出）")))
        column.addWidget(self.applications_view, 1)
        column.addWidget(self._review_bar)
        self._review_bar.setVisible(self.may_review)
        for view in (self.answers_view, self.applications_view):
            view.doubleClicked.connect(self._open)
        self.setFocusProxy(self.answers_view if self.may_apply else self.applications_view)
        self.say("")

    def show_appeals(self, applications: Sequence[Appeal], answers: Sequence[Unhappy]) -> None:
        """Show what was read; the lines that are looked at stay."""
        units = self._session.reference.units

        def unit(unit_id: int) -> str:
            return units[unit_id].short_name or units[unit_id].name if unit_id in units else ""

        _keep(
            self.answers_view,
            "follow_up_id",
            [
                asdict(each) | {
                    "unit": unit(each.unit_id),
                    "answer": answer_words(solved=each.solved, satisfied=each.satisfied),
                    "applied": self._state(each.appeal_kind, granted=each.appeal_granted),
                }
                for each in answers
            ],
        )  # fmt: skip
        _keep(
            self.applications_view,
            "id",
            [
                asdict(each) | {
                    "unit": unit(each.unit_id),
                    "answer": self.tr("整件") if each.follow_up_id is None
                    else answer_words(solved=each.solved, satisfied=each.satisfied),
                    "who": person_name(self._session.reference, each.applied_by),
                    "at": each.applied_at,
                    "result": self.tr("待审核") if each.granted is None
                    else f"{self.tr('同意') if each.granted else self.tr('不同意')}：{each.words}",
                }
                for each in applications
            ],
        )  # fmt: skip

    def say(self, sentence: str, *, bad: bool = False) -> None:
        """A sentence above the tables."""
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))
        set_role(self.said, "bad" if bad else "good")

    def _state(self, kind: str | None, *, granted: bool | None) -> str:
        if kind is None:
            return ""
        return f"{tr(_KINDS[kind])}{self.tr('待审核') if granted is None else self.tr('已同意') if granted else self.tr('未同意')}"

    def _apply(self, kind: Kind) -> None:
        row, reason = self.answers_view.current_row, self.reason.text().strip()
        if row is None or not reason:
            self._missing(row is None, self.tr("请先选一项回访结果。"), self.tr("请写明申请理由。"), self.reason)
            return
        deed = ("apply", kind, row["follow_up_id"], reason)
        work = calls.apply_appeal(
            self._session.database(), kind=kind, case_id=row["case_id"], follow_up_id=row["follow_up_id"],
            unit_id=row["unit_id"], reason=reason, key=self._keys.of(deed),
        )  # fmt: skip
        self._session.spawn(self._do(work, deed, self.tr("已提交，等督导审核"), self.reason), "appeal")

    def _review(self, *, granted: bool) -> None:
        row, said = self.applications_view.current_row, self.words.text().strip()
        if row is None or not said:
            self._missing(row is None, self.tr("请先选一项申请。"), self.tr("请写明审核意见。"), self.words)
            return
        deed = ("review", row["id"], granted, said)
        work = calls.review_appeal(
            self._session.database(), appeal_id=row["id"], granted=granted, words=said, key=self._keys.of(deed)
        )
        self._session.spawn(self._do(work, deed, self.tr("已审核"), self.words), "appeal")

    def _missing(self, no_row: bool, choose: str, write: str, box: QLineEdit) -> None:
        self.say(choose if no_row else write, bad=True)
        if not no_row:
            box.setFocus()

    async def _do(self, work: Coroutine[Any, Any, Any], deed: tuple[Any, ...], said: str, box: QLineEdit) -> None:
        try:
            await work
        except PersonError as error:
            self.say(str(error), bad=True)
            return
        self._keys.done(deed)
        box.clear()
        self.say(said)
        self._changed()

    def _open(self) -> None:
        view = self.answers_view if self.answers_view.hasFocus() else self.applications_view
        if view.current_row is not None:
            self._session.open_page("case", view.current_row["case_id"])

    def _line(self, placeholder: str, name: str) -> QLineEdit:
        line = QLineEdit(self)
        line.setPlaceholderText(placeholder)
        line.setAccessibleName(name)
        line.setMaxLength(500)
        return line

    def _button(self, text: str, do: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.clicked.connect(lambda _=False: do())
        return button

    def _heading(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("role", "strong")
        return label

    def _bar(self, *widgets: QWidget) -> QWidget:
        bar = QWidget(self)
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for number, widget in enumerate(widgets):
            row.addWidget(widget, int(number == 0))
        return bar


def _keep(view: RowView, key: str, rows: Sequence[dict[str, Any]]) -> None:
    """Show rows; the one that had the keyboard keeps it, wherever it went."""
    model = view.model()
    assert isinstance(model, RowTable)
    was = view.current_row
    model.show_rows(rows)
    found = next((number for number, row in enumerate(rows) if was is not None and row[key] == was[key]), 0)
    if rows:
        view.setCurrentIndex(model.index(found, 0))
