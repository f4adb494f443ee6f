"""What a whistle's page decides without a database: which item is proposed, whom it calls, and the lines on the map."""

from dataclasses import asdict, fields, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from commandcenter.domain.case import Grade
from commandcenter.domain.whistle import Level, LevelRule, Party, PartyState, Whistle, WhistleState
from commandcenter.services.reference import Category, DutyItem, Reference, Unit
from tests.ui.desk_county import NOW, reference
from ui.map.lines import whistle_lines
from ui.map.points import Origin
from ui.theme.tokens import DAY
from ui.whistles.facts import missing_first, missing_words, whistle_clock
from ui.whistles.matters import called_units, in_force, ranked, suggested
from ui.whistles.words import limits_words, minutes_words

UTILITY, BUREAU, TOWN_UNIT = 11, 12, 50


def item(number: int, category: int | None, lead: int | None = UTILITY, *, to: date | None = None) -> DutyItem:
    return DutyItem(
        number, f"{number}", "燃气", f"事项{number}", category, lead, (BUREAU,), "法定", date(2026, 1, 1), to
    )


@pytest.fixture
def county() -> Reference:
    """燃气 lies under 公用事业; item 3 is over, item 2 is of the branch above."""
    made = reference()
    units = dict(made.units)
    units[TOWN_UNIT] = Unit(TOWN_UNIT, 1, "town", "崖头街道办事处", "崖头", "01.01.", 1, 1, 1, True)
    units[UTILITY] = replace(units[UTILITY], parent_id=1)
    categories = {
        1: Category(1, 2, "燃气", "城乡建设 › 公用事业 › 燃气", Grade.RED),
        2: Category(2, None, "公用事业", "城乡建设 › 公用事业", Grade.BLUE),
        3: Category(3, None, "路灯", "城乡建设 › 路灯", Grade.GREEN),
    }
    items = (item(9, 3), item(2, 2), item(1, 1), item(3, 1, to=date(2026, 6, 30)), item(4, None, None))
    return replace(made, units=units, categories=categories, duty_list=items)


def party(number: int, unit: int, state: PartyState, due: timedelta) -> Party:
    return Party(
        number, 1, 1, 1, unit, "assist", "法定", state, NOW, NOW + due, NOW + due, NOW + due,
        ruling_due_at=NOW + due if state is PartyState.OBJECTED else None,
        checked_in_at=NOW if state >= PartyState.CHECKED_IN else None,
    )  # fmt: skip


def whistle(*parties: Party, state: WhistleState = WhistleState.OPEN) -> Whistle:
    facts: dict[str, object] = dict.fromkeys(field.name for field in fields(Whistle))
    facts |= {
        "id": 1,
        "state": state,
        "level": Level.KEY,
        "caller_unit_id": 1,
        "blown_at": NOW,
        "lon": 122.4,
        "lat": 37.1,
    }
    facts |= {"rule_due_at": NOW + timedelta(hours=2), "parties": parties, "rounds": (), "scores": ()}
    return Whistle(**facts)  # type: ignore[arg-type]


def test_the_item_of_the_category_comes_first_then_of_those_above_it(county: Reference) -> None:
    assert [each.id for each in ranked(county, 1, NOW)][:2] == [1, 2]
    assert suggested(county, 1, NOW) == county.duty_list[2]
    assert suggested(replace(county, duty_list=county.duty_list[:2]), 1, NOW) == county.duty_list[1]
    assert suggested(county, None, NOW) is None


def test_what_is_over_is_no_choice(county: Reference) -> None:
    assert 3 not in [each.id for each in in_force(county, NOW)]
    assert 3 in [each.id for each in in_force(county, datetime(2026, 6, 30, 15, 59, tzinfo=UTC))]  # 23:59 in Shanghai


def test_without_a_lead_of_its_own_the_places_town_leads(county: Reference) -> None:
    assert called_units(county, county.duty_list[4], 1) == (TOWN_UNIT, (BUREAU,))
    assert called_units(county, county.duty_list[4], None) == (None, (BUREAU,))


def test_who_is_missing_comes_first_and_is_counted() -> None:
    there = party(1, UTILITY, PartyState.CHECKED_IN, timedelta(minutes=1))
    late = party(2, BUREAU, PartyState.CALLED, timedelta(minutes=30))
    soon = party(3, TOWN_UNIT, PartyState.ANSWERED, timedelta(minutes=5))
    freed = party(4, 13, PartyState.RELEASED, timedelta(minutes=1))
    blown = whistle(freed, there, late, soon)
    assert [each.id for each in missing_first(blown, NOW)] == [3, 2, 1, 4]
    assert missing_words(blown) == "缺 2/3"
    assert missing_words(whistle(there)) == "已到齐"


def test_the_ruling_has_a_clock_of_its_own(county: Reference) -> None:
    clock = whistle_clock(whistle(state=WhistleState.TO_RULE), county, NOW + timedelta(minutes=30))
    assert clock.text == "指定 剩 1时30分"


def test_limits_are_said_in_words() -> None:
    assert [minutes_words(each) for each in (30, 90, 240, 1440)] == ["30分钟", "90分钟", "4小时", "1天"]
    rule = LevelRule(Level.ASSAULT, "攻坚哨", "会议", "town", ("town",), 30, 240, 15, 30, "plan", 30, 7)
    assert limits_words(rule, danger=False) == "30分钟内应哨，4小时内报到，按计划办完，最长30天，每7天报一次进展"
    assert limits_words(rule, danger=True).startswith("15分钟内应哨，30分钟内报到")


def test_a_line_leads_from_the_seat_to_the_place_or_the_check_in(county: Reference) -> None:
    arrived = replace(party(1, TOWN_UNIT, PartyState.CHECKED_IN, timedelta(hours=1)), lon=122.5, lat=37.2)
    overdue = party(2, TOWN_UNIT, PartyState.CALLED, timedelta(minutes=-1))
    seatless = party(3, BUREAU, PartyState.CALLED, timedelta(hours=1))
    freed = party(4, TOWN_UNIT, PartyState.RELEASED, timedelta(hours=1))
    lines = whistle_lines([whistle(arrived, overdue, seatless, freed)], county, NOW)
    assert [(line.start, line.end, line.there, line.late) for line in lines] == [
        ((122.4, 37.1), (122.5, 37.2), True, False),
        ((122.4, 37.1), (122.4, 37.1), False, True),
    ]
    assert whistle_lines([whistle(arrived, state=WhistleState.TO_SCORE)], county, NOW) == []


def test_a_late_one_has_the_alarms_colour(county: Reference) -> None:
    [line] = whistle_lines([whistle(party(1, TOWN_UNIT, PartyState.CALLED, timedelta(minutes=-1)))], county, NOW)
    sent = line.as_json(Origin(122.4, 37.1), asdict(DAY))
    assert sent["colour"] == DAY.lamp_overdue
    assert abs(sent["x1"]) < 1
    assert abs(sent["y2"]) < 1
