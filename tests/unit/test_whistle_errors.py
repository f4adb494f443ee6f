"""Every refusal of the whistles' functions, by its code and detail as sql/47_*.sql raises it, is a sentence with an advice."""

import re

import pytest

from commandcenter.db.schema import SQL
from commandcenter.db.whistle_errors import SENTENCES
from commandcenter.errors import NotVisible, PersonError, Refused

CASES: tuple[tuple[str, str, type[PersonError], str], ...] = (
    ("CC020", "", NotVisible, "没有找到这个哨"),
    ("CC021", '{"entity": "whistle", "verb": "blow", "state": -1}', Refused, "您的岗位不能吹哨"),
    (
        "CC021",
        '{"entity": "whistle", "verb": "plan", "state": 6}',
        Refused,
        "这个哨现为“已归档”，您的岗位不能定办结计划",
    ),
    (
        "CC021",
        '{"entity": "party", "verb": "score", "state": 7}',
        Refused,
        "这个单位的应哨现为“免到”，您的岗位不能评哨",
    ),
    ("CC021", '{"entity": "party", "verb": "missed", "state": 0}', Refused, "您的岗位不能这样做"),
    ("CC022", "caller", Refused, "只有吹哨的单位"),
    ("CC022", "party", Refused, "只有被吹哨的单位"),
    ("CC022", "approver", Refused, "镇街负责人审签"),
    ("CC022", "own_score", Refused, "不能给自己"),
    ("CC023", "item:7", PersonError, "“7”今天不在有效期内"),
    ("CC023", "item:", PersonError, "事项清单中的事项今天不在有效期内"),
    ("CC023", "town:", PersonError, "不属于任何镇街"),
    ("CC023", "closed:甲局", PersonError, "单位“甲局”不存在或已停用"),
    ("CC023", "twice:甲局", PersonError, "单位“甲局”已在这个哨里"),
    ("CC024", "caller", Refused, "您的单位不能吹这一级的哨"),
    ("CC024", "plan", Refused, "不定办结计划"),
    ("CC024", "top", Refused, "已是最高一级"),
    ("CC025", "live:RC1-S1", Refused, "已有进行中的哨 RC1-S1"),
    *(
        ("CC025", f"state:{state}", Refused, f"工单现为“{word}”")
        for state, word in ((5, "已挂起"), (6, "待回访"), (7, "已归档"), (8, "已并入"), (9, "已作废"))
    ),
    ("CC026", "finish:RC1-S1", Refused, "哨 RC1-S1 的单位还没有全部申请销哨"),
    ("CC026", "pending:RC1-S1", Refused, "哨 RC1-S1 还在等审签或指定"),
    ("CC026", "archive:RC1-S1", Refused, "哨 RC1-S1 还没有确认销哨"),
    ("CC026", "void:RC1-S1", Refused, "哨 RC1-S1 正在进行"),
    ("CC026", "send_back:", Refused, "工单已经办结"),
    ("CC027", "ruled", Refused, "异议已经裁定"),
    ("CC027", "answered", Refused, "已经说明过一次"),
)


@pytest.mark.parametrize(("code", "detail", "kind", "words"), CASES)
def test_a_refusal_is_a_sentence(code: str, detail: str, kind: type[PersonError], words: str) -> None:
    said = SENTENCES[code](detail)
    assert type(said) is kind
    assert words in said.sentence
    assert said.sentence.endswith("。")
    assert said.advice.endswith("。")


def test_no_code_that_the_database_raises_is_left_out() -> None:
    raised = {
        code
        for file in SQL.glob("47_whistle*.sql")
        for code in re.findall(r"'(CC02\d)'", file.read_text(encoding="utf-8"))
    }
    assert raised == set(SENTENCES) == {code for code, *_ in CASES}
