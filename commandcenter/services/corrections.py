"""What officers put right: another category than the one proposed, written down in the deed that set it."""

from collections.abc import Callable
from typing import Any

from commandcenter.db.engine import Database
from commandcenter.db.verbs import Answer, call, call_then


def _case_of(row: Answer) -> int:
    return int(row.case_id)


async def call_and_correct(
    db: Database,
    function: str,
    *,
    proposed_id: int | None,
    case_of: Callable[[Answer], int] = _case_of,
    **arguments: Any,
) -> Answer:
    """Call a verb that sets a category, and in its transaction say which one had been proposed where it is another.

    The database believes it only of a register or grade by this very person in this transaction, and reads what was
    chosen from the case, which `case_of` finds in the verb's row. Returns that row. Raises PersonError; then nothing of
    either was done.
    """
    if proposed_id is None or arguments.get("category") in {None, proposed_id}:
        return await call(db, function, **arguments)
    return await call_then(
        db, function, lambda row: ("correct", {"case": case_of(row), "proposed": proposed_id}), **arguments
    )
