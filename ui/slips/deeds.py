"""From a verb and what was entered to the service that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from commandcenter.services import slips

if TYPE_CHECKING:
    from commandcenter.services.slips import Slip, SlipChange

Inputs = Mapping[str, Any]
_DEEDS: dict[str, tuple[Callable[..., Any], Callable[[Inputs], dict[str, Any]]]] = {
    "edit": (slips.edit, dict),
    "sign": (slips.sign, lambda _: {}),
    "dismiss": (slips.dismiss, lambda given: {"reason": given["text"]}),
    "receive": (slips.receive, lambda _: {}),
    "reply": (slips.reply, lambda given: {name: given[name] for name in ("text", "plan", "files")}),
    "pass": (slips.judge, lambda given: {"passed": True, "words": given["text"]}),
    "send_back": (slips.judge, lambda given: {"passed": False, "words": given["text"]}),
    "copy": (slips.copy, lambda given: {"recipient": given["recipient"]}),
    "void": (slips.void, lambda given: {"reason": given["text"]}),
}


async def do(db: Any, slip: Slip, verb: str, inputs: Inputs, key: UUID) -> SlipChange:
    """Do it. `inputs`: of `edit` the form's values, of the others text, plan, files, recipient. Raises PersonError."""
    service, arguments = _DEEDS[verb]
    change: SlipChange = await service(db, slip_id=slip.id, version=slip.version, key=key, **arguments(inputs))
    return change
