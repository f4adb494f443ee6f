"""Building the database of a centre and keeping it at this program's revision."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from commandcenter.db import schema
from commandcenter.db.engine import Database
from commandcenter.errors import PersonError
from commandcenter.services.centre import Centre


@dataclass(frozen=True, slots=True)
class Built:
    """Whether the database was made now, and where it stands."""

    created: bool
    revision: str


async def build(centre: Centre, progress: Callable[[str], None]) -> Built:
    """Make the database where it is missing, and upgrade it. Raises PersonError where the login may not."""
    if not centre.database:
        raise PersonError("数据库地址里没有库名。", "请写成 postgresql://用户:密码@主机:5432/库名。")
    progress("正在建立数据库")
    created = await schema.create_database(centre.server_url(), centre.database)
    if not created:
        db = await Database.connect(centre.url)
        try:
            found = await schema.status(db)
        finally:
            await db.close()
        if found.state == "current" and found.code_current:
            return Built(created=False, revision=found.revision)
    progress("正在建立表和规则")
    return Built(created=created, revision=(await schema.upgrade(centre.url)).revision)


async def build_anew(centre: Centre, database: str, *, force: bool, progress: Callable[[str], None]) -> Centre:
    """Another database on the centre's server, fresh; `force`: what is there by that name is removed first.

    Raises PersonError where there is one and it is not to be removed, or the login may not.
    """
    if database == centre.database:
        raise PersonError("模拟要用单独的数据库。", "请换一个库名。")
    own = replace(centre, url=centre.server_url(database))
    if force:
        await schema.drop_database(centre.server_url(), database)
    if not (await build(own, progress)).created:
        raise PersonError(f"数据库 {database} 已在。", "请换一个库名，或加 --force 删去重做。")
    return own


async def upgrade(centre: Centre) -> str:
    """Upgrade an existing database; returns its revision. Raises PersonError where there is none."""
    if (await schema_status(centre)).state == "empty":
        raise PersonError("这个数据库还没有建好。", "请先运行 python main.py db init。")
    return (await schema.upgrade(centre.url)).revision


async def schema_status(centre: Centre) -> schema.SchemaStatus:
    """How the database stands to this program. Raises PersonError where it cannot be asked."""
    db = await Database.connect(centre.url)
    try:
        return await schema.status(db)
    finally:
        await db.close()
