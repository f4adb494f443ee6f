"""What the database says to the gateway (CC070 to CC076), translated into sentences for people."""

from collections.abc import Callable, Mapping
from typing import Final

from commandcenter.errors import NotVisible, PersonError, Refused, TooMany, UsedBefore

FIELD_WORDS: Final[Mapping[str, str]] = {"label": "名称", "hour_limit": "每小时件数"}
"""Fields that CC004 may name."""

SENTENCES: Final[Mapping[str, Callable[[str], PersonError]]] = {
    "CC070": lambda _: Refused("密钥不对，或已停用。", "请向中心的管理员索取新的密钥。"),
    "CC071": lambda detail: TooMany("提交得太频繁。", "请过一会儿再试，急事请拨打 12345。", seconds=int(detail)),
    "CC072": lambda _: UsedBefore("这件诉求已经评价过。", "如有变化，请在回访电话里告诉我们。"),
    "CC073": lambda _: UsedBefore("还没有办结，不能评价。", "办结后再来看看。"),
    "CC074": lambda _: UsedBefore("这次提交的标识已用于别的内容。", "请换一个标识再提交。"),
    "CC075": lambda _: NotVisible("没有找到这件诉求。", "请核对链接是否完整。"),
    "CC076": lambda _: NotVisible("没有这个密钥。", "请用 gateway key list 查看。"),
}
"""Code -> the error."""
