"""What finding repeats goes by: the centre's settings over the weights of the program, and how rare words are."""

import json
import logging
from asyncio import to_thread
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from commandcenter.db import learning, reads
from commandcenter.db import repeats as questions
from commandcenter.db.engine import Database
from commandcenter.errors import PersonError
from commandcenter.intake.repeats.rarity import Rarity, load, rarity_of
from commandcenter.intake.repeats.rules import Rules, changed, default_rules

log = logging.getLogger(__name__)

_SAMPLE = 1_000
"""Of so many of the newest texts the rarity of words is learned, where no model is in use."""
_FEW = 50
"""Anew when there are twice as many reports, and so many more: a new centre's first ones teach little."""


@dataclass(frozen=True, slots=True)
class RepeatRules:
    """What the centre has set: weights and thresholds, how far back one looks, whether the machine merges."""

    weights: Rules
    days: int
    auto_merge: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What was read at once: it holds until it is set or learned anew, or the reports have become twice as many."""

    settings: Mapping[str, str]
    kinds: Mapping[int, str]
    model_id: int | None
    reports: int
    rarity: Rarity

    def weighs_as(self, other: "Known") -> bool:
        """Whether the same reports weigh the same by both."""
        return self.rarity is other.rarity and (self.settings, self.kinds) == (other.settings, other.kinds)


def rules_of(settings: Mapping[str, str]) -> RepeatRules:
    """What is set, over what comes with the program. Raises PersonError where a weight is none."""
    try:
        weights = changed(default_rules(), json.loads(settings["repeat_weights"]))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise PersonError("设置 repeat_weights 写得不对。", '应形如 {"citizen": 1.6}，名称须是已有的权重。') from error
    weights = replace(weights, suggest=float(settings["repeat_suggest"]), auto=float(settings["repeat_auto"]))
    return RepeatRules(weights, int(settings["repeat_days"]), settings["auto_merge"] == "1")


async def read_known(db: Database, rarity: Rarity | None, before: Known | None = None) -> Known:
    """What there is to know; of what was known before, the rarity of words where nothing speaks against it."""
    async with db.begin() as connection:
        settings = {row.name: row.value for row in await reads.rows(connection, questions.SETTINGS)}
        kinds = {row.id: row.path_name for row in await reads.rows(connection, reads.CATEGORIES)}
        [size] = await reads.rows(connection, questions.SIZE)
        found = await reads.rows(connection, learning.ACTIVE, kind="repeats")
        model_id, reports = found[0].id if found else None, int(size.reports)
        if rarity is None and before is not None and before.model_id == model_id:
            rarity = before.rarity if model_id is not None or reports < 2 * before.reports + _FEW else None
        if rarity is None:
            rarity = await _learned(connection, model_id, rules_of(settings).weights)
    return Known(settings, kinds, model_id, max(reports, rarity.reports), rarity)


async def _learned(connection: AsyncConnection, model_id: int | None, weights: Rules) -> Rarity:
    """What the model in use knows; else what the newest texts teach."""
    if model_id is not None:
        [row] = await reads.rows(connection, learning.CONTENT, model_id=model_id)
        try:
            return await to_thread(load, bytes(row.content))
        except ValueError:
            log.warning("the model in use for the rarity of words cannot be read")
    newest = await reads.rows(connection, questions.NEWEST, most=_SAMPLE)
    return await to_thread(rarity_of, [row.content for row in newest], weights)
