"""The commands that open windows or paint them: desktop, run, wall, screens, snapshot, pages."""

import argparse
import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from commandcenter import address
from commandcenter.cli.answer import Answer, Progress, show
from commandcenter.cli.run import guarded, settings_of
from commandcenter.domain.case import Role
from commandcenter.errors import PersonError
from commandcenter.services.centre import Centre, open_centre

if TYPE_CHECKING:
    from commandcenter.services.prepare import Account
    from ui.pictures import Shot
    from ui.sign_in import Revive

MAIN = Path(__file__).parents[1] / "main.py"
DEMO_PASSWORD = "demo"  # noqa: S105 - said plainly: it opens invented data only
FIRST = "demo_yuxiao"
"""The demo's duty officer, signed in without being asked."""
EYES = {
    Role.DUTY: FIRST,
    Role.SUPERVISOR: "demo_supervisor",
    Role.WALL: "demo_wall",
    Role.ADMIN: "demo_admin",
    Role.RESPONDER: "demo_dept03",
    Role.FOLLOWUP: "demo_followup",
}
TRAFFIC_PER_S = "0.8"
WATCH_S = 8.0
"""How long the demo's traffic runs before pictures are taken."""


def start(options: argparse.Namespace) -> int:
    """Do what the command line names; returns the exit code. What goes wrong is one sentence."""
    return guarded(
        lambda progress: _WINDOWS[options.window](options, progress), Progress(always=options.window == "run")
    )


def has_display() -> bool:
    """Whether Qt has a screen to draw on: any platform named outside but offscreen, or a display on Linux."""
    named = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if named:
        return named not in {"offscreen", "minimal"}
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def need_display() -> None:
    """Raise PersonError where a window cannot be shown."""
    if not has_display():
        raise PersonError(
            "这台机器没有显示器，不能打开窗口。",
            "可用 python main.py screens 生成图片，或设置 QT_QPA_PLATFORM=vnc 远程观看。",
        )


def desktop(options: argparse.Namespace, progress: Progress) -> int:
    """The desktop, on the database named or on this computer's own."""
    need_display()
    from ui.app import run_desktop

    settings = settings_of(options)
    if settings.database_url is not None:
        url = address.plain(settings.database_url)
        return run_desktop(url if address.login_of(url) else None, server=address.server_of(url))
    with open_centre(settings, progress) as centre:
        return _own_desktop(centre, progress)


def run(options: argparse.Namespace, progress: Progress) -> int:
    """Everything for a first look: database, demo county, traffic, and the desktop or, without a display, its pictures."""
    settings = settings_of(options)
    if settings.database_url is not None:
        return desktop(options, progress)
    with open_centre(settings, progress) as centre:
        if has_display():
            return _own_desktop(centre, progress, traffic=True)
        show(
            Answer(
                "这台机器没有显示器：改为离屏运行并生成各页图片（要看实时画面，请接显示器，或设置 QT_QPA_PLATFORM=vnc 后再 make run）。"
            ),
            as_json=False,
        )
        sys.stdout.flush()
        shots = _all_shots(centre, progress, Path("out/screens"))
        with _traffic():
            progress(f"演示流量运行 {WATCH_S:.0f} 秒，然后生成图片")
            return _print_taken(shots, watch_s=WATCH_S, revive=centre.revive)


def _own_desktop(centre: Centre, progress: Progress, *, traffic: bool = False) -> int:
    from commandcenter.services.prepare import prepare
    from ui.app import run_desktop
    from ui.dialogs.login import DemoAccount
    from ui.slips import words as slip_words
    from ui.widgets import words

    prepared = asyncio.run(prepare(centre, progress))
    progress("正在打开桌面")
    progress.close()
    server = address.server_of(centre.url)
    if not prepared.demo:
        return run_desktop(None, server=server, revive=centre.revive)
    accounts = [
        DemoAccount(
            each.login,
            DEMO_PASSWORD,
            each.name,
            slip_words.post_word(each.post) if each.post else words.role_word(each.role),
            each.unit_name,
        )
        for each in sorted(prepared.accounts, key=_place)
    ]
    url = centre.person_url(FIRST, DEMO_PASSWORD)
    if not traffic:
        return run_desktop(url, server=server, demo=accounts, revive=centre.revive)
    with _traffic():
        return run_desktop(url, server=server, demo=accounts, revive=centre.revive)


def _place(account: "Account") -> tuple[bool, bool, int, str]:
    """The centre's people first, then heads of towns, then by role."""
    outside = account.login.startswith(("demo_town", "demo_dept", "demo_util", "demo_community"))
    return outside, account.post != "town_head", list(Role).index(account.role), account.login


