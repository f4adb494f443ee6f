from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.intake.moment import SHANGHAI, at_clock, read_clock, read_moment
from commandcenter.intake.value import Cell

NINE_FIVE = datetime(2024, 3, 8, 1, 5, tzinfo=UTC)  # 9:05 in Shanghai
MIDNIGHT = datetime(2024, 3, 7, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2024/3/8 9:05",
        "2024-03-08 09:05:00",
        "2024-03-08T09:05:00+08:00",
        "2024-03-08T01:05:00Z",
        "2024-03-08 09:05:00.000",
        "2024-03-08T09:05:00.000",
        "2024年3月8日 9时5分",
        "2024年03月08日09时05分00秒",
        "2024年3月8日 上午9点05分",
        "2024年3月8日(星期五) 9:05",
        "24年3月8日 9:05",
        "2024.3.8 9:05",
        "２０２４／３／８　９：０５",
        "20240308090500",
        "202403080905",
        "20240308 09:05:00",
        "20240308T090500",
        "2024/3/8 9:05:00 AM",
        "2024-03-08 09:05 星期五",
        "2024-3-8，9:05",
        "2024-03-08-09.05.00",
        "3/8/2024 9:05",
        "Mar 8, 2024 9:05 AM",
        "8-Mar-2024 09:05",
        "Fri Mar 08 09:05:00 CST 2024",
        " 2024/3/8 9:05\n",
        "'2024-03-08 09:05",
        "2024-03-08 09:05:00 GMT+8",
        "2024-03-08 01:05:00 +0000 UTC",
        "Fri Mar 08 2024 09:05:00 GMT+0800 (中国标准时间)",
        "09:05 2024-03-08",
        "上午9点05分 2024/3/8",
        "二〇二四年三月八日上午九时零五分",
        "二○二四年三月八日 早九点五分",
        "\u200e2024/3/8 9:05",
        "\ufeff2024-03-08\u200f 09:05",
        "3/8/24 9:05",
        "8-Mar-24 09:05",
        "1709859900",
        "1709859900000",
        1709859900,
        20240308090500.0,
        45359.378472222,
        "45359.378472222",
        datetime(2024, 3, 8, 9, 5),  # noqa: DTZ001  # a spreadsheet's date cell has no zone
        datetime(2024, 3, 8, 9, 5, tzinfo=timezone(timedelta(hours=8))),
    ],
)
def test_the_same_minute_in_every_writing(written: Cell) -> None:
    assert read_moment(written) == NINE_FIVE


@pytest.mark.parametrize(
    "written",
    ["2024-03-08", "2024/3/8", "2024年3月8日", "20240308", "2024.3.8", 45359, "45359", date(2024, 3, 8), 20240308],
)
def test_a_day_alone_is_its_midnight_in_shanghai(written: Cell) -> None:
    assert read_moment(written) == MIDNIGHT


@pytest.mark.parametrize(
    "written",
    [
        "",
        "-",
        "昨天",
        "2024-13-08",
        "13/13/13",
        "24-3/8",
        "2024年三十十月8日",
        "2024-02-30",
        "2024-03-08 25:00",
        "0000-00-00 00:00:00",
        "1899-12-30",
        0.5,
        12,
        True,
        None,
    ],
)
def test_no_moment(written: Cell) -> None:
    assert read_moment(written) is None


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("晚上12点", 24), ("夜里12点半", 24.5), ("晚上十二点", 24), ("晚上1点", 1), ("夜间1点", 1), ("凌晨12点", 0), ("凌晨1点", 1),
        ("晚上8点", 20), ("晚8点", 20), ("早8点", 8), ("清晨6点", 6), ("夜里11点", 23), ("傍晚6点", 18), ("午后2点", 14),
        ("中午12点", 12), ("中午1点", 13), ("下午三点", 15), ("下午12点", 12), ("上午9时许", 9), ("约9点钟", 9), ("3点一刻", 3.25),
        ("下午3点三刻", 15.75), ("3点半", 3.5), ("晚上20点", 20), ("二十一点十五分", 21.25), ("十点二十", 10 + 1 / 3), ("9点整", 9),
    ],
)  # fmt: skip
def test_hours_as_people_say_them_are_of_the_day_that_is_written(written: str, hours: float) -> None:
    expected = datetime(2024, 3, 8, tzinfo=SHANGHAI) + timedelta(hours=hours)
    assert read_moment(f"2024年3月8日{written}") == expected
    assert read_moment(f"二〇二四年三月八日 {written}") == expected
    clock = read_clock(written)
    assert clock is not None
    assert at_clock(MIDNIGHT, clock) == expected


@pytest.mark.parametrize(
    ("written", "dates", "day"),
    [
        ("3/7/25", "", (2025, 3, 7)), ("3/7/25", "us", (2025, 3, 7)), ("3/7/25", "dmy", (2025, 7, 3)), ("3/25/25", "dmy", (2025, 3, 25)),
        ("25/3/7", "", (2025, 3, 7)), ("25-3-7", "us", (2025, 3, 7)), ("25/3/7", "dmy", (2007, 3, 25)), ("3/7/69", "", (2069, 3, 7)),
        ("3/7/70", "", (1970, 3, 7)), ("99年3月7日", "", (1999, 3, 7)),
    ],
)  # fmt: skip
def test_years_of_two_digits(written: str, dates: str, day: tuple[int, int, int]) -> None:
    assert read_moment(f"{written} 15:05", dates) == datetime(*day, 15, 5, tzinfo=SHANGHAI)


def test_afternoon_and_the_end_of_the_day() -> None:
    assert read_moment("2024年3月8日 下午3点半") == datetime(2024, 3, 8, 7, 30, tzinfo=UTC)
    assert read_moment("2024/3/8 12:10:00 AM") == MIDNIGHT + timedelta(minutes=10)
    assert read_moment("2024-03-07 24:00") == MIDNIGHT


@pytest.mark.parametrize(
    "written",
    ["9:05", "9时5分", "09:05:00", "９：０５", time(9, 5), timedelta(hours=9, minutes=5), datetime(1899, 12, 30, 9, 5)],  # noqa: DTZ001
)
def test_date_and_time_in_two_columns(written: Cell) -> None:
    clock = read_clock(written)
    assert clock == timedelta(hours=9, minutes=5)
    assert at_clock(MIDNIGHT, clock) == NINE_FIVE


@given(
    st.datetimes(datetime(1992, 1, 1), datetime(2099, 12, 31)),  # noqa: DTZ001  # local time as written
    st.sampled_from(
        ["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日%H时%M分%S秒", "%Y%m%d%H%M%S", "%Y.%m.%d %H:%M:%S"]
    ),
)
def test_what_was_written_is_read_back(local: datetime, shape: str) -> None:
    local = local.replace(microsecond=0)
    assert read_moment(local.strftime(shape)) == local.replace(tzinfo=SHANGHAI).astimezone(UTC)


@given(st.text(max_size=40))
def test_any_text_gives_a_moment_in_range_or_none(text: str) -> None:
    moment = read_moment(text)
    assert moment is None or (moment.tzinfo is UTC and 1969 <= moment.year <= 2100)
