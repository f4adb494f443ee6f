"""From what is stored of a slip to what is printed of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from commandcenter.clock import SHANGHAI
from commandcenter.domain.slip import SlipKind, SlipState
from commandcenter.reports.slip_document import SlipDocument
from commandcenter.reports.slip_facts import fact_line
from commandcenter.reports.slip_of import addressee_of, document_of, title_of
from commandcenter.services.slip_reads import Signature, Slip, SlipFact

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)


def slip(**given: Any) -> Slip:
    facts: dict[str, Any] = {
        "id": 1, "version": 1, "kind": SlipKind.ORDER, "state": SlipState.DRAFT, "rule_id": 6, "trigger": "overdue",
        "day": NOW.date(), "unit_id": 1, "path": "01.02.", "number": "", "year": None, "serial": None, "urgency": "一般",
        "addressee": "分管负责人", "copies": (), "subject": "关于1件工单超期未办结的督办", "wrong": "一。\n\n 二。", "demand": "办。",
        "contact": "", "edited": False, "drafted_at": NOW, "drafted_by": "cc_system", "signed_at": None,
        "receipt_due_at": None, "reply_due_at": None, "received_at": None, "received_by": "", "replied_at": None,
        "replied_by": "", "reply": "", "plan": "", "verdict": "", "judged_at": None, "judged_by": "", "sent_back": 0,
        "ended_words": "", "receipt_missed_at": None, "reply_missed_at": None, "changed_at": NOW, "verb": "draft",
        "actor": "cc_system", "unit_name": "住建局", "unit_short_name": "住建", "kind_name": "督办单", "rule_name": "工单超期",
    }  # fmt: skip
    return Slip(**facts | given)


def paper(**given: Any) -> SlipDocument:
    return document_of(
        slip(**given), body="某某中心", signers=("director", "leader"), reply_days=3, names={"wang": "王某"}
    )


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("关于1件工单超期未办结的督办", "关于1件工单超期未办结的督办单"),
        ("关于路灯的督办单", "关于路灯的督办单"),
        ("关于路灯", "关于路灯的督办单"),
        ("路灯不亮", "关于路灯不亮的督办单"),
    ],
)
def test_a_title_reads_as_titles_of_documents_do(subject: str, title: str) -> None:
    assert title_of(subject, "督办单") == title


def test_the_unit_stands_before_whom_it_is_meant_for() -> None:
    assert addressee_of("住建局", "分管负责人") == "住建局（分管负责人）"
    assert addressee_of("住建局", "住建局王局长") == "住建局王局长"
    assert addressee_of("住建局", "") == "住建局"


def test_lines_are_paragraphs_and_empty_ones_none() -> None:
    assert paper().paragraphs == ("一。", "二。")


def test_until_when_before_and_after_the_signature() -> None:
    assert paper().reply_by.startswith("请自签发之日起3个工作日内书面回复办理结果")
    due = datetime(2026, 11, 26, 17, 30, tzinfo=SHANGHAI).astimezone(UTC)
    assert paper(reply_due_at=due).reply_by.startswith("请于2026年11月26日17时30分前书面回复办理结果")
    night = datetime(2026, 11, 27, 0, 0, tzinfo=SHANGHAI)  # the end of the 26th, for units that work around the clock
    assert paper(reply_due_at=night).reply_by.startswith("请于2026年11月26日24时前")
    assert "整改方案" in paper(kind=SlipKind.WARNING).reply_by


def test_who_signed_stands_before_who_still_has_to() -> None:
    signed = Signature(1, "leader", "wang", "王某", NOW)
    signers = [(signer.post, signer.name) for signer in paper(signatures=(signed,)).signers]
    assert signers == [("市领导", "王某"), ("市领导", "")]
    assert [signer.post for signer in paper().signers] == ["中心主任", "市领导"]


def test_the_day_of_the_document_is_that_of_the_last_signature_in_shanghai() -> None:
    assert paper().day is None
    assert paper(signed_at=datetime(2026, 11, 22, 16, 30, tzinfo=UTC)).day == date(2026, 11, 23)


def test_the_receipt_says_who_and_when_and_the_verdict() -> None:
    receipt = paper(
        state=SlipState.SENT_BACK,
        received_at=NOW,
        received_by="wang",
        replied_at=NOW + timedelta(days=1),
        replied_by="somebody",
        reply="已办。",
        judged_at=NOW + timedelta(days=2),
        judged_by="wang",
        verdict="缺照片",
    ).receipt
    assert receipt is not None
    assert (receipt.received_by, receipt.received_at) == ("王某", "2026年11月23日 10:00")
    assert receipt.replied_by == "somebody"
    assert receipt.verdict == "退回再复：缺照片"
    assert not receipt.with_plan


def test_only_urgency_that_is_any_is_printed() -> None:
    assert paper().urgency == ""
    assert paper(urgency="特急").urgency == "特急"


@pytest.mark.parametrize(
    ("fact", "number", "said"),
    [
        (
            {"number": "RC1", "title": "路灯", "grade": 4, "due_at": "2026-11-20T09:30:00+00:00", "redos": 2},
            "RC1",
            ("应于11月20日17:30前办结，已超期", "重办2次"),
        ),
        ({"number": "RC1", "grade": 0, "due_at": "2026-11-30T09:30:00+00:00", "reports": 3}, "RC1", ("诉求3件",)),
        (
            {"whistle": "W1", "number": "RC1", "level_name": "联合哨", "clock": "arrive"},
            "RC1",
            ("W1（联合哨）逾时未报到",),
        ),
        (
            {"slip": "荣社督〔2026〕1号", "subject": "关于路灯", "reply_due_at": "2026-11-20T09:30:00+00:00"},
            "荣社督〔2026〕1号",
            ("应于11月20日17:30前回复",),
        ),
        ({"days": 30, "valid": 10, "share": 0.8, "line": 0.9}, "", ("满意率80.0%，低于90.0%",)),
        ({"number": "RC1", "first": "满意", "solved": False, "satisfied": "不满意"}, "RC1", ("复核未解决、不满意",)),
    ],
)
def test_every_kind_of_fact_is_a_row(fact: dict[str, Any], number: str, said: tuple[str, ...]) -> None:
    line = fact_line(SlipFact("k", NOW, None, None, None, fact))
    assert line.number == number
    for words in said:
        assert words in line.finding


def test_a_fact_not_yet_due_is_not_called_overdue() -> None:
    line = fact_line(SlipFact("k", NOW, 1, None, None, {"number": "RC1", "due_at": "2026-11-30T09:30:00+00:00"}))
    assert "超期" not in line.finding
