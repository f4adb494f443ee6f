"""The page and its scheme: everything is local, and a lost renderer comes back."""

import os
import re
import signal

import pytest
from pytestqt.qtbot import QtBot

from commandcenter.live.mirror import Mirror
from tests.ui.map_county import cases, county
from ui.map.environment import prepare_environment
from ui.map.page import page_html
from ui.map.view import MapView
from ui.theme.tokens import DAY

prepare_environment()
pytestmark = pytest.mark.web_engine


def test_the_page_asks_nothing_of_any_network() -> None:
    html = page_html()
    sources = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert len(sources) == 8
    assert all(source.startswith("cc://app/asset/") for source in sources)
    assert not re.search(r"https?:|//(?!app/)[a-z]+\.", html.replace("cc://app", ""))
    assert "jquery" not in html.lower()
    assert "bootstrap" not in html.lower()


def test_the_environment_keeps_what_was_set_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QTWEBENGINE_CHROMIUM_FLAGS", "--force-dark-mode --disable-gpu")
    monkeypatch.setenv("QT_QUICK_BACKEND", "rhi")
    prepare_environment()
    prepare_environment()
    flags = os.environ["QTWEBENGINE_CHROMIUM_FLAGS"].split()
    assert os.environ["QT_QUICK_BACKEND"] == "rhi"
    assert flags[0] == "--force-dark-mode"
    assert len(flags) == len(set(flags))


@pytest.mark.usefixtures("qapp")
def test_the_scheme_serves_its_own_and_nothing_else() -> None:
    from ui.map.scheme import SchemeHandler, register_scheme

    register_scheme()
    register_scheme()
    handler = SchemeHandler(lambda: "<html>")
    assert handler._find("/page") == (b"<html>", b"text/html")
    for name in ("leaflet.js", "leaflet.css", "layer.js", "qwebchannel.js"):
        data, _kind = handler._find(f"/asset/{name}")
        assert len(data) > 100, name
    for path in (
        "/asset/../map/layer.js",
        "/asset/..\\x.js",
        "/asset/layer.py",
        "/asset/none.js",
        "/blob/99",
        "/etc/passwd",
    ):
        assert handler._find(path) is None, path
    path = handler.publish(b"abc")
    assert handler._find(path) == (b"abc", b"application/octet-stream")
    assert handler._find(path) is None


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the renderer is ended by a POSIX signal")
def test_a_lost_renderer_comes_back_with_the_whole_picture(qtbot: QtBot, expect_log: object) -> None:
    expect_log("the map's renderer ended")
    mirror = Mirror()
    mirror.reset(cases(200))
    view = MapView(mirror)
    view.set_theme(DAY)
    view.set_areas(county().areas)
    view.resize(600, 500)
    view.show()
    with qtbot.waitSignal(view.painted, timeout=15_000):
        view.start()
    before = view.sequence
    with qtbot.waitSignal(view.painted, timeout=15_000, check_params_cb=lambda sequence: sequence > before):
        os.kill(view.canvas.page.renderProcessPid(), signal.SIGKILL)
    view.close_map()
    view.close()
    view.deleteLater()
