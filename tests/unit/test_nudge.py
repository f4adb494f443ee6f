"""What officers put right counts at once, for texts of the same family and for no other."""

from commandcenter.intake.category.nudge import Nudge

SAID = "学府小区三号楼暖气不热，请尽快处理"


def test_the_same_words_and_nearly_the_same_are_one_family() -> None:
    nudge = Nudge.of([(SAID, "供热")])
    assert nudge.find(SAID) == ("供热", 1.0)
    found = nudge.find("学府小区五号楼暖气不热，请处理")
    assert found is not None
    assert found[0] == "供热"
    # five pairs of seven in common on both sides: 10 of 14
    assert Nudge.of([("甲乙丙丁戊己庚辛", "一")]).find("甲乙丙丁戊己天地") == ("一", 10 / 14)
    # three of seven: 6 of 14 is less than 0.6
    assert Nudge.of([("甲乙丙丁戊己庚辛", "一")]).find("甲乙丙丁天地玄黄") is None


def test_the_likest_wins_and_of_equals_the_newest() -> None:
    assert Nudge.of([(SAID, "新"), (SAID, "旧")]).find(SAID) == ("新", 1.0)
    assert Nudge.of([(SAID + "，谢谢各位领导", "远"), (SAID, "近")]).find(SAID) == ("近", 1.0)


def test_nothing_is_said_of_nothing() -> None:
    assert Nudge.of([]).find(SAID) is None
    assert Nudge.of([("", "空"), ("。", "空")]).find(SAID) is None
    assert Nudge.of([(SAID, "供热")]).find("") is None
