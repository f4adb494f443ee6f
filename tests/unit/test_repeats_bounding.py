"""What a report may weigh at most is never less than what it weighs; and a case speaks as a whole in memory and in the database."""

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from commandcenter.intake.repeats.bounding import Bound, whole_of, worth
from commandcenter.intake.repeats.rarity import rarity_of
from commandcenter.intake.repeats.report import Report
from commandcenter.intake.repeats.rules import changed, default_rules
from commandcenter.intake.repeats.shelf import Shelf
from commandcenter.intake.repeats.weighing import weigh
from tests.unit.test_repeats_grouping import UNWANTED, WANTED

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
PARTS = (
    WANTED, UNWANTED, "碧海花园南门烧烤店油烟直排，窗户不敢开", "联丰路１２号楼３单元停水三天", "滨河苑小区路灯坏了半个月没人修",
    "A3区米兰春天G2栋320夜里施工噪声太大", "只问信息", "", "请有关部门尽快处理，谢谢领导", "Water leak 2026-03 WiFi ﾎﾃﾙ ㈱",
)  # fmt: skip


def made(rng: random.Random, number: int) -> Report:
    words = "".join(chr(0x4E00 + int(rng.paretovariate(0.6)) % 2000) for _ in range(rng.randrange(60)))
    point = rng.random() < 0.7
    return Report(
        str(number),
        START + timedelta(hours=rng.randrange(9000)),
        "".join(rng.sample((*PARTS, words), rng.randrange(1, 4))),
        rng.choice(PARTS)[: rng.randrange(20)],
        rng.choice(("", "噪声", "供水")),
        122.4 + rng.random() / 100 if point else None,
        37.1 + rng.random() / 200 if point else None,
        rng.choice(("", "x", "y")),
    )


@pytest.mark.parametrize("weights", [{}, {"citizen": 3, "names": [[0, 1], [1, -2]], "distance": [[0, -1], [500, 2]]}])
def test_no_report_weighs_more_than_its_bound_and_most_strangers_need_no_closer_look(
    weights: dict[str, object],
) -> None:
    rng = random.Random(7)
    rules = changed(default_rules(), weights)
    reports = [made(rng, number) for number in range(60)]
    shelf = Shelf(rules, rarity_of([report.text for report in reports], rules))
    for report in reports:
        shelf.add(shelf.see(report))
    spared = 0
    for report in reports:
        seen = shelf.see(report)
        bound = Bound(shelf, seen)
        weighed = weigh(shelf, seen, np.arange(len(reports)))
        for other, total in zip(reports, weighed.total.tolist(), strict=True):
            most = bound.of(
                other, whole_of(other), same_citizen=bool(report.citizen) and other.citizen == report.citizen
            )
            assert total <= most + 1e-6, (report, other)
            spared += most < worth(rules)
            assert total < worth(rules) or most >= worth(rules) - 1e-6
    assert spared > 400
