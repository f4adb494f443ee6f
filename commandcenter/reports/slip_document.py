"""What is printed of a slip: words and lines, decided; how they look is the templates' business."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

FACTS_IN_THE_TEXT = 5
"""More than these are an attachment on a page of its own."""
TITLE_CELLS = 20
"""Characters of 22 pt in a line of 156 mm."""
_NOT_FIRST = "，。、；：！？）》”’〕】％%的"
_NOT_LAST = "（《“‘〔【"


@dataclass(frozen=True, slots=True)
class FactLine:
    """One row of what the slip was written for; no citizen's data."""

    number: str
    matter: str
    grade: str
    finding: str


@dataclass(frozen=True, slots=True)
class Signer:
    """A place for a signature: the post, and who signed; '' while nobody has."""

    post: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The part that the addressed unit fills; every text is '' until there is something to say."""

    unit: str
    due: str = ""
    received_by: str = ""
    received_at: str = ""
    reply: str = ""
    plan: str = ""
    with_plan: bool = False
    """Whether a rectification plan is asked for: of warning slips."""
    files: tuple[str, ...] = ()
    replied_by: str = ""
    replied_at: str = ""
    verdict: str = ""
    judged_by: str = ""
    judged_at: str = ""


@dataclass(frozen=True, slots=True)
class SlipDocument:
    """A slip, ready to be set. Without a number it is a draft and says so in the number's place."""

    body: str
    """发文机关, the issuing body's whole name."""
    number: str
    title: str
    addressee: str
    """主送, without the colon."""
    paragraphs: tuple[str, ...]
    demands: tuple[str, ...]
    reply_by: str
    """The whole sentence that says until when and how a reply is expected."""
    facts: tuple[FactLine, ...] = ()
    urgency: str = ""
    """加急 or 特急; '' where it is neither."""
    signers: tuple[Signer, ...] = ()
    day: date | None = None
    """成文日期: of the last signature; None leaves room for it."""
    contact: str = ""
    copies: tuple[str, ...] = ()
    printer: str = ""
    """印发机关; the issuing body where ''."""
    void: str = ""
    """Why it is void; '' where it is not."""
    receipt: Receipt | None = None

    @property
    def is_draft(self) -> bool:
        """Whether no number has been given yet."""
        return not self.number

    @property
    def facts_apart(self) -> bool:
        """Whether the facts are an attachment."""
        return len(self.facts) > FACTS_IN_THE_TEXT

    @property
    def facts_title(self) -> str:
        """What the attachment is called."""
        return f"相关事项清单（{len(self.facts)}件）"


def template_words(document: SlipDocument) -> dict[str, object]:
    """What both templates are given: texts, flags, lists of texts and of rows, under the names they use."""
    receipt = document.receipt
    return asdict(document) | {
        "title_lines": title_lines(document.title),
        "facts_apart": document.facts_apart,
        "facts_title": document.facts_title,
        "day": day_words(document.day),
        "printer": document.printer or document.body,
        "printed": f"{day_words(document.day)}印发",
        "receipt": None if receipt is None else asdict(receipt) | {"files": "、".join(receipt.files)},
    }


def day_words(day: date | None) -> str:
    """2026年11月22日: Arabic numerals, no leading zeros (GB/T 9704-2012, 7.3.5); blanks for a day to come."""
    return "　　年　月　日" if day is None else f"{day.year}年{day.month}月{day.day}日"


def title_lines(title: str, most: int = TITLE_CELLS) -> tuple[str, ...]:
    """The title in lines of about the same length, of at most `most` characters, broken where a reader would pause."""
    lines: list[str] = []
    rest = title
    while len(rest) > most:
        count = -(-len(rest) // most)
        ideal = -(-len(rest) // count)
        least = len(rest) - most * (count - 1)  # shorter than that costs one line more
        at = min(
            range(1, most + 1),
            key=lambda place: _harm(rest, place) + abs(place - ideal) + (50 if place < least else 0),
        )
        lines.append(rest[:at])
        rest = rest[at:]
    return (*lines, rest)


def _harm(text: str, at: int) -> int:
    """How badly a line ends before the character `at`, in characters that it may be longer or shorter to avoid it."""
    before, after = text[at - 1], text[at]
    one_word = before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
    if one_word or before in _NOT_LAST or after in _NOT_FIRST:
        return 100
    return 0 if before in "、，；" else 2 if before in "的和与及" else 4
