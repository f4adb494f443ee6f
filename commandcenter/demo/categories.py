"""The demo's category tree and, for each leaf, how such matters arise: how often, how urgent, when, where, whose."""

import re
from dataclasses import dataclass
from typing import Any

from commandcenter.demo.resources import tree

KINDS = ("咨询", "求助", "投诉", "举报", "建议", "表扬", "其他")
GRADES = "红橙黄蓝绿"


@dataclass(frozen=True, slots=True)
class Category:
    """A node of the tree; ids 1… for the first level, 101… for the second, 1001… for leaves."""

    id: int
    parent_id: int | None
    name: str
    path_name: str
    default_grade: int | None
    """Usual grade (0 red … 4 green) of a leaf, None above."""
    keywords: tuple[str, ...] = ()
    """What people call it."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What a leaf category's cases are like. Texts have slots in braces, see the data file."""

    category_id: int
    name: str
    group: str
    weight: float
    grades: tuple[float, ...]
    kinds: tuple[float, ...]
    lead: str
    """A unit's short name, or 镇街."""
    season: str
    hours: str
    setting: str
    """城 urban, 村 rural, 海 coastal, 全 anywhere."""
    spot: str
    """What kind of place: 楼 路 村 (built from roads, estates, villages) or one of the named kinds, 店 餐 厂 校 …."""
    durations: str
    titles: tuple[str, ...]
    problems: tuple[str, ...]
    effects: tuple[str, ...]
    demands: tuple[str, ...]


def categories() -> tuple[tuple[Category, ...], tuple[Matter, ...]]:
    """The tree, parents before children, and one `Matter` per leaf in the leaves' order."""
    groups: list[dict[str, Any]] = tree("categories.toml")["group"]
    tops = list(dict.fromkeys(group["top"] for group in groups))
    nodes = [Category(number, None, name, name, None) for number, name in enumerate(tops, 1)]
    leaves: list[Category] = []
    matters: list[Matter] = []
    for number, group in enumerate(groups, 101):
        path = f"{group['top']} › {group['name']}"
        nodes.append(Category(number, tops.index(group["top"]) + 1, group["name"], path, None))
        total = sum(leaf[1] for leaf in group["leaves"])
        for name, weight, grades, titles, problems in group["leaves"]:
            matter = Matter(
                category_id=1001 + len(leaves),
                name=name,
                group=group["name"],
                weight=group["share"] * weight / total,
                grades=_mix(grades, tuple(GRADES)),
                kinds=_mix(group["kinds"], KINDS),
                lead=group["lead"],
                season=group.get("season", "平"),
                hours=group.get("hours", "白天"),
                setting=group["setting"],
                spot=group["spot"],
                durations=group.get("durations", "short"),
                titles=tuple(titles.split("|")),
                problems=tuple(problems.split("|")),
                effects=tuple(group["effects"]),
                demands=tuple(group["demands"]),
            )
            usual = matter.grades.index(max(matter.grades))
            leaves.append(Category(matter.category_id, number, name, f"{path} › {name}", usual, matter.titles))
            matters.append(matter)
    return (*nodes, *leaves), tuple(matters)


def _mix(text: str, names: tuple[str, ...]) -> tuple[float, ...]:
    """'投诉6 求助3' as shares in the order of `names`."""
    parts = {name: float(amount) for name, amount in re.findall(r"([^\d\s]+)(\d+)", text)}
    if unknown := parts.keys() - set(names):
        raise ValueError(f"unknown names {sorted(unknown)} in {text!r}")
    return tuple(parts.get(name, 0.0) / sum(parts.values()) for name in names)
