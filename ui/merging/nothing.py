"""Why a list is empty, in the middle of where it would be."""

from PySide6.QtCore import QCoreApplication

from ui.session import Session
from ui.widgets.calm import CalmState


def say_nothing(calm: CalmState, session: Session, *, read: bool, reading: str, none: str, advice: str = "") -> None:
    """Say `none` where it was `read`; else that there is no database to ask, or that it is being read."""
    if read:
        calm.say(none, advice)
    elif session.db is None:
        calm.say(QCoreApplication.translate("merge_nothing", "未连接数据库，暂时只能查看"))
    else:
        calm.say(reading)
