"""Pictures of pages: the real window on the real database, drawn off screen and written as PNG."""

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QPoint, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from commandcenter.errors import PersonError, Unreachable
from ui.app import run
from ui.main_window import MainWindow
from ui.pages import PAGES
from ui.session import Session
from ui.sign_in import Revive, sign_in, sign_out
from ui.theme.tokens import Look

FULL_HD = QSize(1920, 1080)
SETTLE_S = 0.6
"""After the last picture of a map: details of a case and fonts come a moment later."""
MAP_S = 20.0

Kind = Callable[[Session], QWidget]


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: whose eyes, which page (or the wall's own window), where to."""

    url: str
    page: str
    out: Path
    size: QSize = FULL_HD
    look: Look = "day"


def pages() -> list[tuple[str, str]]:
    """Ids and titles of all pages."""
    return [(spec.id, QCoreApplication.translate("pages", spec.title)) for spec in PAGES]


def take(shots: Sequence[Shot], *, watch_s: float = 0.0, revive: Revive | None = None) -> list[Path]:
    """Take the pictures, after letting the first desk live for `watch_s` seconds. Raises PersonError.

    `revive` brings this computer's own server up again, should it fall meanwhile.
    On a 4K picture everything is twice as large, as on such a monitor.
    """
    if shots and max(shot.size.width() for shot in shots) >= 3200:
        os.environ["QT_SCALE_FACTOR"] = "2"
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return list(run(lambda app: _take(app, shots, watch_s, revive)))


async def _take(app: QApplication, shots: Sequence[Shot], watch_s: float, revive: Revive | None) -> list[Path]:
    for (url, kind), of_one_window in _by_window(shots).items():
        session = await signed_in(url, revive)
        window = kind(session)
        try:
            session.bridge.start()
            for shot in of_one_window:
                session.set_look(shot.look)
                window.resize(shot.size / app.devicePixelRatio())
                window.show()
                await _settle(_open(window, session, shot))
                await asyncio.sleep(watch_s)
                watch_s = 0.0
                _write(window, shot.out)
        finally:
            window.close()
            await sign_out(session)
            window.deleteLater()
    return [shot.out for shot in shots]


async def signed_in(url: str, revive: Revive | None) -> Session:
    """A session at `url`; a server that lies still is brought up first. Raises PersonError."""
    try:
        return await sign_in(url, revive)
    except Unreachable:
        if revive is None:
            raise
    await asyncio.to_thread(revive)
    return await sign_in(url, revive)


def _by_window(shots: Sequence[Shot]) -> dict[tuple[str, Kind], list[Shot]]:
    """Shots that one window can serve in turn: of one login, the wall apart."""
    from ui.wall.window import WallWindow  # desks have no use for it

    grouped: dict[tuple[str, Kind], list[Shot]] = {}
    for shot in shots:
        kind: Kind = WallWindow if shot.page == "wall" else MainWindow
        grouped.setdefault((shot.url, kind), []).append(shot)
    return grouped


def _open(window: QWidget, session: Session, shot: Shot) -> QWidget:
    """Bring the page to the front, with the most urgent case selected where a page shows one."""
    if not isinstance(window, MainWindow):
        return window
    slots = session.mirror.slots()
    case_id = None
    if shot.page in {"desk", "case"} and len(slots):
        first = min(slots.tolist(), key=lambda slot: (session.mirror.grade[slot], session.mirror.due_at[slot]))
        case_id = int(session.mirror.id[first])
    window.show_page(shot.page, case_id)
    page = window.page(shot.page)
    if page is None:
        raise PersonError(f"没有页面 {shot.page}，或该账号的岗位看不到它。", "可用的页面见 python main.py pages。")
    return page


async def _settle(page: QWidget) -> None:
    """Wait until the page's map, where it has one, has drawn a complete picture, and what it reads is there."""
    await asyncio.sleep(0.05)
    view: Any = getattr(page, "map", None)
    try:
        async with asyncio.timeout(MAP_S):
            while view is not None and not view.complete:
                painted = asyncio.Event()
                link = view.painted.connect(lambda *_, painted=painted: painted.set())
                await painted.wait()
                view.painted.disconnect(link)
    except TimeoutError:
        raise PersonError("地图没有在限定时间内画完。", "请重试；若反复出现，请看日志。") from None
    reader: Any = getattr(page, "reader", None)
    while reader is not None and reader.is_reading:  # noqa: ASYNC110 - no event: it is over in some milliseconds
        await asyncio.sleep(0.02)
    await asyncio.sleep(SETTLE_S)


def _write(window: QWidget, out: Path) -> None:
    ratio = window.devicePixelRatioF()
    image = QImage(window.size() * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    painter = QPainter(image)
    window.render(painter, QPoint())
    painter.end()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PersonError(f"不能建立文件夹 {out.parent}。", "请检查路径和权限。") from error
    if not image.save(str(out)):
        raise PersonError(f"不能写入 {out}。", "请检查路径和权限。")
