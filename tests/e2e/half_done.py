"""A desk that does one verb and is then kept from committing it: ``python -m tests.e2e.half_done URL VERB ARGUMENTS``.

Prints ``done`` with the transaction open, and waits for the end of its input.
"""

import asyncio
import json
import sys
from uuid import UUID

from commandcenter.db.engine import Database
from commandcenter.db.verbs import call_in


async def main(url: str, verb: str, arguments: str) -> None:
    given = json.loads(arguments)
    database = await Database.connect(url)
    async with database.begin() as connection:
        await call_in(connection, verb, **given | {"key": UUID(given["key"])})
        print("done", flush=True)  # noqa: T201 - what the test waits for
        await asyncio.to_thread(sys.stdin.readline)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
