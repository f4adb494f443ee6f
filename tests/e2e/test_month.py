"""A small month of the demo county, and the audit: it finds nothing there, and everything that is damaged afterwards."""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import pytest

from commandcenter import address
from commandcenter.clock import SHANGHAI
from commandcenter.db import schema
from commandcenter.db.engine import Database
from commandcenter.services import audit
from commandcenter.services.play import month
from commandcenter.services.play.month import MonthReport
from tests.e2e.county_database import run

CASES, DAYS = 300, 5
START = datetime(2026, 11, 2, tzinfo=SHANGHAI)
"""A Monday; five working days."""


@dataclass(frozen=True)
class Month:
    server: str
    name: str
    report: MonthReport

    async def damaged(self, *statements: str) -> set[str]:
        """What the audit finds after these statements, which pass by every trigger; the database is whole again afterwards."""
        copy = f"{self.name}_copy"
        connection = await asyncpg.connect(self.server)
        await connection.execute(f"create database {copy} template {self.name} owner cc_owner strategy file_copy")
        url = schema.with_database(self.server, copy)
        try:
            inside = await asyncpg.connect(url)
            await inside.execute("set session_replication_role = replica")
            for statement in statements:
                done = await inside.execute(statement)
                assert not done.endswith(" 0"), f"nothing to damage: {statement}"
            await inside.close()
            db = await Database.connect(url)
            try:
                return {finding.code for finding in await audit.check(db) if finding.sentence.endswith("。")}
            finally:
                await db.close()
        finally:
            await connection.execute(f"drop database {copy} with (force)")
            await connection.close()


@pytest.fixture(scope="module")
def played(server: str) -> Iterator[Month]:
    name = f"cc_month_{os.getpid()}"
    url = schema.with_database(server, name)

    async def make() -> MonthReport:
        await schema.create_database(server, name)
        await schema.upgrade(url)
        return await month.simulate(
            url,
            lambda login, password: address.with_login(url, login, password),
            cases=CASES,
            seed=7,
            start=START,
            days=DAYS,
            progress=lambda _: None,
        )

    async def remove() -> None:
        connection = await asyncpg.connect(server)
        await connection.execute(f"drop database {name} with (force)")
        await connection.close()

    yield Month(server, name, run(make()))
    run(remove())


def test_a_month_ends_with_nothing_impossible(played: Month) -> None:
    report = played.report
    assert [finding.sentence for finding in report.findings] == []
    assert (report.end - report.start).days == DAYS
    came = ("register", "answer_now", "register_into")
    assert sum(report.of("cases").values()) == CASES == sum(report.deeds[each] for each in came)
    assert report.of("cases")["8"] == report.deeds["register_into"] - report.deeds.get("undo_merge", 0) > 10
    assert 0.1 < report.deeds["answer_now"] / CASES < 0.3
    assert set(report.refused) <= {"已过退单时限，不能退单。"}, report.refused
    assert {
        "accept",
        "finish",
        "follow_up",
        "archive",
        "blow",
        "approve",
        "answer",
        "check_in",
        "stand_down",
        "score",
    } <= set(report.deeds)
    assert sum(report.of("whistles").values()) == report.deeds["blow"]
    assert report.of("parties")["scored"] == report.deeds["score"]
    assert report.kept["seal"] == report.of("journal")["rows"]
    assert report.of("journal")["seals"] > 0


async def test_the_clock_stands_at_the_months_end_and_everybody_kept_to_it(played: Month) -> None:
    connection = await asyncpg.connect(schema.with_database(played.server, played.name))
    try:
        assert await connection.fetchval("select fixed_now from cc.centre") == played.report.end
        assert (
            await connection.fetchval(
                "select count(*) from cc.journal where case_id is not null and at > $1", played.report.end
            )
            == 0
        )
        assert await connection.fetchval("select count(*) from cc.cases where changed_at < $1", START) == 0
        hands = "select count(distinct actor) from cc.journal where case_id is not null"
        assert await connection.fetchval(hands) > 30, "by many people, each on their own login"
    finally:
        await connection.close()


