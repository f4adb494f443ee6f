"""Chinese words and marks for the vocabulary of `commandcenter.domain.case`, translatable."""

from PySide6.QtCore import QCoreApplication

from commandcenter.domain.case import Grade, Lamp, Role, State, Verb

_GRADES = {
    Grade.RED: "红",
    Grade.ORANGE: "橙",
    Grade.YELLOW: "黄",
    Grade.BLUE: "蓝",
    Grade.GREEN: "绿",
}

_STATES = {
    State.NEW: "待受理",
    State.TO_DISPATCH: "待派单",
    State.TO_ACCEPT: "待签收",
    State.WORKING: "办理中",
    State.RETURNED: "退单待审",
    State.PAUSED: "已挂起",
    State.TO_FOLLOW_UP: "待回访",
    State.ARCHIVED: "已归档",
    State.MERGED: "已并入",
    State.VOID: "已作废",
}

_VERBS = {
    Verb.ANSWER_NOW: "直办",
    Verb.REGISTER: "受理",
    Verb.GRADE: "定级",
    Verb.DISPATCH: "派单",
    Verb.ACCEPT: "签收",
    Verb.RETURN: "退单",
    Verb.REVIEW_RETURN: "退单审核",
    Verb.REASSIGN: "改派",
    Verb.APPLY_EXTENSION: "申请延期",
    Verb.REVIEW_EXTENSION: "延期审核",
    Verb.PAUSE: "挂起",
    Verb.RESUME: "恢复办理",
    Verb.FINISH: "办结",
    Verb.FOLLOW_UP: "回访",
    Verb.REDO: "重办",
    Verb.ARCHIVE: "归档",
    Verb.VOID: "作废",
    Verb.TAKE: "认领",
    Verb.RELEASE: "放回",
    Verb.NOTE: "批注",
    Verb.ATTACH: "添加附件",
    Verb.PLACE: "定位",
    Verb.UNPLACE: "撤回定位",
    Verb.MERGE: "并单",
    Verb.ABSORB: "并来一件",
    Verb.UNMERGE: "撤销并单",
    Verb.SPLIT: "拆单",
}

_ROLES = {
    Role.DUTY: "值班员",
    Role.CALLER: "呼叫员",
    Role.RESPONDER: "承办人",
    Role.SUPERVISOR: "督导",
    Role.FOLLOWUP: "回访员",
    Role.ANALYST: "研判员",
    Role.WALL: "大屏",
    Role.INTAKE: "受理接入",
    Role.ADMIN: "管理员",
}

_DEEDS = {
    "load": "装入历史工单",
    "import": "批量导入",
    "update": "按来源系统更新",
    "move_to_archive": "移入档案库",
    "acknowledge_alarm": "确认告警",
    "shelve_alarm": "搁置告警",
    "rate": "转来诉求人的评价",
    "apply_exclusion": "申请剔除",
    "apply_appeal": "提出申诉",
    "review_exclusion": "审核剔除",
    "review_appeal": "审核申诉",
}
"""What the journal knows beyond the verbs of a person at a desk."""

_LAMPS = {
    Lamp.NORMAL: "正常",
    Lamp.SOON: "临期",
    Lamp.OVERDUE: "超期",
}


def tr(text: str) -> str:
    """`text` in the language of the screen (context "words")."""
    return QCoreApplication.translate("words", text)


def grade_word(grade: int) -> str:
    """红, 橙, 黄, 蓝 or 绿."""
    return tr(_GRADES[Grade(grade)])


def state_word(state: int) -> str:
    """待派单, 办理中 and so on."""
    return tr(_STATES[State(state)])


def role_word(role: Role) -> str:
    """值班员, 承办人 and so on."""
    return tr(_ROLES[role])


def verb_word(verb: str) -> str:
    """What a button for `verb` says."""
    return tr(_VERBS[Verb(verb)])


def deed_word(deed: str) -> str:
    """What the journal's other deeds are called; an unknown one keeps its name."""
    return tr(_DEEDS.get(deed, deed))


def system() -> str:
    """Who does what no person does: the timekeeper, a loader."""
    return QCoreApplication.translate("words", "系统")


def lamp_word(lamp: int) -> str:
    """正常, 临期 or 超期."""
    return tr(_LAMPS[Lamp(lamp)])


def hinted() -> str:
    """On a case that may be the same as another one."""
    return QCoreApplication.translate("words", "疑重")


def finished() -> str:
    """In place of a remaining time, when the unit has finished its part."""
    return QCoreApplication.translate("words", "已办结")
