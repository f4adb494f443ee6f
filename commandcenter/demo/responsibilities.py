"""The responsibility list (事项清单): per matter who leads, who assists, and on which ground (荣成, 平阴 [S])."""

from dataclasses import dataclass

from commandcenter.demo.categories import Matter
from commandcenter.demo.resources import table
from commandcenter.demo.units import TOWN, Unit

GROUNDS = ("法定", "商定", "指定")


@dataclass(frozen=True, slots=True)
class Responsibility:
    """One item. `lead_unit_id` is None where the town in which it happens leads (lead_unit_kind 'town')."""

    id: int
    code: str
    field: str
    matter: str
    category_id: int
    lead_unit_kind: str
    lead_unit_id: int | None
    assist_unit_ids: tuple[int, ...]
    assist_town: bool
    """The town in which it happens assists too."""
    ground: str


def responsibilities(matters: tuple[Matter, ...], units: tuple[Unit, ...]) -> tuple[Responsibility, ...]:
    """All items, coded 'field-number' ('04-07'). Raises KeyError where the data names an unknown unit or category."""
    category = {f"{matter.group}/{matter.name}": matter.category_id for matter in matters}
    unit = {each.short_name: each for each in units if each.kind in {"department", "utility"}}
    fields: dict[str, int] = {}
    found = []
    for number, row in enumerate(table("responsibilities.csv"), 1):
        fields[row["field"]] = fields.get(row["field"], 0) + 1
        lead = None if row["lead"] == TOWN else unit[row["lead"]]
        assist = row["assist"].split(";")
        found.append(
            Responsibility(
                id=number,
                code=f"{list(fields).index(row['field']) + 1:02d}-{fields[row['field']]:02d}",
                field=row["field"],
                matter=row["matter"],
                category_id=category[row["category"]],
                lead_unit_kind=lead.kind if lead else "town",
                lead_unit_id=lead.id if lead else None,
                assist_unit_ids=tuple(unit[name].id for name in assist if name != TOWN),
                assist_town=TOWN in assist,
                ground=row["ground"],
            )
        )
    return tuple(found)
