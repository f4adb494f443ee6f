"""The register of slips as a table for people: one row a number, void ones included, moments as read in Shanghai."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from commandcenter.clock import SHANGHAI
from commandcenter.domain.slip import SlipState
from commandcenter.services.slip_reads import Slip
from commandcenter.services.table_file import table_file

STATE_WORDS = {
    SlipState.DRAFT: "草稿", SlipState.TO_COSIGN: "待会签", SlipState.TO_RECEIVE: "待签收", SlipState.TO_REPLY: "待回复",
    SlipState.TO_JUDGE: "待评定", SlipState.SENT_BACK: "退回再复", SlipState.CLOSED: "已办结", SlipState.DISMISSED: "不发",
    SlipState.VOID: "作废",
}  # fmt: skip
HEADER = (
    "编号", "种类", "年度", "序号", "状态", "紧急程度", "主送单位", "主送", "事由", "存在问题", "工作要求", "涉及工单",
    "签发时间", "签发人", "签收时限", "签收时间", "回复时限", "回复时间", "逾期签收", "逾期回复", "退回次数", "评定意见",
    "评定时间", "抄送", "已抄送", "作废原因",
)  # fmt: skip


def export_register(slips: Iterable[Slip], path: Path) -> None:
    """Write the slips to `path` (.xlsx or .csv), in their order; the file appears whole or not at all.

    Raises PersonError for another kind of file, or a folder that cannot be written.
    """
    with table_file(path, HEADER, "三单台账") as add:
        for slip in slips:
            add(_cells(slip))


def _cells(slip: Slip) -> tuple[object, ...]:
    cases = [fact.fact.get("number", "") for fact in slip.facts if fact.case_id is not None]
    return (
        slip.number,
        slip.kind_name,
        slip.year,
        slip.serial,
        STATE_WORDS[slip.state],
        slip.urgency,
        slip.unit_name,
        slip.addressee,
        slip.subject,
        slip.wrong,
        slip.demand,
        "、".join(cases),
        _told(slip.signed_at),
        "、".join(signature.name for signature in slip.signatures),
        _told(slip.receipt_due_at),
        _told(slip.received_at),
        _told(slip.reply_due_at),
        _told(slip.replied_at),
        "是" if slip.receipt_missed_at is not None else "否",
        "是" if slip.reply_missed_at is not None else "否",
        slip.sent_back,
        slip.verdict,
        _told(slip.judged_at),
        "、".join(slip.copies),
        "、".join(copy.recipient for copy in slip.copies_sent),
        slip.ended_words,
    )


def _told(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
