"""Tables of any make are read as reports; what cannot be read is said in one sentence."""

from pathlib import Path

import pytest

from commandcenter.errors import PersonError
from commandcenter.intake.repeats.told import columns_of, read_told


def file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "诉求.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_and_usual_names(tmp_path: Path, encoding: str) -> None:
    told = read_told(file(tmp_path, "编号,时间,内容,经度,纬度\n7,2026-03-02 09:00,路灯不亮,122.4,37.1\n", encoding), {})
    (one,) = told.reports
    assert (one.id, one.text, one.lon, one.lat) == ("7", "路灯不亮", 122.4, 37.1)
    assert one.at.isoformat() == "2026-03-02T01:00:00+00:00"
    assert told.columns == {"id": "编号", "time": "时间", "text": "内容", "lon": "经度", "lat": "纬度"}


def test_named_columns_go_before_usual_ones(tmp_path: Path) -> None:
    told = read_told(file(tmp_path, "时间,何时,话\n1,2026-03-02,甲\n"), columns_of("time=何时, text=话"))
    assert told.reports[0].text == "甲"
    assert told.reports[0].id == "第2行"


def test_a_row_without_time_stands_at_its_neighbours(tmp_path: Path) -> None:
    told = read_told(file(tmp_path, "id,time,text\na,,甲\nb,2026-03-02,乙\nc,?,\n"), {})
    assert told.untimed == 2
    assert len({one.at for one in told.reports}) == 1
    assert told.reports[2].text == ""


def test_place_alone_is_enough(tmp_path: Path) -> None:
    told = read_told(file(tmp_path, "id,time,lon,lat\na,2026-03-02,122.4,37.1\nb,2026-03-02,,\n"), {})
    assert [one.lon for one in told.reports] == [122.4, None]


@pytest.mark.parametrize(
    ("text", "columns", "said"),
    [
        ("id,text\n1,a\n", {}, "没有找到时间一列"),
        ("id,time\n1,2026-03-02\n", {}, "既没有找到内容，也没有找到经纬度"),
        ("id,time,text\n1,2026-03-02,a\n", {"text": "正文"}, "没有“正文”这一列"),
        ("id,time,text\n", {}, "只有表头"),
        ("id,time,text\n1,昨天,a\n", {}, "没有一行能读出时间"),
        ("id,time,text\n1,2026-03-02,a\n1,2026-03-03,b\n", {}, "第 2 行和第 3 行的编号相同"),
    ],
)
def test_what_is_wrong_is_one_sentence(tmp_path: Path, text: str, columns: dict[str, str], said: str) -> None:
    with pytest.raises(PersonError, match=said):
        read_told(file(tmp_path, text), columns)


@pytest.mark.parametrize("words", ["text", "colour=x", "id="])
def test_columns_written_wrongly(words: str) -> None:
    with pytest.raises(PersonError, match="列的写法不对"):
        columns_of(words)
