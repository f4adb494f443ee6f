"""What each verb asks of the person before it can be done: data for one generic form."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QCoreApplication

from commandcenter.domain.case import Flag, State, Verb


class Ask(Enum):
    """How an input is asked for, and the value it gives."""

    LINE = auto()  # str
    TEXT = auto()  # str, several lines
    GRADE = auto()  # Grade
    CATEGORY = auto()  # int or None
    UNIT = auto()  # int or None
    UNITS = auto()  # tuple of int
    DAYS = auto()  # int
    YES_NO = auto()  # bool
    MOMENT = auto()  # aware datetime
    REPORT = auto()  # int, one of the case's reports
    SATISFACTION = auto()  # 满意, 基本满意, 不满意 or None


@dataclass(frozen=True, slots=True)
class Field:
    """One input; ``name`` is the service's keyword. An optional one may stay empty."""

    name: str
    ask: Ask
    label: str
    optional: bool = False

    def title(self) -> str:
        """The label in the language of the screen."""
        return QCoreApplication.translate("verbs", self.label)


@dataclass(frozen=True, slots=True)
class VerbSpec:
    """A verb's service function in `commandcenter.services.cases`, its inputs in order, and its key."""

    function: str
    fields: tuple[Field, ...] = ()
    shortcut: str = ""


def _reason(*, optional: bool = False) -> Field:
    return Field("reason", Ask.TEXT, "理由", optional=optional)


_APPROVED = Field("approved", Ask.YES_NO, "同意")

SPECS: Mapping[Verb, VerbSpec] = {
    Verb.GRADE: VerbSpec(
        "grade",
        (
            Field("grade", Ask.GRADE, "等级"),
            Field("category_id", Ask.CATEGORY, "分类", optional=True),
            _reason(optional=True),
        ),
        "F3",
    ),
    Verb.DISPATCH: VerbSpec(
        "dispatch",
        (
            Field("unit_id", Ask.UNIT, "主责单位"),
            Field("assist_ids", Ask.UNITS, "配合单位", optional=True),
            Field("note", Ask.TEXT, "派单说明", optional=True),
        ),
        "F5",
    ),
    Verb.ACCEPT: VerbSpec("accept", shortcut="F6"),
    Verb.RETURN: VerbSpec(
        "return_case",
        (
            _reason(),
            Field("suggested_unit_id", Ask.UNIT, "建议承办单位", optional=True),
        ),
    ),
    Verb.REVIEW_RETURN: VerbSpec(
        "review_return",
        (
            _APPROVED,
            Field("unit_id", Ask.UNIT, "改派单位", optional=True),
            _reason(optional=True),
        ),
    ),
    Verb.REASSIGN: VerbSpec("reassign", (Field("unit_id", Ask.UNIT, "改派单位"), _reason()), "F7"),
    Verb.APPLY_EXTENSION: VerbSpec("apply_extension", (Field("days", Ask.DAYS, "延期天数"), _reason())),
    Verb.REVIEW_EXTENSION: VerbSpec("review_extension", (_APPROVED, _reason(optional=True))),
    Verb.PAUSE: VerbSpec("pause", (_reason(),)),
    Verb.RESUME: VerbSpec("resume"),
    Verb.FINISH: VerbSpec(
        "finish",
        (
            Field("discussed_with", Ask.LINE, "与谁商议"),
            Field("discussed_at", Ask.MOMENT, "何时商议"),
            Field("done", Ask.TEXT, "做了什么"),
            Field("done_by", Ask.MOMENT, "何时办成"),
        ),
        "F8",
    ),
    Verb.FOLLOW_UP: VerbSpec(
        "follow_up",
        (
            Field("report_id", Ask.REPORT, "回访哪一件"),
            Field("reached", Ask.YES_NO, "已接通"),
            Field("contacted", Ask.YES_NO, "单位联系过", optional=True),
            Field("solved", Ask.YES_NO, "问题已解决", optional=True),
            Field("satisfied", Ask.SATISFACTION, "满意程度", optional=True),
            Field("words", Ask.TEXT, "回访记录", optional=True),
        ),
        "F9",
    ),
    Verb.REDO: VerbSpec("redo", (_reason(),)),
    Verb.ARCHIVE: VerbSpec("archive"),
    Verb.TAKE: VerbSpec("take"),
    Verb.RELEASE: VerbSpec("release"),
    Verb.NOTE: VerbSpec("note", (Field("text", Ask.TEXT, "批注内容"),), "F4"),
    Verb.VOID: VerbSpec("void", (_reason(),)),
}
"""Every verb that acts on an existing case."""

NEXT_STEP: Mapping[State, Verb] = {
    State.NEW: Verb.GRADE,
    State.TO_DISPATCH: Verb.DISPATCH,
    State.TO_ACCEPT: Verb.ACCEPT,
    State.WORKING: Verb.FINISH,
    State.RETURNED: Verb.REVIEW_RETURN,
    State.PAUSED: Verb.RESUME,
    State.TO_FOLLOW_UP: Verb.FOLLOW_UP,
}
"""What a case in a state is waiting for, whoever has to do it."""


def next_step(state: State, flags: int, lawful: AbstractSet[Verb]) -> Verb | None:
    """What the case waits for from somebody who may do `lawful`: the first, blue button. None where from nobody such."""
    if state is State.WORKING and flags & Flag.EXTENSION_ASKED and Verb.REVIEW_EXTENSION in lawful:
        return Verb.REVIEW_EXTENSION
    step = NEXT_STEP.get(state)
    return step if step in lawful else None
