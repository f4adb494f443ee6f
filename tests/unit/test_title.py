"""Titles say what it is about, not who said it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.intake.title import LONGEST, title_of


@pytest.mark.parametrize(
    ("content", "name", "title"),
    [
        ("小区停水三天了。请尽快处理。", "", "小区停水三天了"),
        ("我叫张三丰，家住海边。路灯坏了", "", "我叫张*，家住海边"),
        ("张三丰反映楼道堆物", "张三丰", "张*反映楼道堆物"),
        ("王女士来电，电话13812345678，反映噪音", "", "*女士来电，电话138****5678，反映噪音"),
        ("\x07\n\t路灯\x00不亮\n第二行", "", "路灯 不亮"),
        ("。。。", "", "。。。"),
        ("\n\n", "", "（无标题）"),
    ],
)
def test_examples(content: str, name: str, title: str) -> None:
    assert title_of(content, name) == title


def test_a_given_title_is_kept_and_cleaned() -> None:
    assert title_of("内容", given="路面\n塌陷 13812345678") == "路面 塌陷 138****5678"


@given(st.text(), st.text(max_size=4))
def test_always_one_short_line(content: str, name: str) -> None:
    title = title_of(content, name)
    assert 1 <= len(title) <= LONGEST
    assert title.isprintable() or not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in title)
