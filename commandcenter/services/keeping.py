"""Keeping the centre's data safe: a backup, and back."""

from pathlib import Path

from commandcenter.clock import SystemClock
from commandcenter.db import backup as files
from commandcenter.db import restore as back
from commandcenter.db import schema
from commandcenter.db.engine import Database
from commandcenter.errors import PersonError
from commandcenter.services.centre import Centre


async def backup(centre: Centre, out: Path) -> int:
    """Write everything to `out`; returns its size in bytes. Raises PersonError."""
    db = await Database.connect(centre.url)
    try:
        found = await schema.status(db)
    finally:
        await db.close()
    if found.state == "empty":
        raise PersonError("这个数据库还没有建好。", "没有可以备份的数据。")
    about = {"made_at": SystemClock().now().isoformat(), "revision": found.revision, "database": centre.database}
    return await files.backup(centre.url, out, about)


async def restore(centre: Centre, file: Path, *, force: bool) -> back.Restored:
    """Bring a backup into the centre's database, made if it is missing, and to this program's revision."""
    back.need_backup(file)
    await schema.create_database(centre.server_url(), centre.database)
    restored = await back.restore(centre.url, file, force=force)
    await schema.upgrade(centre.url)
    return restored
