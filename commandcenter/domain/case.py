"""The case's vocabulary: grades, states, verbs, lamps, flags (domain.md §3), as small integers and words.

The numbers are the ones stored in the database and in the mirror's columns; they never change meaning.
"""

from enum import IntEnum, IntFlag, StrEnum


class Grade(IntEnum):
    """Urgency of the matter, most urgent first (荣成 [S]: 红橙黄蓝绿)."""

    RED = 0
    ORANGE = 1
    YELLOW = 2
    BLUE = 3
    GREEN = 4


class State(IntEnum):
    """Where a case is in its life."""

    NEW = 0  # 待受理
    TO_DISPATCH = 1  # 待派单
    TO_ACCEPT = 2  # 待签收
    WORKING = 3  # 办理中
    RETURNED = 4  # 退单
    PAUSED = 5  # 挂起
    TO_FOLLOW_UP = 6  # 待回访
    ARCHIVED = 7  # 已归档
    MERGED = 8  # 并入
    VOID = 9  # 作废


OPEN_STATES = frozenset(state for state in State if state < State.ARCHIVED)


class Lamp(IntEnum):
    """How near the deadline is (警示灯); drawn as a shape, never as a grade's colour."""

    NORMAL = 0  # ○ 正常
    SOON = 1  # △ 临期
    OVERDUE = 2  # ■ 超期


class Flag(IntFlag):
    """Facts about a case that a queue filters on."""

    PROBLEM = 1  # 问题工单: three returns or three redos
    EXTENSION_ASKED = 2  # 延期 applied for, not yet reviewed
    EXTENDED = 4  # 延期 granted
    PROVISIONAL = 8  # the deadline touches a year without published holidays
    WORKING_CLOCK = 16  # the limit counts working time (otherwise natural hours)
    ACCEPTED = 32  # the lead unit has signed for it
    CONFIDENTIAL = 64  # 是否保密
    DOUBLE_NO = 128  # 双否: somebody says neither solved nor content, and has not taken it back


class Verb(StrEnum):
    """What a person can do to a case; the same words are in table ``cc.transitions``."""

    REGISTER = "register"
    ANSWER_NOW = "answer_now"
    GRADE = "grade"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    RETURN = "return"
    REVIEW_RETURN = "review_return"
    REASSIGN = "reassign"
    APPLY_EXTENSION = "apply_extension"
    REVIEW_EXTENSION = "review_extension"
    PAUSE = "pause"
    RESUME = "resume"
    FINISH = "finish"
    FOLLOW_UP = "follow_up"
    REDO = "redo"
    ARCHIVE = "archive"
    VOID = "void"
    TAKE = "take"
    RELEASE = "release"
    NOTE = "note"
    ATTACH = "attach"
    MERGE = "merge"  # into another one
    ABSORB = "absorb"  # another one, which is merged into it
    UNMERGE = "unmerge"
    SPLIT = "split"
    PLACE = "place"
    UNPLACE = "unplace"


class Role(StrEnum):
    """The group roles of the database (architecture §3)."""

    DUTY = "cc_duty"
    CALLER = "cc_caller"
    RESPONDER = "cc_responder"
    SUPERVISOR = "cc_supervisor"
    FOLLOWUP = "cc_followup"
    ANALYST = "cc_analyst"
    WALL = "cc_wall"
    INTAKE = "cc_intake"
    ADMIN = "cc_admin"