@contextmanager
def _traffic() -> Iterator[None]:
    """The demo's people at work in a process of their own, so that the window's loop stays free."""
    process = subprocess.Popen(
        [sys.executable, str(MAIN), "simulate", "--rate", TRAFFIC_PER_S, "--while-input"],
        stdin=subprocess.PIPE,  # closed with us, however we end
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(2)
        except subprocess.TimeoutExpired:  # still drawing its county; it has written nothing
            process.kill()
            process.wait()


def wall(options: argparse.Namespace, progress: Progress) -> int:
    """The wall, on its own login."""
    from commandcenter.services.prepare import refuse_newer

    settings = settings_of(options)
    with open_centre(settings, progress) as centre:
        if not has_display():  # which would not help where the program is too old
            asyncio.run(refuse_newer(centre))
        need_display()
        from ui.app import run_wall

        if not centre.embedded:
            return run_wall(centre.url)
        _prepare_demo(centre, progress)
        progress.close()
        return run_wall(centre.person_url(EYES[Role.WALL], DEMO_PASSWORD), centre.revive)


def screens(options: argparse.Namespace, progress: Progress) -> int:
    """A picture of every page."""
    settings = settings_of(options)
    if settings.database_url is not None:
        raise PersonError("screens 只在演示数据库上运行。", "要给其他数据库的页面存图，请用 snapshot。")
    with open_centre(settings, progress) as centre:
        return _print_taken(_all_shots(centre, progress, options.folder), revive=centre.revive)


def snapshot(options: argparse.Namespace, progress: Progress) -> int:
    """A picture of one page."""
    from PySide6.QtCore import QSize

    from ui.pages import PAGES
    from ui.pictures import Shot

    if options.page not in {spec.id for spec in PAGES}:
        names = "、".join(spec.id for spec in PAGES)
        raise PersonError(f"没有页面 {options.page}。", f"可用的页面：{names}。")
    if options.out.suffix.lower() != ".png":
        raise PersonError(f"{options.out} 不是 PNG 文件名。", "请以 .png 结尾。")
    settings = settings_of(options)
    size = QSize(*options.size)
    if settings.database_url is not None:
        return _print_taken(
            [Shot(address.plain(settings.database_url), options.page, options.out, size, options.theme)], options.json
        )
    with open_centre(settings, progress) as centre:
        _prepare_demo(centre, progress)
        url = centre.person_url(_eyes(options.page), DEMO_PASSWORD)
        return _print_taken([Shot(url, options.page, options.out, size, options.theme)], options.json)


def pages(options: argparse.Namespace, _: Progress) -> int:
    """The pages' ids and titles."""
    from ui.pictures import pages as all_pages

    found = all_pages()
    facts = {"pages": [{"id": name, "title": title} for name, title in found]}
    show(Answer("\n".join(f"{name}\t{title}" for name, title in found), facts), as_json=options.json)
    return 0


def _prepare_demo(centre: Centre, progress: Progress) -> None:
    from commandcenter.services.prepare import prepare

    if not asyncio.run(prepare(centre, progress)).demo:
        raise PersonError(
            "本机数据库不是演示数据库，需要指明用谁的账号。", "请用 --db postgresql://登录名:密码@/… 指明。"
        )


def _eyes(page: str) -> str:
    """The demo account that sees a page."""
    from ui.pages import PAGES

    return EYES[next(spec.eyes for spec in PAGES if spec.id == page)]


def _all_shots(centre: Centre, progress: Progress, folder: Path) -> "list[Shot]":
    _prepare_demo(centre, progress)
    from ui.pages import PAGES
    from ui.pictures import Shot

    return [
        Shot(
            centre.person_url(_eyes(spec.id), DEMO_PASSWORD),
            spec.id,
            folder / f"{spec.id}.png",
            look="wall" if spec.id == "wall" else "day",
        )
        for spec in PAGES
    ]


def _print_taken(
    shots: "list[Shot]", as_json: bool = False, *, watch_s: float = 0.0, revive: "Revive | None" = None
) -> int:
    from ui.pictures import take

    taken = [str(path) for path in take(shots, watch_s=watch_s, revive=revive)]
    show(Answer("\n".join(taken), {"pictures": taken}), as_json=as_json)
    return 0


_WINDOWS: dict[str, Callable[[argparse.Namespace, Progress], int]] = {
    "desktop": desktop,
    "run": run,
    "wall": wall,
    "screens": screens,
    "snapshot": snapshot,
    "pages": pages,
}
