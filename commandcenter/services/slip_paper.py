"""A slip found by its number or id, with all that is printed of it."""

import re

from commandcenter.db import reads
from commandcenter.db.engine import Database
from commandcenter.errors import NotVisible
from commandcenter.reports.slip_document import SlipDocument
from commandcenter.reports.slip_of import document_of
from commandcenter.services import people
from commandcenter.services.slip_reads import Slip, read_slip, register

_NUMBER = re.compile(r"(.+?)\s*[〔\[(（]\s*(\d{4})\s*[〕\])）]\s*(\d+)\s*号?")


async def find_slip(db: Database, wanted: str) -> Slip:
    """By id, or by number in whatever brackets: 荣社督〔2026〕12号, 荣社督[2026]12. Raises NotVisible."""
    if wanted.isdecimal():
        return await read_slip(db, int(wanted))
    if (found := _NUMBER.fullmatch(wanted.strip())) is not None:
        word, year, serial = found.groups()
        for slip in await register(db, year=int(year)):
            if slip.serial == int(serial) and slip.number.startswith(word):
                return slip
    raise NotVisible(f"没有找到“{wanted}”这份单，或它不在您的管辖范围。", "编号写成：荣社督〔2026〕12号。")


async def read_paper(db: Database, wanted: str) -> SlipDocument:
    """What is printed of the slip. Raises NotVisible."""
    slip = await find_slip(db, wanted)
    async with db.begin() as connection:
        [centre] = await reads.rows(connection, reads.CENTRE)
        kinds = {row.kind: row for row in await reads.rows(connection, reads.SLIP_KINDS)}
    return document_of(
        slip,
        body=centre.name,
        signers=tuple(kinds[slip.kind].signers),
        reply_days=kinds[slip.kind].reply_days,
        names={person.login: person.name for person in await people.read(db)},
    )
