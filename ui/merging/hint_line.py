"""A hint 疑似重复 as one entry of a list: the two titles, how far apart in place and time, how sure the machine is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from commandcenter.intake.repeats.report import Verdict
from ui.merging import words as merge_words
from ui.merging.lines import Line

if TYPE_CHECKING:
    from commandcenter.live.mirror import Mirror
    from commandcenter.services.merging import Hint
    from commandcenter.services.reference import Reference


def line_of(hint: Hint, mirror: Mirror, reference: Reference) -> Line:
    """The entry of a hint; its key are the two case ids. Distance and gap only where the desk knows both cases."""
    pair = (hint.case_id, hint.other_id)
    slots = [slot for each in pair if (slot := mirror.slot_of(each)) is not None]
    facts = []
    if len(slots) == 2:
        metres = merge_words.metres_between(*((float(mirror.lon[slot]), float(mirror.lat[slot])) for slot in slots))
        facts.append(merge_words.distance_words(None if math.isnan(metres) else metres))
        facts.append(merge_words.gap_us(int(mirror.received_at[slots[1]] - mirror.received_at[slots[0]])))
        channels = dict.fromkeys(int(mirror.channel[slot]) for slot in slots)
        facts.append("、".join(reference.channels[each].name for each in channels if each in reference.channels))
    opposite = merge_words.is_opposite(hint.verdict, hint.reasons)
    verdict = Verdict.RELATED if opposite else hint.verdict
    return Line(
        pair,
        (hint.title, hint.other_title, " · ".join(fact for fact in facts if fact)),
        merge_words.sure_word(hint.score),
        merge_words.verdict_word(verdict),
        merge_words.verdict_colour(verdict),
        bright=2,
    )
