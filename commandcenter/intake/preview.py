"""How a file was understood, before anything of it is taken in: each column with samples and how sure that is."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice
from pathlib import Path

from commandcenter.domain.masking import mask_name, mask_phone, mask_text
from commandcenter.intake.field import GUESS_RANK, LABELS, fold
from commandcenter.intake.footer import footer_text
from commandcenter.intake.header import Column
from commandcenter.intake.moment import is_ambiguous
from commandcenter.intake.profile import Profile, recognised
from commandcenter.intake.reader import Accepted, Choices, ImportFile, read_file
from commandcenter.intake.value import is_null, plain

ROWS = 300
"""Rows that are looked at."""
SAMPLES = 3
_LONGEST = 60
_HIDE: Mapping[str, Callable[[str], str]] = {
    "citizen_name": mask_name,
    "citizen_phone": mask_phone,
    "citizen_address": lambda address: f"{address[:3]}…",
}


class Sure(IntEnum):
    """How a column came to its field."""

    NONE = 0  # it is kept in the original row only
    GUESSED = 1  # the name sounds like it
    KNOWN = 2  # one of the names other systems use
    CHOSEN = 3  # a person or a profile says so


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """One column of a file: its letter and unique name, the field ('' for none), how sure, up to three values, masked."""

    letter: str
    name: str
    field: str
    sure: Sure
    samples: tuple[str, ...]
    filled: int
    """Of the rows that were looked at, how many hold something."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A file as it will be read. Rows are numbered as a spreadsheet does."""

    path: Path
    encoding: str
    sheet: str
    sheets: tuple[str, ...]
    header_rows: tuple[int, int]
    top: tuple[tuple[int, str], ...]
    """The first rows, as text, for choosing the header."""
    columns: tuple[ColumnSeen, ...]
    profile: str
    """The name of the profile that is used: chosen, or recognised by the header; '' for none."""
    recognised: bool
    missing: tuple[str, ...]
    rows: int
    """Rows that were looked at, at most `ROWS`."""
    readable: int
    """How many of these have a content and a time."""
    ambiguous: tuple[str, ...]
    """Dates whose month and day could be meant either way, where the profile does not say."""
    footers: tuple[tuple[int, str], ...]
    """Rows below the data; known only of a file that was seen to its end."""
    whole: bool
    """Whether the file was seen to its end."""


def preview(
    path: Path,
    *,
    profiles: Collection[Profile] = (),
    profile: Profile | None = None,
    columns: Mapping[str, str] | None = None,
    choices: Choices | None = None,
) -> Preview:
    """Read the beginning of a file. Raises PersonError where it is no table.

    ``profile`` is a chosen one (an empty one: none); without it that of the ``profiles`` whose header is nearest.
    ``columns`` (column's name → field, '' leaves it alone) goes before both.
    """
    file = read_file(path, choices=choices, as_it_is=True)
    found = recognised(profiles, folded(file.header)) if profile is None else None
    used = profile or found or Profile()
    merged = Profile(used.name, {**used.columns, **(columns or {})}, used.channel, used.crs, used.dates)
    if merged.columns or merged.dates:
        file = read_file(path, profile=merged, choices=choices, as_it_is=True)
    seen = list(islice(file.rows, ROWS))
    whole = next(file.rows, None) is None
    raws = [one.row.raw if isinstance(one, Accepted) else one.raw for one in seen]
    return Preview(
        path=path,
        encoding=file.encoding,
        sheet=file.sheet,
        sheets=file.sheets,
        header_rows=(file.header_row, file.header_end),
        top=tuple((number, footer_text(cells)) for number, cells in file.top),
        columns=tuple(_seen(column, raws) for column in file.columns),
        profile=used.name,
        recognised=found is not None,
        missing=file.missing,
        rows=len(seen),
        readable=sum(isinstance(one, Accepted) for one in seen),
        ambiguous=() if merged.dates else _ambiguous(file, raws),
        footers=tuple(file.footers) if whole else (),
        whole=whole,
    )


def folded(header: Sequence[str]) -> tuple[str, ...]:
    """Return a header's names as profiles keep them."""
    return tuple(fold(name) for name in header)


def _seen(column: Column, raws: Sequence[Mapping[str, object]]) -> ColumnSeen:
    texts = [" ".join(plain(raw.get(column.name)).split()) for raw in raws]  # type: ignore[arg-type]  # raw rows hold cells
    filled = [text for text in texts if text and not is_null(text)]
    hide = _HIDE.get(column.field, mask_text)
    rank = column.rank // 1000
    sure = Sure.NONE
    if column.field:
        sure = Sure.CHOSEN if rank < 0 else Sure.GUESSED if rank >= GUESS_RANK else Sure.KNOWN
    elif rank < 0:
        sure = Sure.CHOSEN
    return ColumnSeen(
        column.letter,
        column.name,
        column.field,
        sure,
        tuple(hide(text)[:_LONGEST] for text in islice(dict.fromkeys(filled), SAMPLES)),
        len(filled),
    )


def _ambiguous(file: ImportFile, raws: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    names = [column.name for column in file.columns if column.field in {"received_at", "received_on"}]
    found = (text for raw in raws for name in names if is_ambiguous(text := plain(raw.get(name))))  # type: ignore[arg-type]
    return tuple(islice(dict.fromkeys(found), SAMPLES))


FIELDS = tuple(sorted(LABELS, key=list(LABELS).index))
"""Every field a column can be, in the order in which people look for them."""
