"""Models of the intake: trained from the centre's own archive, listed with their figures, put into use."""

import argparse
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from commandcenter.cli.answer import Answer, Progress, told
from commandcenter.cli.options import Commands, command, count, group
from commandcenter.services.centre import Centre

if TYPE_CHECKING:
    from commandcenter.services.models import ModelVersion

_KINDS = {"category": "分类", "repeats": "查重"}


def add(commands: Commands) -> None:
    """Name them and their options."""
    model = group(commands, "model", "智能受理的模型：从本中心的档案训练，列出各版，换用")
    training = command(model, "train", "从已确认的工单和人工纠正训练一版，不比在用的差就启用（管理员）", train)
    listing = command(model, "list", "各版模型：从多少件学的，准不准，哪一版在用", show)
    using = command(model, "use", "换用某一版（管理员）", use)
    using.add_argument("version", metavar="版本", type=count, help="model list 列出的版本号")
    using.add_argument("--despite", action="store_true", help="数字比在用的差也换用")
    for each in (training, using):
        each.add_argument(
            "--kind", choices=tuple(_KINDS), default="category", help="category 分类（默认），repeats 查重"
        )
    listing.add_argument("--kind", choices=tuple(_KINDS), help="只列一种")


async def train(options: argparse.Namespace, centre: Centre, progress: Progress) -> Answer:
    """Train a version."""
    from commandcenter.services import models, people

    def say(share: float, words: str) -> None:
        progress(f"{words} {share:.0%}")

    async with people.administering(centre.url) as db:
        done = await models.train(db, options.kind, progress=say, key=uuid4())
    made, before = done.model, done.before
    text = f"{_KINDS[made.kind]}模型第 {made.version} 版：{_words(made)}。"
    if made.active:
        text += "已启用。"
    else:
        used = "未训练时（按名称和关键词）" if before is None else f"在用的第 {before.version} 版"
        was = made.figures.get("cold_f1") if before is None else before.macro_f1
        text += f"低于{used}的 {_share(was)}，没有启用；确要换用：model use {made.version} --despite。"
    return Answer(text, _facts(made) | {"before": None if before is None else _facts(before)})


async def show(options: argparse.Namespace, centre: Centre, _: Progress) -> Answer:
    """All versions, and how often officers chose another category."""
    from commandcenter.services import models, people

    async with people.administering(centre.url) as db:
        versions = await models.read_versions(db, options.kind)
        corrections = await models.read_corrections(db)
    lines = [
        f"{'* ' if each.active else '  '}{_KINDS[each.kind]} 第 {each.version} 版 {told(each.made_at)} {each.made_by}：{_words(each)}"
        for each in versions
    ]
    if not any(each.active and each.kind == "category" for each in versions):
        lines.append("分类没有在用的模型，暂按分类的名称和关键词建议。")
    lines.append(f"人工纠正共 {corrections.number} 次，其中 {corrections.fresh} 次还没有学进在用的模型。")
    facts = {
        "versions": [_facts(each) for each in versions],
        "corrections": corrections.number,
        "fresh_corrections": corrections.fresh,
    }
    return Answer("\n".join(lines), facts)


async def use(options: argparse.Namespace, centre: Centre, _: Progress) -> Answer:
    """Put a version into use."""
    from commandcenter.errors import PersonError
    from commandcenter.services import models, people

    async with people.administering(centre.url) as db:
        found = [each for each in await models.read_versions(db, options.kind) if each.version == options.version]
        if not found:
            raise PersonError(f"没有第 {options.version} 版{_KINDS[options.kind]}模型。", "请用 model list 查看。")
        await models.use(db, model_id=found[0].id, despite=options.despite, key=uuid4())
    return Answer(
        f"已启用{_KINDS[options.kind]}模型第 {options.version} 版：{_words(found[0])}。",
        {"kind": options.kind, "version": options.version},
    )


def _words(model: "ModelVersion") -> str:
    samples = f"从 {model.training.get('samples', 0)} 件学习"
    if model.kind != "category":
        return samples
    figures = model.figures
    return (
        f"{samples}，{model.training.get('categories', 0)} 类，宏平均 F1 {_share(figures.get('macro_f1'))}，"
        f"首选正确 {_share(figures.get('accuracy'))}，前三含正确 {_share(figures.get('top_three'))}"
    )


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _facts(model: "ModelVersion") -> dict[str, Any]:
    return {
        "id": model.id,
        "kind": model.kind,
        "version": model.version,
        "made_at": model.made_at,
        "made_by": model.made_by,
        "active": model.active,
        "size": model.size,
        "sha256": model.sha256,
        "figures": dict(model.figures),
        "training": dict(model.training),
    }
