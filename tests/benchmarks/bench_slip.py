"""How fast a slip becomes a document: a hundred different ones in a row, the first of the process among them.

`slip.pdf` stands against a page with nothing on it, set by the same compiler in the same run: what the template itself
costs. The Word document of the same slip is measured beside it. Memory is the process's own, after the tenth and the last.
"""

import statistics
import time
from dataclasses import replace
from datetime import date

import psutil
import typst

from commandcenter.reports.slip_document import FactLine, Receipt, Signer, SlipDocument
from commandcenter.reports.slip_docx import slip_docx
from commandcenter.reports.slip_pdf import slip_pdf
from tests.benchmarks.figure import Figure, figure

SLIP = SlipDocument(
    body="某某市社会治理服务中心",
    number="某社督〔2026〕1号",
    title="关于部分工单超过办结期限的督办单",
    addressee="住房和城乡建设局（分管负责人）",
    paragraphs=("贵单位承办的下列工单已超过办结期限，至今没有办结。" * 6,),
    facts=tuple(FactLine(f"202611220000{at}", "路灯不亮", "绿", "超过期限两天，重办一次") for at in range(5)),
    demands=("请立即组织办理，查明原因，按期书面回复办理结果。",),
    reply_by="请于2026年11月25日17时30分前书面回复，并填写所附回执。",
    signers=(Signer("中心主任", "某某"),),
    day=date(2026, 11, 22),
    copies=("市委办公室", "市政府办公室", "市纪委监委"),
    receipt=Receipt("住房和城乡建设局"),
)


def run(quick: bool = False) -> list[Figure]:
    """Measure; `quick` takes ten. Milliseconds, and megabytes of growth."""
    process = psutil.Process()
    count = 10 if quick else 100
    pdf, empty, docx = [], [], []
    settled = 0
    for number in range(count):
        slip = replace(SLIP, number=f"某社督〔2026〕{number}号", paragraphs=(f"第{number}号。{SLIP.paragraphs[0]}",))
        pdf.append(_ms(lambda slip=slip: slip_pdf(slip)))
        if number == min(9, count - 2):
            settled = process.memory_info().rss
    grown = (process.memory_info().rss - settled) / 1e6
    fonts = typst.Fonts()
    for number in range(count):
        page = f"第 {number} 页".encode()
        empty.append(_ms(lambda page=page: typst.Compiler(page, font_paths=fonts).compile(format="pdf")))
    for number in range(max(5, count // 10)):
        slip = replace(SLIP, number=f"某社督〔2026〕{number}号")
        docx.append(_ms(lambda slip=slip: slip_docx(slip)))
    return [
        figure("slip.pdf", statistics.median(pdf), "ms", "one line on a page, median", statistics.median(empty)),
        figure("slip.pdf.worst", max(pdf), "ms", "one line on a page, worst", max(empty)),
        figure("slip.docx", statistics.median(docx), "ms", "the same as PDF, median", statistics.median(pdf)),
        figure("slip.memory", grown, "MB"),
    ]


def _ms(act: object) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    for line in run():
        print(line)
