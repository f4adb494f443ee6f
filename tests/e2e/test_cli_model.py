"""Models by command: trained on the centre's own archive, listed, put into use, and refused in one sentence."""

from pathlib import Path

from tests.db.county import CATEGORY, COMMUNITY_A
from tests.e2e.command_line import CommandLine
from tests.e2e.county_database import Database, run

CASES = """
    select cc.register(1, said, '', '求助', $1, 4::smallint, $2, null, null, '', '', '', '', '', false, gen_random_uuid())
    from unnest($3::text[]) said
"""


def test_a_model_is_trained_listed_and_used(county: Database, tmp_path: Path) -> None:
    admin = CommandLine(tmp_path / "data", county.url("admin"))
    run(county.fetch("insert into cc.categories (id, name, path_name) values (601, '道路', '道路')"))
    for category, words in ((CATEGORY, "燃气漏气味道重"), (601, "路面破损有大坑")):
        run(county.fetch(CASES, category, COMMUNITY_A, [f"{words}，{place}" for place in "甲乙丙丁戊己"]))
    made = admin.json("model", "train")
    assert (made["version"], made["active"], made["training"]["samples"], made["before"]) == (1, True, 12, None)
    assert made["figures"]["macro_f1"] == 1.0  # two matters without a word in common
    listed = admin.ok("model", "list", "--kind", "category")
    assert "* 分类 第 1 版" in listed
    assert "人工纠正共 0 次" in listed
    assert "没有第 7 版" in admin.refused("model", "use", 7)
    assert "您的岗位" in CommandLine(tmp_path / "data", county.url("duty")).refused("model", "use", 1)
