"""What the database refuses of merging 并单 (sql/43_merging*.sql), in sentences for people; put together in db/errors.py."""

from collections.abc import Callable

from commandcenter.errors import NotVisible, PersonError, Refused

VERB_WORDS = {
    "merge": "并单", "absorb": "并单", "unmerge": "撤销并单", "split": "拆单", "relate": "关联工单", "theme": "管理聚合主题",
    "dismiss_hint": "排除疑似重复，或把它撤回",
}  # fmt: skip
FIELD_WORDS = {"title": "主题名称", "cause": "并单缘由"}
CHECKS = {
    "themes_title_check": ("主题名称须有 1 到 60 个字。", "请改正后再提交。"),
    "repeat_hints_verdict_check": ("没有这种判断。", "请把程序和数据库升级到同一版本。"),
}
_OVER = {"6": "待回访", "7": "已归档", "9": "已作废"}


def _not_mergeable(detail: str) -> PersonError:
    kind, number, other = detail.split(":", 2)
    if kind == "merged":
        return Refused(f"工单 {number} 已并入 {other}。", f"请对 {other} 操作，或先撤销那次并单。")
    return Refused(
        f"工单 {number} 现为“{_OVER.get(other, '已结束')}”，不能并单。", "只有还没有办结的工单可以并单；可改为“关联”。"
    )


def _wrong_way(detail: str) -> PersonError:
    kept, source = detail.split(":", 1)
    return Refused(f"工单 {source} 办理在先，不能并入 {kept}。", f"请反过来，把 {kept} 并入 {source}。")


_MACHINE = {
    "off": ("自动并单没有开启。", "可在“管理→设置”中开启。"),
    "refused": ("这两件已由人认定不是同一件事，系统不再并单。", "确是同一件的，请由人并单。"),
}
_THEME = {
    "missing": ("没有这个主题。", "请刷新后再看。"),
    "closed": ("这个主题已经结束。", "可以另开一个。"),
    "title": ("已有同名的主题。", "请换一个名称，或加入原有的主题。"),
}

SENTENCES: dict[str, Callable[[str], PersonError]] = {
    "CC080": _not_mergeable,
    "CC081": _wrong_way,
    "CC082": lambda _: PersonError("一件工单不能与它自己并单或关联。", "请选另一件。"),
    "CC083": lambda detail: Refused(f"两件工单各有在办的哨（{detail}），不能并单。", "请先撤哨或销哨其中一个。"),
    "CC084": lambda _: NotVisible("没有找到这条并单或关联，或它不在您的管辖范围。", "请刷新后再看。"),
    "CC085": lambda _: Refused("这条并单或关联已经撤销过。", "请刷新后再看。"),
    "CC086": lambda _: Refused("工单已移入档案，这次并单不能再撤销。", "可另行受理一件，并注明原工单编号。"),
    "CC087": lambda _: Refused("这件工单只有这一条诉求，不能拆分。", "拆分后原工单至少要留一条诉求。"),
    "CC088": lambda detail: Refused(*_MACHINE.get(detail, _MACHINE["refused"])),
    "CC099": lambda _: Refused("这一对没有被排除，或已经撤回。", "请刷新后再看。"),
    "CC089": lambda detail: Refused(*_THEME.get(detail, _THEME["missing"])),
}
