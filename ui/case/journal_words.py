"""A line of the journal in words: who did what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.case.timeline import Moment
from ui.models.row_facts import person_name
from ui.widgets.entity_words import OTHERS, deed_words, entity_facts

if TYPE_CHECKING:
    from commandcenter.services.case_file import Event
    from commandcenter.services.reference import Reference


def moment_of(entry: Event, reference: Reference) -> Moment:
    """The timeline's line for a journal entry; a verb without words of its own is shown as it is."""
    verb, moved = deed_words(entry)
    actor = person_name(reference, entry.actor)
    detail = entry.detail
    said = next((str(detail[name]) for name in ("reason", "note", "text", "words") if detail.get(name)), "")
    if entry.entity in OTHERS:
        said = "；".join(entity_facts(entry, reference))
    head = f"[{entry.number}] " * bool(entry.number) + f"{actor} {verb}".strip()
    return Moment(entry.at, f"{head} → {moved}" if moved else head, said)
