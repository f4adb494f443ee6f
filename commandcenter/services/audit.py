"""核查: whether what a centre holds can have come about lawfully. Reads everything, changes nothing; every finding a sentence.

The checks are the database's (sql/93_audit_*.sql, and cc.check_journal for hashes and seals); here they are put into words.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from commandcenter.db import duties, reads
from commandcenter.db.engine import Database

_WORDS = {
    "case_unsent": "工单 {0}：还没有派单，却已有单位或期限。",
    "case_no_clock": "工单 {0}：已经派单，却没有单位或期限。",
    "case_soon_after_due": "工单 {0}：临期时间晚于办结期限。",
    "case_paused": "工单 {0}：挂起状态与挂起时间不符。",
    "case_finished": "工单 {0}：状态与办结时间不符。",
    "case_ended": "工单 {0}：状态与归档时间不符。",
    "case_order": "工单 {0}：受理、派单、办结、归档的先后不对。",
    "case_extension": "工单 {0}：延期申请的标记与天数不符。",
    "case_problem": "工单 {0}：退单或重办已达次数，却没有标为问题工单。",
    "case_held": "工单 {0}：认领人与认领时间不符。",
    "case_lead": "工单 {0}：主办单位的任务与工单不符。",
    "case_signed": "工单 {0}：在办，却没有主办单位的签收。",
    "case_reports": "工单 {0}：诉求条数不符。",
    "case_uncalled": "工单 {0}：已归档，却有诉求人没有回访到。",
    "case_journal": "工单 {0}：状态或版本与流水不符。",
    "case_steps": "工单 {0}：流水前后不衔接。",
    "case_counts": "工单 {0}：退单或重办的次数与流水不符。",
    "case_clock": "工单 {0}：期限与按流水重新计算的不符。",
    "case_double_no": "工单 {0}：双否标记与回访结果不符。",
    "day_numbers": "{0} 的工单编号不连续或有重复。",
    "orphan_report": "诉求 {1} 所属的工单不存在。",
    "orphan_assignment": "任务 {1} 所属的工单不存在。",
    "orphan_finish": "办结记录 {1} 所属的工单不存在。",
    "orphan_follow_up": "回访 {1} 所属的工单不存在。",
    "orphan_attachment": "附件 {1} 所属的工单不存在。",
    "orphan_whistle": "哨 {0} 所属的工单不存在。",
    "orphan_appeal": "申请 {1} 所属的工单不存在。",
    "orphan_slip_fact": "三单 {1} 所依据的工单不存在。",
    "whistle_derived": "哨 {0}：状态与各单位的情况不符。",
    "whistle_uncalled": "哨 {0}：状态与有没有推送单位不符。",
    "whistle_lead": "哨 {0}：主责单位不是恰好一个。",
    "whistle_withdrawn": "哨 {0}：已撤回，却还有单位没有免到。",
    "whistle_times": "哨 {0}：起哨、审签、推送、销哨的时间与状态不符。",
    "whistle_level": "哨 {0}：级别与历次提级不符。",
    "whistle_twice": "哨 {0}：同一工单有几个在办的哨。",
    "whistle_numbers": "哨 {0}：同一工单的哨编号不连续或有重复。",
    "whistle_outlived": "哨 {0}：工单已办结或归档，哨还没有销。",
    "whistle_journal": "哨 {0}：状态或版本与流水不符。",
    "whistle_steps": "哨 {0}：流水前后不衔接。",
    "party_columns": "哨 {0}：状态与应哨、报到、销哨的记录不符。",
    "party_score": "哨 {0}：状态与评分不符。",
    "party_speed": "哨 {0}：建议的速度分与记录的时间不符。",
    "party_order": "哨 {0}：应哨、报到、销哨、评哨的先后不对。",
    "party_missed": "哨 {0}：逾时标记与记录的时间不符。",
    "party_clock": "哨 {0}：时限与按流水重新计算的不符。",
    "party_sight": "哨 {0}：单位被吹哨，却看不到工单。",
    "party_journal": "哨 {0}：状态或版本与流水不符。",
    "party_steps": "哨 {0}：流水前后不衔接。",
    "slip_number": "三单 {0}：状态与编号不符。",
    "slip_signed": "三单 {0}：状态与签发不符。",
    "slip_signatures": "三单 {0}：会签的顺序或人数不对。",
    "slip_received": "三单 {0}：状态与签收不符。",
    "slip_replied": "三单 {0}：状态与回复不符。",
    "slip_judged": "三单 {0}：状态与评定不符。",
    "slip_plan": "警示单 {0}：已回复，却没有整改方案。",
    "slip_order": "三单 {0}：起草、签发、签收、回复、评定的先后不对。",
    "slip_ended": "三单 {0}：不发或作废，却没有理由。",
    "slip_missed": "三单 {0}：逾期标记与签收时间不符。",
    "slip_clock": "三单 {0}：签收或回复期限与重新计算的不符。",
    "slip_groundless": "三单 {0}：按规则起草，却没有依据。",
    "slip_journal": "三单 {0}：状态或版本与流水不符。",
    "slip_steps": "三单 {0}：流水前后不衔接。",
    "slip_numbers": "{0} 年的编号不连续或有重复。",
    "call_no_report": "工单 {0}：有回访所对的诉求不存在。",
    "call_round": "工单 {0}：有回访的轮次多于重办次数。",
    "call_answer": "工单 {0}：有回访的答复与是否接通不符。",
    "call_future": "工单 {0}：有回访的时间晚于现在。",
    "second_call_of_none": "工单 {0}：抽查所对的回访不存在。",
    "second_call_unasked": "工单 {0}：抽查了没有表示满意的回访。",
    "second_call_by_first": "工单 {0}：抽查由原回访员拨打。",
    "second_call_early": "工单 {0}：抽查的时间与回访不符。",
    "second_call_answer": "工单 {0}：抽查的答复不全。",
    "appeal_review": "工单 {0}：剔除或申诉的审核记录不全。",
    "appeal_own": "工单 {0}：剔除或申诉由申请人自己审核。",
    "appeal_of_none": "工单 {0}：剔除或申诉所对的回访不存在。",
    "appeal_unit": "工单 {0}：申请剔除或申诉的单位没有办过这件工单。",
    "merge_report": "诉求 {1} 不在它受理时的工单现在办理的地方。",
    "merge_link": "工单 {0}：并入状态与并单记录不符。",
    "merge_circle": "工单 {0}：并入的去向不存在、也已并入，或绕成一圈。",
    "merge_grade": "工单 {0}：等级不是它自己与并来的工单合起来应有的。",
    "merge_base": "工单 {0}：并单前的等级与期限没有留存，或并单撤销后没有清除。",
    "merge_file": "附件或评价 {1} 不在它的诉求所在的工单。",
    "merge_sight": "工单 {0}：并单双方所在地没有都能看到。",
    "model_damaged": "第 {0} 版模型与保存时不符。",
    "correction_of_none": "纠正 {1} 所对的诉求不存在。",
    "answered_without": "工单 {0}：直办，却没有答复或诉求人的评价。",
    "journal_row": "流水第 {1} 条被改动过。",
    "journal_seal": "到第 {1} 条为止的流水封存不符：有流水被改动、删去或添加。",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that cannot have come about; `code` names the check, `id` the row."""

    code: str
    id: int
    name: str

    @property
    def sentence(self) -> str:
        """For people; numbers of cases, whistles and slips, nothing of a citizen's."""
        return _WORDS[self.code].format(self.name, self.id)


async def check(db: Database) -> tuple[Finding, ...]:
    """Everything that does not fit; empty means sound. For administrators and the system.

    Raises PersonError. Takes about as long as reading every case and the whole journal.
    """
    async with db.begin() as connection:
        found: Iterable[Any] = await reads.rows(connection, duties.AUDIT)
        broken: Iterable[Any] = await reads.rows(connection, duties.CHECK)
    return (
        *(Finding(row.code, row.id, row.name) for row in found),
        *(Finding(f"journal_{row.kind}", row.seq, "") for row in broken),
    )
