"""A line of the journal in words: who did what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commandcenter.domain.case import Verb
from ui.models.row_facts import person_name
from ui.widgets import words
from ui.widgets.timeline import Moment

if TYPE_CHECKING:
    from commandcenter.services.case_file import Event
    from commandcenter.services.reference import Reference


def moment_of(entry: Event, reference: Reference) -> Moment:
    """The timeline's line for a journal entry; a verb without words of its own is shown as it is."""
    verb = words.verb_word(entry.verb) if entry.verb in set(Verb) else words.deed_word(entry.verb)
    moved = ""
    if entry.from_state is not None and entry.to_state is not None and entry.from_state != entry.to_state:
        moved = words.state_word(entry.to_state)
    actor = person_name(reference, entry.actor)
    detail = entry.detail
    said = next((str(detail[name]) for name in ("reason", "note", "text", "words") if detail.get(name)), "")
    head = f"{actor} {verb}".strip()
    return Moment(entry.at, f"{head} → {moved}" if moved else head, said)
