"""Chance that follows from what it is about."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from commandcenter.demo.luck import between, key_of, luck

ROOT = Path(__file__).parents[2]


def test_the_same_question_gets_the_same_answer_in_another_process() -> None:
    code = "from commandcenter.demo.luck import *; print(luck('answer', 7), key_of('blow', 1, 2))"
    environment = os.environ | {"PYTHONHASHSEED": "4711", "PYTHONPATH": str(ROOT)}
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert other.stdout.split() == [str(luck("answer", 7)), str(key_of("blow", 1, 2))]


def test_it_is_even_and_within_its_bounds() -> None:
    drawn = [luck("case", number) for number in range(4_000)]
    assert all(0 <= each < 1 for each in drawn)
    for tenth in range(10):
        within = sum(tenth <= each * 10 < tenth + 1 for each in drawn)
        assert within == pytest.approx(400, abs=100), "five standard deviations"
    assert all(3 <= between(3, 5, number) < 5 for number in range(200))


def test_different_questions_do_not_run_together() -> None:
    assert luck("a", "bc") != luck("ab", "c")
    assert len({key_of("blow", number, version) for number in range(50) for version in range(50)}) == 2_500
    assert key_of("blow", 1).version == 4
