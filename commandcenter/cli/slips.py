"""Commands on slips 三单: what is open, and the register as a table."""

import argparse
from pathlib import Path

from commandcenter.cli.answer import Answer, Progress, told
from commandcenter.cli.options import Commands, command, count, group
from commandcenter.errors import PersonError
from commandcenter.services.centre import Centre

KINDS = ("提示单", "督办单", "警示单")


def add(commands: Commands) -> None:
    """Name them and their options."""
    slips = group(commands, "slip", "三单：提示单、督办单、警示单")
    command(slips, "list", "列出没有办结的三单，包括草稿", listing)
    exporting = command(slips, "export", "导出三单台账到 xlsx 或 csv", export)
    exporting.add_argument("out", metavar="OUT.xlsx|.csv", type=Path)
    exporting.add_argument("--year", type=count, metavar="年", help="签发的年度，默认本年")
    exporting.add_argument("--kind", choices=KINDS, metavar="种类", help="、".join(KINDS))
    exporting.add_argument("--unit", metavar="单位", help="主送单位的名称、简称或编号")
    printing = command(slips, "pdf", "把一份单存为 pdf 或 docx", paper)
    printing.add_argument("slip", metavar="编号", help="荣社督〔2026〕12号，或内部编号（slip list --json 里的 id）")
    printing.add_argument("out", metavar="OUT.pdf|.docx", type=Path)


async def listing(_: argparse.Namespace, centre: Centre, __: Progress) -> Answer:
    """What waits for somebody, warnings first."""
    from commandcenter.services import people, slips
    from commandcenter.services.slip_register import STATE_WORDS

    async with people.administering(centre.url) as db:
        found = await slips.read_open(db)
    lines = []
    for slip in found:
        clock, due = slip.clock()
        until = "" if due is None else f"{'签收' if clock == 'receipt' else '回复'}时限 {told(due)}"
        lines.append(
            "\t".join(
                [slip.number or slip.kind_name, STATE_WORDS[slip.state], slip.unit_short_name, slip.subject, until]
            ).rstrip()
        )
    facts = [
        {
            "id": slip.id, "number": slip.number, "kind": slip.kind_name, "state": STATE_WORDS[slip.state],
            "unit": slip.unit_name, "subject": slip.subject, "facts": len(slip.facts),
            "receipt_due_at": slip.receipt_due_at, "reply_due_at": slip.reply_due_at,
        }
        for slip in found
    ]  # fmt: skip
    return Answer("\n".join(lines) or "没有未办结的三单。", {"slips": facts})


async def export(options: argparse.Namespace, centre: Centre, _: Progress) -> Answer:
    """Write the register of a year."""
    from commandcenter.services import people, slips

    async with people.administering(centre.url) as db:
        found = await slips.register(
            db,
            year=options.year if options.year is not None else await slips.this_year(db),
            kind=None if options.kind is None else slips.SlipKind(KINDS.index(options.kind) + 1),
            unit_id=None if options.unit is None else await people.unit_id(db, options.unit),
        )
    slips.export_register(found, options.out)
    return Answer(f"已导出 {len(found)} 份三单到 {options.out}。", {"slips": len(found), "file": str(options.out)})


async def paper(options: argparse.Namespace, centre: Centre, _: Progress) -> Answer:
    """One slip as a document."""
    from commandcenter.reports.slip_docx import slip_docx, template_of
    from commandcenter.reports.slip_pdf import slip_pdf
    from commandcenter.services import people
    from commandcenter.services.slip_paper import read_paper

    kind = options.out.suffix.lower()
    if kind not in {".pdf", ".docx"}:
        raise PersonError(f"不能存成“{options.out.name}”。", "文件名请以 .pdf 或 .docx 结尾。")
    async with people.administering(centre.url) as db:
        document = await read_paper(db, options.slip)
    content = slip_pdf(document) if kind == ".pdf" else slip_docx(document, template_of(centre.settings.data_dir))
    try:
        options.out.write_bytes(content)
    except OSError as error:
        raise PersonError(f"写不进“{options.out}”。", "请检查文件夹是否存在、是否可写。") from error
    return Answer(
        f"已存为 {options.out}。", {"number": document.number, "file": str(options.out), "draft": document.is_draft}
    )
