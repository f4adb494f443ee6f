"""Masking: shapes by example, and by law that nobody's number can be read any more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.domain.masking import mask_name, mask_phone, mask_text

digits = st.sampled_from("0123456789")
mobiles = st.builds(lambda head, rest: f"1{head}{''.join(rest)}", st.sampled_from("3456789"), st.tuples(*[digits] * 9))
prose = st.text(st.sampled_from("路灯不亮请尽快处理，。abc （）\n"), max_size=20)


@pytest.mark.parametrize(
    ("name", "shown"), [("王小明", "王*"), ("王", "王*"), (" 李四 ", "李*"), ("", ""), ("匿名", "匿名"), ("John", "J*")]
)
def test_names(name: str, shown: str) -> None:
    assert mask_name(name) == shown
    assert mask_name(name, confidential=True) == "保密"


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800001234", "138****1234"),
        ("+86 138-0000-1234", "138****1234"),
        ("１３８００００１２３４", "138****1234"),
        ("13800001234.0", "138****1234"),
        ("0631-7000012", "0631-7****12"),
        ("(010)60000123", "010-6****123"),
        ("06317000012-801", "0631-7****12"),
        ("0631-7000012转8", "0631-7****12"),
        ("138001****1234", "****"),  # masked by somebody else, who hid less
        ("7000012", "****"),  # without an area code too little would be hidden
        ("12345", "****"),
        ("13800001234 / 13900001234", "****"),
        ("不详", ""),
        ("", ""),
        ("保密", "保密"),
    ],
)
def test_phones(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown
    assert mask_phone(phone, confidential=True) == "保密"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("请回电13800001234，谢谢", "请回电138****1234，谢谢"),
        ("手机138 0000 1234或+86-139-0000-1234", "手机138 **** 1234或+86-139-****-1234"),
        ("座机0631-7000012。", "座机0631-7****12。"),
        ("联系电话：7000012", "联系电话：7****12"),
        ("身份证11010119900307123X办理", "身份证110101************办理"),
        ("１３８００００１２３４", "138****1234"),
        # what is not a person's number stays
        ("工单RC20261122-00412，网格371082001001001", "工单RC20261122-00412，网格371082001001001"),
        ("2026-09-30 17:30 金额12000元，车牌鲁K12345", "2026-09-30 17:30 金额12000元，车牌鲁K12345"),
        ("12345热线、110、12319", "12345热线、110、12319"),
    ],
)
def test_texts(text: str, shown: str) -> None:
    assert mask_text(text) == shown


@given(mobiles)
def test_a_masked_mobile_hides_exactly_the_middle(phone: str) -> None:
    shown = mask_phone(phone)
    assert (shown[:3], shown[3:7], shown[7:]) == (phone[:3], "****", phone[7:])


@given(prose, mobiles, prose)
def test_no_mobile_survives_in_a_text(before: str, phone: str, after: str) -> None:
    shown = mask_text(before + phone + after)
    assert phone not in shown
    assert shown == before + mask_phone(phone) + after


@given(prose, st.dates(), st.tuples(*[digits] * 3), st.sampled_from("0123456789X"), prose)
def test_no_identity_card_survives_in_a_text(
    before: str, born: object, serial: tuple[str, ...], check: str, after: str
) -> None:
    birth = f"19{str(born).replace('-', '')[-6:]}"
    card = f"110101{birth}{''.join(serial)}{check}"
    assert mask_text(before + card + after) == f"{before}110101{'*' * 12}{after}"


@given(st.text(st.sampled_from("0123456789１２-+ ()*电话：Xx汉字.\n"), max_size=60))
def test_masking_twice_is_masking_once_and_keeps_the_length(text: str) -> None:
    once = mask_text(text)
    assert mask_text(once) == once
    assert len(once) == len(text)
    assert mask_phone(mask_phone(text)) == mask_phone(text)
    assert mask_name(mask_name(text)) == mask_name(text)


@given(st.text(max_size=40))
def test_a_masked_phone_shows_eight_digits_at_most(phone: str) -> None:
    assert sum(character.isdigit() for character in mask_phone(phone)) <= 8
