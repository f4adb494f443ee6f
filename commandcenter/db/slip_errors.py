"""What the database refuses of slips 三单 (sql/48_slips*.sql), in sentences for people; put together in db/errors.py."""

import json
from collections.abc import Callable

from commandcenter.errors import NotVisible, PersonError, Refused

_STATE_WORDS = ("草稿", "待会签", "待签收", "待回复", "待评定", "退回再复", "已办结", "不发", "作废")
_VERB_WORDS = {
    "draft": "起草三单", "edit": "修改", "sign": "签发", "dismiss": "决定不发", "receive": "签收", "reply": "回复",
    "judge": "评定", "void": "作废", "copy": "登记抄送",
}  # fmt: skip
_POST_WORDS = {"section_head": "科室负责人", "director": "中心主任", "leader": "市领导"}
FIELD_WORDS = {
    "subject": "事由", "wrong": "存在问题", "demand": "工作要求", "addressee": "主送", "reply": "回复内容", "plan": "整改方案",
    "verdict": "评定结论",
}  # fmt: skip
INVALID = {
    "reply_due_at": ("回复时限须晚于现在，也须晚于签收时限。", "请重新填写回复时限，或留空按规定时限。"),
    "recipient": ("这份单不抄送给该单位。", "请从列出的抄送单位中选择。"),
}
CHECKS = {
    "slips_urgency_check": ("紧急程度只能是一般、加急或特急。", "请改正后再提交。"),
    "slip_kinds_signers_check": ("签发人须是科室负责人、中心主任或市领导，至少一位。", "请改正后再提交。"),
    "slip_kinds_style_check": ("文号格式须依次含有 {word}、{year} 和 {serial}。", "请改正后再提交。"),
}


def _refused(detail: str) -> PersonError:
    facts = json.loads(detail)
    verb = _VERB_WORDS.get(facts["verb"], "这样做")
    if facts.get("state", -1) < 0:
        return Refused(f"您的岗位不能{verb}。", "如有需要，请联系系统管理员。")
    return Refused(f"这份单现为“{_STATE_WORDS[facts['state']]}”，您的岗位不能对它{verb}。", "请刷新后再看可用的操作。")


SENTENCES: dict[str, Callable[[str], PersonError]] = {
    "CC030": lambda _: NotVisible("没有找到这份单，或它不在您的管辖范围。", "它可能还没有签发，或已不发。"),
    "CC031": _refused,
    "CC033": lambda post: Refused(f"这一签须由{_POST_WORDS.get(post, post)}或其上级签发。", "请按顺序会签。"),
    "CC034": lambda _: Refused("这份单不是发给您单位的。", "请由主送单位签收和回复。"),
    "CC035": lambda _: Refused("您已经签过这份单。", "后面的签发须由另一人完成。"),
    "CC036": lambda recipient: Refused(f"给“{recipient}”的抄送已经登记过。", "请刷新后再看。"),
}
