"""The worker: a process without a window that keeps the time and watches this machine's folders."""

import asyncio

from commandcenter.clock import Clock
from commandcenter.config import load_settings
from commandcenter.db import duties
from commandcenter.db.engine import Database
from commandcenter.db.schema import need_current
from commandcenter.errors import PersonError
from commandcenter.services.timekeeper import Timekeeper, Told, holder_name
from commandcenter.services.watching import watch_machine


async def work(url: str, clock: Clock, *, stop: asyncio.Event, said: Told) -> None:
    """Keep the time of the centre at `url`, or stand by for whoever does, until `stop`.

    Raises PersonError where the server cannot be reached at first, or the login may not.
    """
    db = await Database.connect(url)
    try:
        await need_current(db)
        if not await duties.may_keep(db):
            raise PersonError("这个登录名不能执行定时任务。", "请用数据库管理员、值班员或督导的登录名运行 worker。")
        watching_folders = asyncio.create_task(
            watch_machine(db, profiles=load_settings().data_dir / "profiles", stop=stop, said=said)
        )
        try:
            await Timekeeper(db, holder_name("worker"), clock, said=said).run(stop)
        finally:
            watching_folders.cancel()
            await asyncio.gather(watching_folders, return_exceptions=True)
    finally:
        await db.close()
