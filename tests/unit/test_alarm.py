"""Alarms by their rules (ISA-18.2, EEMUA 191): told once, silent when acknowledged, back when the shelf time is over."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from commandcenter.domain.alarm import (
    Alarm,
    Kind,
    Mark,
    Priority,
    Standing,
    Watch,
    lines,
    order,
    standing,
)

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
DUE = int(NOW.timestamp()) - 300
MINUTE = timedelta(minutes=1)


def alarm(thing: int, kind: Kind = Kind.OVERDUE, due: int = DUE, priority: Priority = Priority.MEDIUM) -> Alarm:
    return Alarm(priority, due, kind, thing, thing, thing)


def acknowledged(which: Alarm, at: datetime = NOW) -> dict[str, Mark]:
    return {which.key: Mark(which.key, None, "", at, "于晓")}


def shelved(which: Alarm, until: datetime, at: datetime = NOW) -> dict[str, Mark]:
    return {which.key: Mark(which.key, until, "等设备", at, "于晓")}


def looked() -> Watch:
    watch = Watch()
    watch.see([], {}, NOW)
    return watch


def test_a_key_is_what_the_table_takes() -> None:
    assert alarm(123, Kind.UNSIGNED, 1764000000).key == "unsigned:123:1764000000"


def test_a_desk_does_not_shout_what_stands_there_already() -> None:
    watch = Watch()
    assert watch.see([alarm(1)], {}, NOW) == []
    assert watch.see([alarm(1)], {}, NOW + MINUTE) == []
    assert watch.see([alarm(1), alarm(2)], {}, NOW + MINUTE) == [alarm(2)]


def test_an_alarm_is_told_once_even_when_it_comes_and_goes() -> None:
    watch = looked()
    assert watch.see([alarm(1)], {}, NOW) == [alarm(1)]
    assert watch.see([], {}, NOW + MINUTE) == []
    assert watch.see([alarm(1)], {}, NOW + 2 * MINUTE) == []


@given(st.lists(st.integers(0, 100_000), max_size=30))
def test_an_acknowledged_alarm_never_sounds_again_until_its_key_changes(seconds: list[int]) -> None:
    watch = looked()
    first = alarm(1)
    watch.see([first], {}, NOW)
    marks = acknowledged(first)
    for after in sorted(seconds):
        assert watch.see([first], marks, NOW + timedelta(seconds=after)) == []
    other = alarm(1, due=DUE + 60)
    assert watch.see([other], marks, NOW + timedelta(days=2)) == [other], "a new deadline is a new alarm"


@given(st.integers(1, 240), st.lists(st.integers(0, 500), min_size=1, max_size=40))
def test_a_shelved_alarm_is_back_once_when_its_time_is_over(minutes: int, looks: list[int]) -> None:
    watch = looked()
    first = alarm(1)
    watch.see([first], {}, NOW)
    marks = shelved(first, NOW + minutes * MINUTE)
    told = [after for after in sorted(looks) if watch.see([first], marks, NOW + after * MINUTE)]
    back = [after for after in sorted(looks) if after >= minutes]
    assert told == back[:1]


def test_how_a_mark_makes_it_stand() -> None:
    first = alarm(1)
    assert standing(None, NOW) is Standing.WAITING
    assert standing(acknowledged(first)[first.key], NOW + timedelta(days=400)) is Standing.ACKNOWLEDGED
    mark = shelved(first, NOW + MINUTE)[first.key]
    assert standing(mark, NOW) is Standing.SHELVED
    assert standing(mark, NOW + MINUTE) is Standing.WAITING


ALARMS = st.lists(
    st.builds(
        alarm,
        st.integers(1, 30),
        st.sampled_from(Kind),
        st.integers(DUE - 5000, DUE),
        st.sampled_from(Priority),
    ),
    unique_by=lambda each: each.key,
    max_size=60,
)


@given(ALARMS, st.sets(st.sampled_from(Kind)))
def test_in_a_flood_every_alarm_is_in_one_line_of_its_kind(alarms: list[Alarm], opened: set[Kind]) -> None:
    found = lines(alarms, {}, NOW, grouped=True)
    assert sorted(each for line in found for each in line.alarms) == sorted(alarms)
    kinds = [line.first.kind for line in found]
    assert len(kinds) == len(set(kinds)) == len({each.kind for each in alarms})
    more = lines(alarms, {}, NOW, grouped=True, opened=frozenset(opened))
    single = [line.first for line in more if len(line.alarms) == 1]
    several = {kind for kind in Kind if sum(each.kind == kind for each in alarms) > 1}
    expected = [each for each in alarms if each.kind in opened or each.kind not in several]
    assert sorted(single) == sorted(expected)


@given(ALARMS)
def test_the_most_urgent_stand_first_and_nothing_is_lost(alarms: list[Alarm]) -> None:
    found = order(alarms)
    assert sorted(found) == sorted(alarms)
    for one, next_one in pairwise(found):
        assert (one.priority, -one.due) <= (next_one.priority, -next_one.due)


def test_what_is_handled_is_shown_when_asked_for() -> None:
    one, two, three = alarm(1), alarm(2), alarm(3)
    marks = acknowledged(one) | shelved(two, NOW + MINUTE)
    assert [line.first for line in lines([one, two, three], marks, NOW)] == [three]
    shown = lines([one, two, three], marks, NOW, with_handled=True)
    assert [(line.first, line.standing) for line in shown] == [
        (three, Standing.WAITING),
        (two, Standing.SHELVED),
        (one, Standing.ACKNOWLEDGED),
    ]


def test_the_rate_is_that_of_ten_minutes_and_of_an_hour() -> None:
    watch = looked()
    for number in range(12):
        watch.see([alarm(each) for each in range(number + 1)], {}, NOW + number * 5 * MINUTE)
    last = NOW + 55 * MINUTE
    rate = watch.rate(last)
    assert rate.new == 2, "those of 50 and 55 minutes; the one ten minutes ago is no longer of the last ten"
    assert rate.usual == 2.0, "twelve in an hour"
    assert not rate.floods(2)
    assert rate.floods(1)
