"""The gateway's own login on this computer's database: made at need, with a new password at each start, told to nobody."""

from secrets import token_urlsafe

from commandcenter.services import people
from commandcenter.services.centre import Centre

LOGIN = "gateway_local"


async def own_login(centre: Centre) -> str:
    """The address of a login of role cc_intake on the embedded database. Raises PersonError."""
    secret = token_urlsafe(24)
    async with people.administering(centre.url) as db:
        if any(person.login == LOGIN for person in await people.read(db)):
            await people.change_password(db, LOGIN, secret)
        else:
            await people.add(db, login=LOGIN, name="网关", role="intake", unit="1", password=secret)
    return centre.person_url(LOGIN, secret)
