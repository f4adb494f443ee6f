"""What the database says of models and of answers on the spot (CC090 to CC093), in sentences for people."""

import json
from collections.abc import Callable, Mapping
from typing import Final

from commandcenter.errors import NotVisible, PersonError, Refused

VERB_WORDS: Final[Mapping[str, str]] = {"answer_now": "直办", "model": "训练和启用模型"}
FIELD_WORDS: Final[Mapping[str, str]] = {"answer": "答复内容"}
"""Fields that CC004 may name."""
CHECKS: Final[Mapping[str, tuple[str, str]]] = {
    "answers_question_check": ("问题须在 200 字以内，且不能为空。", "请改正后再提交。"),
    "answers_answer_check": ("答复须在 4000 字以内，且不能为空。", "请改正后再提交。"),
    "templates_name_check": ("名称须在 40 字以内，且不能为空。", "请改正后再提交。"),
    "templates_words_check": ("内容须在 4000 字以内，且不能为空。", "请改正后再提交。"),
}
_NOT_ANSWERED = {
    "unhappy": ("未解决或不满意的不能直办。", "请按平常登记，定级派单，由承办单位答复。"),
    "grade": ("这样急的诉求不能直办。", "请登记后立即派单。"),
    "kind": ("这类诉求不能直办。", "直办用于当场能答复的咨询等；请按平常登记派单。"),
    "several": ("这件工单有几位诉求人，不能直办。", "请派单办理，逐一回访。"),
}


def _worse(detail: str) -> PersonError:
    told = json.loads(detail)
    used = f"在用的第 {told['used']} 版" if told["used"] else "未训练时（按名称和关键词）"
    return Refused(
        f"第 {told['version']} 版的宏平均 F1 为 {_share(told['f1'])}，低于{used}的 {_share(told['used_f1'])}，没有启用。",
        "确要换用的，请选“仍要启用”；命令行加 --despite。",
    )


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


SENTENCES: Final[Mapping[str, Callable[[str], PersonError]]] = {
    "CC090": lambda why: Refused(*_NOT_ANSWERED[why]),
    "CC091": lambda _: NotVisible("没有这个版本的模型。", "请刷新后再看。"),
    "CC092": _worse,
    "CC093": lambda _: PersonError("模型是空的，或超过 128 MB。", "请减少参数“model_samples”后重新训练。"),
}
"""Code -> the error."""
