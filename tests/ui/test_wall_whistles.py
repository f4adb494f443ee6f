"""The wall's whistles, by its own login: who is missing where, and no word of anybody's."""

import pytest

from commandcenter.domain.whistle import Level
from tests.ui.real_desk import RealCentre, Show, until
from tests.ui.test_wall import painted_text
from tests.ui.whistle_desks import MATTER, new_case, pushed, with_list
from ui.wall.layout import places, shared
from ui.wall.view import WallView
from ui.wall.window import WallWindow

TITLE = "王某某家燃气泄漏"


@pytest.fixture
def without_map(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the map is not what is looked at, the web engine need not come up."""
    monkeypatch.setattr(WallView, "_open_map", lambda _: None)


@pytest.mark.usefixtures("without_map")
async def test_live_whistles_say_who_is_missing_and_nothing_personal(real_centre: RealCentre, shown: Show) -> None:
    await with_list(real_centre)
    duty, head = await real_centre.sign_in("duty"), await real_centre.sign_in("head")
    case = await new_case(duty, TITLE)
    wall = await real_centre.sign_in("wall")
    wall.set_look("wall")
    window = WallWindow(wall)
    await shown(window)
    assert window.view.whistles.wanted_height(999) == 0
    await pushed(head, case, Level.ASSAULT)
    await until(lambda: len(window.view.whistles.whistles) == 1)
    window.resize(1920, 1080)
    written = painted_text(window.view.whistles)
    for word in (case.number, "甲镇", "攻坚", "缺 2/2", "住建局", "燃气公司", "应哨 剩 0时29分"):
        assert word in written
    for word in (TITLE, MATTER, "学府小区", "到现场关阀"):
        assert word not in written


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (3840, 1080), (3840, 2160)])
def test_the_whistles_share_the_place_of_what_needs_someone(size: tuple[int, int]) -> None:
    at = places(*size)
    needs, whistles = shared(at.needs, 260 * at.unit, at.unit)
    assert not needs.intersects(whistles)
    assert at.needs.contains(needs)
    assert at.needs.contains(whistles)
    assert needs.height() > whistles.height()
    assert shared(at.needs, 0, at.unit)[0] == at.needs
