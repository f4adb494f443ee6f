"""From a slip as it is stored to what is printed of it: title, addressee, until when, what happened, who signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from commandcenter.clock import SHANGHAI
from commandcenter.domain.slip import SlipKind, SlipState
from commandcenter.reports.slip_document import Receipt, Signer, SlipDocument
from commandcenter.reports.slip_facts import fact_line
from commandcenter.services.slip_reads import Slip

POST_WORDS = {"town_head": "镇街主要负责人", "section_head": "科室负责人", "director": "中心主任", "leader": "市领导"}
_ASKED = {
    SlipKind.NOTICE: "书面回复办理情况",
    SlipKind.ORDER: "书面回复办理结果",
    SlipKind.WARNING: "书面报送整改方案和整改结果",
}


def document_of(
    slip: Slip, *, body: str, signers: Sequence[str], reply_days: int, names: Mapping[str, str]
) -> SlipDocument:
    """The slip, ready to be set.

    `body` is the issuing body's whole name; `signers` and `reply_days` are its kind's; `names` gives people's names by
    login, a login that is not in it stays as it is.
    """

    def name(login: str) -> str:
        return names.get(login, login)

    return SlipDocument(
        body=body,
        number=slip.number,
        title=title_of(slip.subject, slip.kind_name),
        addressee=addressee_of(slip.unit_name, slip.addressee),
        paragraphs=_paragraphs(slip.wrong),
        demands=_paragraphs(slip.demand),
        reply_by=_reply_by(slip, reply_days),
        facts=tuple(fact_line(fact) for fact in slip.facts),
        urgency="" if slip.urgency == "一般" else slip.urgency,
        signers=_signers(slip, signers),
        day=None if slip.signed_at is None else slip.signed_at.astimezone(SHANGHAI).date(),
        contact=slip.contact,
        copies=slip.copies,
        void=slip.ended_words if slip.state is SlipState.VOID else "",
        receipt=Receipt(
            unit=slip.unit_name,
            due=moment_words(slip.reply_due_at),
            received_by=name(slip.received_by),
            received_at=moment_words(slip.received_at),
            reply=slip.reply,
            plan=slip.plan,
            with_plan=slip.kind is SlipKind.WARNING,
            files=tuple(file.name for file in slip.files),
            replied_by=name(slip.replied_by),
            replied_at=moment_words(slip.replied_at),
            verdict=verdict_words(slip),
            judged_by=name(slip.judged_by),
            judged_at=moment_words(slip.judged_at),
        ),
    )


def title_of(subject: str, kind: str) -> str:
    """关于…的督办单: what the subject lacks of it is added."""
    if subject.endswith(kind):
        return subject
    if subject.endswith(kind.removesuffix("单")):  # as the timekeeper words it
        return f"{subject}单"
    return f"{subject if subject.startswith('关于') else f'关于{subject}'}的{kind}"


def addressee_of(unit: str, whom: str) -> str:
    """住房和城乡建设局（分管负责人）; what names the unit itself stays as it was written."""
    if not whom:
        return unit
    return whom if unit in whom else f"{unit}（{whom}）"


def verdict_words(slip: Slip) -> str:
    """通过 or 退回 with the judge's words; '' where none has judged."""
    if slip.judged_at is None:
        return ""
    said = "通过" if slip.state is SlipState.CLOSED else "退回再复"
    return f"{said}：{slip.verdict}" if slip.verdict else said


def moment_words(at: datetime | None) -> str:
    """2026年11月25日 17:30 in Shanghai; '' for None."""
    if at is None:
        return ""
    local = at.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _reply_by(slip: Slip, reply_days: int) -> str:
    asked = _ASKED[slip.kind]
    if slip.reply_due_at is None:
        return f"请自签发之日起{reply_days}个工作日内{asked}，并填写所附回执。"
    return f"请于{_limit_words(slip.reply_due_at)}前{asked}，并填写所附回执。"


def _limit_words(due: datetime) -> str:
    """2026年11月25日17时30分; the midnight that ends a day is that day's 24时."""
    local = due.astimezone(SHANGHAI)
    if (local.hour, local.minute) == (0, 0):
        before = local - timedelta(days=1)
        return f"{before.year}年{before.month}月{before.day}日24时"
    minutes = f"{local.minute}分" if local.minute else ""
    return f"{local.year}年{local.month}月{local.day}日{local.hour}时{minutes}"


def _signers(slip: Slip, posts: Sequence[str]) -> tuple[Signer, ...]:
    """Who signed, with the post they signed with; then the posts that still have to."""
    signed = [Signer(POST_WORDS.get(each.post, each.post), each.name) for each in slip.signatures]
    return (*signed, *(Signer(POST_WORDS.get(post, post)) for post in posts[len(signed) :]))
