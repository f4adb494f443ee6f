"""What each verb on a whistle or a party asks of the person: data for one form, `ui.whistles.form.DeedBox`."""

from collections.abc import Mapping
from dataclasses import dataclass

from ui.widgets.verb_spec import Ask, Field


@dataclass(frozen=True, slots=True)
class DeedSpec:
    """A verb's function in `commandcenter.services.whistles`, what it is done to, and its inputs in order.

    ``photo``: an image may be added. ``points``: names of fields from 0 to 100 before the others.
    """

    function: str
    of_party: bool
    fields: tuple[Field, ...] = ()
    photo: bool = False
    points: tuple[Field, ...] = ()


def _reason(label: str = "理由") -> Field:
    return Field("reason", Ask.TEXT, label)


SPECS: Mapping[str, DeedSpec] = {
    "approve": DeedSpec("approve", of_party=False),
    "decline": DeedSpec("decline", of_party=False, fields=(_reason("退回修改的理由"),)),
    "withdraw": DeedSpec("withdraw", of_party=False, fields=(_reason("撤回的理由"),)),
    "rule": DeedSpec(
        "rule",
        of_party=False,
        fields=(
            Field("lead_unit_id", Ask.UNIT, "主责单位"),
            Field("assist_ids", Ask.UNITS, "配合单位", optional=True),
            _reason("指定的理由"),
        ),
    ),
    "escalate": DeedSpec("escalate", of_party=False, fields=(_reason("升级的理由"),)),
    "meet": DeedSpec(
        "meet", of_party=False, fields=(Field("at", Ask.MOMENT, "会商时间"), Field("place", Ask.LINE, "会商地点"))
    ),
    "plan": DeedSpec("plan", of_party=False, fields=(Field("until", Ask.MOMENT, "计划办完"),)),
    "answer": DeedSpec("answer", of_party=True),
    "object": DeedSpec("object_to", of_party=True, fields=(_reason("异议的理由"),)),
    "rule_objection": DeedSpec(
        "rule_objection",
        of_party=True,
        fields=(
            Field("upheld", Ask.YES_NO, "异议成立"),
            _reason("裁定的理由"),
            Field("instead_unit_id", Ask.UNIT, "改由谁到场（异议成立时）", optional=True),
        ),
    ),
    "check_in": DeedSpec(
        "check_in",
        of_party=True,
        fields=(
            Field("came", Ask.LINE, "谁到了现场"),
            Field("place", Ask.LINE, "到达地点", optional=True),
        ),
        photo=True,
    ),
    "progress": DeedSpec("progress", of_party=True, fields=(Field("text", Ask.TEXT, "进展"),)),
    "stand_down": DeedSpec(
        "stand_down",
        of_party=True,
        fields=(Field("done", Ask.TEXT, "做了什么"), Field("met", Ask.YES_NO, "见到了当事人")),
    ),
    "confirm": DeedSpec("confirm", of_party=True),
    "send_back": DeedSpec("send_back", of_party=True, fields=(_reason("还差什么"),)),
    "score": DeedSpec(
        "score",
        of_party=True,
        fields=(
            Field("met", Ask.YES_NO, "见到了当事人"),
            Field("finished", Ask.YES_NO, "事情办结了"),
            Field("satisfied", Ask.YES_NO, "当事人满意（不清楚就不选）", optional=True),
            Field("words", Ask.TEXT, "评语", optional=True),
        ),
        points=(Field("speed", Ask.LINE, "速度分"), Field("quality", Ask.LINE, "质量分")),
    ),
    "answer_score": DeedSpec("answer_score", of_party=True, fields=(Field("text", Ask.TEXT, "对评分的回应"),)),
}
