"""A run of the program with its own server: ``python -m tests.e2e.one_run DATA_FOLDER LOGIN NAME COUNT``.

Starts or joins the embedded server, registers COUNT cases, says each one's number once it is committed, and goes on holding a
case it has not committed until it is killed.
"""

import asyncio
import sys
from pathlib import Path
from uuid import uuid4

from commandcenter import address
from commandcenter.db.engine import Database
from commandcenter.db.server import EmbeddedServer
from commandcenter.db.verbs import call_in
from commandcenter.domain.case import Grade
from commandcenter.services import cases
from commandcenter.services.new_report import NewReport
from tests.db.county import PASSWORD
from tests.server import FAST


async def main(folder: str, login: str, name: str, count: str) -> None:
    server = EmbeddedServer(Path(folder), settings=FAST)
    url = address.with_database(address.with_login(server.start().admin_url, login, PASSWORD), name)
    database = await Database.connect(url)
    for number in range(int(count)):
        change = await cases.register(database, NewReport(1, f"第{number}件", grade=Grade.GREEN), key=uuid4())
        print(change.number, flush=True)  # noqa: T201 - what the test counts
    async with database.begin() as connection:
        await call_in(connection, "take_next", key=uuid4())
        print("holding", flush=True)  # noqa: T201 - the same
        await asyncio.to_thread(sys.stdin.readline)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
