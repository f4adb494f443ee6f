"""What is read of a text at speed is what the slow and plain definitions say; what was learned of rarity keeps its meaning."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commandcenter.db.bulk import grams
from commandcenter.intake.repeats.features import features_of
from commandcenter.intake.repeats.naming import names_in
from commandcenter.intake.repeats.plain import plain
from commandcenter.intake.repeats.rarity import Rarity, learn, load, rarity_of
from commandcenter.intake.repeats.report import Report
from commandcenter.intake.repeats.rules import default_rules
from commandcenter.intake.repeats.seen import see
from commandcenter.intake.repeats.spelling import CODE, MASK, spelled, term_ids
from commandcenter.services.repeat_probes import ROWS, probes_of

RULES = default_rules()
ALL = "|".join(RULES.endings)
texts = st.text("滨河苑小区联丰路口社区花园的了a7Ａ７３k8县市，。！ \n…①㎡ﾊﾞé🙂", max_size=60)


def pieces(text: str) -> Iterator[str]:
    """Terms by definition: bigrams of Chinese, whole words and numbers of Latin, and the seam between the two."""
    before, end = "", -1
    for found in re.finditer(r"[\u3400-\u9fff]+|[a-z0-9]+", CODE.sub(" ", text)):
        piece = found[0]
        if found.start() == end:
            yield f"{before if before.isascii() else before[-1]}{piece if piece.isascii() else piece[0]}"
        if not piece.isascii():
            yield from (piece[start : start + 2] for start in range(len(piece) - 1))
        elif len(piece) > 1:
            yield piece
        before, end = piece, found.end()


@settings(max_examples=150)
@given(texts)
def test_plain_text_and_terms_are_what_they_are_by_definition(text: str) -> None:
    simple = unicodedata.normalize("NFKC", text).lower()
    assert plain(text) == simple
    by_definition = Counter(crc32(term.encode()) & MASK for term in pieces(simple))
    assert Counter(term_ids(simple).tolist()) == by_definition
    assert spelled(simple).keys() == by_definition.keys()


@settings(max_examples=150)
@given(texts)
def test_names_and_spans_are_what_the_patterns_say(text: str) -> None:
    simple = CODE.sub(" ", plain(text))
    found = names_in(simple, RULES)
    names = {one[1] for one in re.finditer(rf"(?=([\u3400-\u9fff0-9]{{2}}(?:{ALL})))", simple)}
    assert found.names == {name for name in names if not RULES.not_in_names.intersection(name[:2])}
    spans = [one.span() for one in re.finditer(rf"[\u3400-\u9fff]{{2,4}}(?:{ALL})", simple)]
    assert list(found.spans) == spans


@settings(max_examples=60)
@given(texts, texts, st.sampled_from(("", "小区", "花园路口")))
def test_counts_of_title_place_and_kind(title: str, text: str, category: str) -> None:
    found = features_of(Report("", datetime(2026, 1, 1, tzinfo=UTC), text, title, category), RULES)
    assert np.array_equal(found.terms, np.unique(found.terms))
    kind = set(term_ids(plain(category)).tolist())
    assert not kind.intersection(found.terms.tolist())
    said, headed = Counter(term_ids(plain(text)).tolist()), Counter(term_ids(plain(title)).tolist())
    if plain(title):
        whole = CODE.sub(" ", f"{plain(title)}\n{plain(text)}")
        at_place = {
            crc32(whole[at : at + 2].encode()) & MASK
            for start, end in names_in(whole, RULES).spans
            for at in range(start, end - 1)
        }
        for term, count in zip(found.terms.tolist(), found.counts.tolist(), strict=True):
            weight = RULES.place_weight if term in at_place else 1.0
            assert count == pytest.approx((said[term] + RULES.title_weight * headed[term]) * weight)
        assert set(found.title.tolist()) == headed.keys() - kind


def test_rarity_is_learned_kept_and_loaded() -> None:
    usual, rare = "路灯不亮请修理", "碧海花园南门烧烤店油烟直排"
    told = [usual] * 50 + [rare]
    rarity = rarity_of(told)
    assert rarity.reports == 51
    lamp, smoke = term_ids("路灯"), term_ids("油烟")
    assert rarity.of(smoke)[0] == pytest.approx(np.log(151 / 2))
    assert rarity.of(lamp)[0] == pytest.approx(np.log(151 / 51))
    assert rarity.shares(lamp)[0] == pytest.approx(51 / 151)
    content = learn(told)
    assert content == learn(told)
    again = load(content)
    assert again.reports == 51
    every = np.arange(MASK + 1)
    assert np.array_equal(again.of(every), rarity.of(every))
    report = Report("", datetime(2026, 1, 1, tzinfo=UTC), rare)
    assert np.array_equal(see(report, RULES, again).terms, see(report, RULES, rarity).terms)
    for wrong in (b"", content[:-20], content[:200] + bytes([content[200] ^ 255]) + content[201:], b"\x80\x04N."):
        with pytest.raises(ValueError, match="no rarity"):
            load(wrong)
    assert learn([]) == Rarity(RULES.common).to_bytes()


@settings(max_examples=60)
@given(texts, st.integers(0, 2_000_000))
def test_probes_ask_for_pairs_that_the_database_keeps(text: str, reports: int) -> None:
    found = probes_of(text, rarity_of([]), reports)
    kept = {int(pair) for pair in grams(text).strip("{}").split(",") if pair}
    assert set(found.grams) <= kept
    assert bool(found.ends) == bool(kept) or (reports > ROWS and len(kept) < 3), (
        "nothing to be found by what is everywhere"
    )
    assert len(found.ends) == len(found.weights)
    assert list(found.ends) == sorted(set(found.ends))
    assert (found.ends[-1] if found.ends else 0) == len(found.grams)