async def test_questions_were_answered_on_the_spot_and_categories_put_right(played: Month) -> None:
    connection = await asyncpg.connect(schema.with_database(played.server, played.name))
    try:
        answered = await connection.fetch(
            "select c.kind, c.state, f.done = any (select answer from cc.answers) as known, p.satisfied from cc.cases c "
            "join cc.finishes f on f.case_id = c.id join cc.follow_ups p on p.case_id = c.id "
            "where c.id in (select case_id from cc.journal where verb = 'answer_now')"
        )
        assert len(answered) == played.report.deeds["answer_now"]
        assert {tuple(row) for row in answered} == {("咨询", 7, True, "满意"), ("咨询", 7, True, "基本满意")}
        assert await connection.fetchval("select count(*) from cc.corrections where proposed <> chosen") > 0
    finally:
        await connection.close()


ONE = "(select id from cc.cases where state = 7 and finished_at > dispatched_at order by id limit 1)"
DAMAGE: dict[str, tuple[set[str], tuple[str, ...]]] = {
    "a clock put off": ({"case_clock"}, (
        "update cc.cases set due_at = due_at + interval '1 hour' where state = 7",)),
    "a state without its deed": ({"case_journal", "case_finished"}, (
        f"update cc.cases set state = 3 where id = {ONE}",)),
    "a number taken out": ({"day_numbers"}, (
        f"update cc.cases set number = 'RC20261102-99999' where id = {ONE}",)),
    "a call of nobody's": ({"call_no_report"}, (
        "update cc.follow_ups set report_id = 1 where id = (select min(id) from cc.follow_ups)",)),
    "a case that is gone": ({"orphan_report", "orphan_follow_up", "orphan_assignment", "orphan_finish"}, (
        f"delete from cc.cases where id = {ONE}",)),
    "nobody leads it": ({"case_lead"}, (
        "delete from cc.assignments where case_id = (select min(id) from cc.cases where state = 3)",)),
    "archived uncalled": ({"case_uncalled"}, (
        f"delete from cc.follow_ups where case_id = {ONE}",)),
    "a whistle opened against its units": ({"whistle_derived", "whistle_journal"}, (
        "update cc.whistles set state = 3, closed_at = null where state = 6",)),
    "a unit's clock put off": ({"party_clock"}, (
        "update cc.whistle_parties set answer_due_at = answer_due_at + interval '1 day' where answered_at is not null",)),
    "a score better than measured": ({"party_speed"}, (
        "update cc.whistle_scores set proposed_speed = (proposed_speed + 7) % 100",)),
    "a score without a unit": ({"party_score"}, (
        "delete from cc.whistle_scores",)),
    "a slip's number taken out": ({"slip_numbers"}, (
        "update cc.slip_numbers set last = last + 1",)),
    "a slip signed by nobody": ({"slip_signed"}, (
        "delete from cc.slip_signatures where slip_id = (select min(id) from cc.slips where state in (2, 3, 4, 5, 6, 8))",)),
    "a slip's limit put off": ({"slip_clock"}, (
        "update cc.slips set receipt_due_at = receipt_due_at + interval '1 day' where signed_at is not null",)),
    "a journal row altered": ({"journal_row"}, (
        "update cc.journal set actor = 'nobody' where seq = (select min(seq) from cc.journal)",)),
    "a journal row removed": ({"journal_seal"}, (
        "delete from cc.journal where seq = (select min(seq) from cc.journal where entity = 'centre')",)),
}  # fmt: skip


@pytest.mark.parametrize("what", list(DAMAGE))
async def test_the_audit_finds_what_was_damaged(played: Month, what: str) -> None:
    expected, statements = DAMAGE[what]
    found = await asyncio.to_thread(run, played.damaged(*statements))
    assert expected <= found
