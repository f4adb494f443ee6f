"""The gateway's own login on this computer's database: made at need, its password kept in the data folder, told to nobody.

Kept, and not made anew at each start: that would lock out the gateway that stands beside this one.
"""

import asyncio
from contextlib import ExitStack
from pathlib import Path
from secrets import token_urlsafe

from commandcenter.db.embedded.lock import locked
from commandcenter.db.embedded.secret import write_private
from commandcenter.db.engine import Database
from commandcenter.errors import LoginRefused
from commandcenter.services import people
from commandcenter.services.centre import Centre

LOGIN = "gateway_local"
KEPT_IN = "gateway-secret"


async def own_login(centre: Centre) -> str:
    """The address of a login of role cc_intake on the embedded database. Raises PersonError."""
    folder = centre.settings.data_dir
    with ExitStack() as held:
        await asyncio.to_thread(held.enter_context, locked(folder / f"{KEPT_IN}.lock"))
        secret = _secret(folder / KEPT_IN)
        url = centre.person_url(LOGIN, secret)
        async with people.administering(centre.url) as db:
            if all(person.login != LOGIN for person in await people.read(db)):
                await people.add(db, login=LOGIN, name="网关", role="intake", unit="1", password=secret)
            elif not await _lets_in(url):
                await people.change_password(db, LOGIN, secret)
    return url


def _secret(path: Path) -> str:
    if not path.exists():
        write_private(path, token_urlsafe(24))
    return path.read_text(encoding="ascii")


async def _lets_in(url: str) -> bool:
    """Not where the secret was lost, or the database is a restored one."""
    try:
        await (await Database.connect(url)).close()
    except LoginRefused:
        return False
    return True
