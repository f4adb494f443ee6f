"""``evaluate classify``: learn categories from one file, suggest them for another; no database is asked."""

import argparse
import csv
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from commandcenter.cli.answer import Answer, Progress
from commandcenter.cli.options import Commands, offline
from commandcenter.cli.whole_file import whole_file
from commandcenter.errors import PersonError

if TYPE_CHECKING:
    from commandcenter.intake.category.archive import Archive, Row

_BATCH = 1_024


def add(evaluate: Commands) -> None:
    """Name it and its options."""
    classify = offline(evaluate, "classify", "用一份带类别的诉求学习分类，给另一份逐行写出建议的类别和概率", run)
    classify.add_argument("--train", metavar="A.csv", type=Path, required=True, help="学习用，列 label、text")
    classify.add_argument("--test", metavar="B.csv", type=Path, required=True, help="检验用，列 text，可带 label")
    classify.add_argument("--out", metavar="OUT.csv", type=Path, required=True, help="写到哪里")


def run(options: argparse.Namespace, progress: Progress) -> Answer:
    """Learn, suggest, and compare where the test file says what is right."""
    from commandcenter.intake.category.archive import open_archive
    from commandcenter.intake.category.sample import Sample

    truth: list[str] = []
    said: list[str] = []
    with whole_file(options.out, options.train, options.test) as file:
        rows = open_archive(options.train, labelled=True).rows()
        samples = [Sample(row.label, row.text) for row in rows if row.label and row.text.strip()]
        if len({sample.label for sample in samples}) < 2:
            raise PersonError(f"“{options.train.name}”里带类别的诉求不到两类，学不了分类。", "请换一份带类别的存档。")
        test = open_archive(options.test, labelled=False)
        from commandcenter.intake.category.figures import compare
        from commandcenter.intake.category.training import train  # heavy: a bad file is refused before

        progress(f"正在从 {len(samples)} 件诉求学习分类")
        model = train(samples)
        progress("正在建议类别")
        writer = csv.writer(file)
        writer.writerow(("index", "predicted", "probability"))
        for batch in _batches(test):
            for row, suggestions in zip(batch, model.suggest([row.text for row in batch], top=1), strict=True):
                writer.writerow((len(said), suggestions[0].label, f"{suggestions[0].probability:.4f}"))
                truth.append(row.label)
                said.append(suggestions[0].label)
    judged = [(right, guess) for right, guess in zip(truth, said, strict=True) if right]
    score = compare([right for right, _ in judged], [guess for _, guess in judged])
    unseen = model.figures.macro_f1
    facts = {
        "learned_from": len(samples),
        "categories": len(model.labels),
        "training_set": model.learned_from,
        "rows": len(said),
        "judged": len(judged),
        "macro_f1": score,
        "cross_validated": asdict(model.figures),
        "out": str(options.out),
    }
    told = "" if score is None else f"与其中 {len(judged)} 件已有的类别相比，宏平均 F1 为 {score:.4f}。"
    own = "" if unseen is None else f"（学习时交叉验证的宏平均 F1 为 {unseen:.4f}）"
    return Answer(
        f"从 {len(samples)} 件、{len(model.labels)} 类学习{own}，给 {len(said)} 件写了建议。{told}已写到 {options.out}。",
        facts,
    )


def _batches(archive: "Archive") -> Iterator[list["Row"]]:
    rows = archive.rows()
    while batch := list(islice(rows, _BATCH)):
        yield batch
