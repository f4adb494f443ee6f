"""What the database refuses of placing 定位 (sql/41_place.sql), in sentences for people; put together in db/errors.py."""

from collections.abc import Callable

from commandcenter.errors import PersonError, Refused

VERB_WORDS = {"place": "定位", "unplace": "撤回定位"}
INVALID = {
    "area:county": ("只写到全市不算定位。", "请选到镇街、社区或网格。"),
}
_NOT_BACK = {
    "missing": ("没有找到这次定位。", "请刷新后再看；位置不对的，可以重新定位。"),
    "undone": ("这次定位已经撤回过。", "请刷新后再看。"),
    "moved": ("这件工单的位置之后又有变动，不能撤回这一次。", "位置不对的，请重新定位。"),
    "dispatch": ("定位之后已按这个位置派单，不能撤回。", "位置不对的，请重新定位；单位不对的，请改派。"),
    "reassign": ("定位之后已按这个位置改派，不能撤回。", "位置不对的，请重新定位；单位不对的，请再改派。"),
    "review_return": ("定位之后已按这个位置改派，不能撤回。", "位置不对的，请重新定位；单位不对的，请再改派。"),
    "blow": ("定位之后已按这个位置吹哨，不能撤回。", "位置不对的，请重新定位。"),
}


def _elsewhere(detail: str) -> PersonError:
    metres, name = detail.split(":", 1)
    off = f"{metres} 米" if int(metres) < 1000 else f"{round(int(metres) / 1000, 1):g} 公里"
    return PersonError(
        f"这一点在“{name}”之外约 {off}。", "请重新点图，或改选这一点所在的区域；坐标拿不准的，可以只选区域。"
    )


SENTENCES: dict[str, Callable[[str], PersonError]] = {
    "CC097": _elsewhere,
    "CC098": lambda detail: Refused(*_NOT_BACK.get(detail, _NOT_BACK["missing"])),
}
