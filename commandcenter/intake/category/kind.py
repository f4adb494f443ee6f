"""Of which kind a report is (咨询 求助 投诉 举报 建议 表扬 其他), by the words that say so."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from commandcenter.intake.category.wordlist import mentions, plain

FILE = Path(__file__).parents[3] / "resources" / "intake" / "kinds.toml"
OTHER = "其他"


@dataclass(frozen=True, slots=True)
class KindRules:
    """Words and their weights by kind, the kinds in the order in which they win against equals."""

    kinds: Mapping[str, Mapping[str, float]]
    denials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KindProposal:
    """A kind, and the words of the text that spoke for it."""

    kind: str
    why: tuple[str, ...] = ()


@cache
def default_kinds() -> KindRules:
    """The words that come with the centre [D]."""
    with FILE.open("rb") as file:
        told = tomllib.load(file)
    return KindRules({each["name"]: each["words"] for each in told["kind"]}, tuple(told["not"]))


def propose_kind(text: str, rules: KindRules | None = None) -> KindProposal:
    """The kind whose words weigh most; 其他 where no word speaks."""
    rules = rules or default_kinds()
    said = plain(text)
    best, most = KindProposal(OTHER), 0.0
    for kind, words in rules.kinds.items():
        found = mentions(said, words, rules.denials)
        weight = sum(words[mention.word] for mention in found)
        if weight > most:
            loudest = sorted(found, key=lambda mention: -words[mention.word])
            best, most = KindProposal(kind, tuple(mention.word for mention in loudest[:3])), weight
    return best
