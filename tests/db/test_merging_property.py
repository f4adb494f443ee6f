"""Any sequence of merges, later reports, undoings, splits, whistles, files and work keeps every report on exactly one case, with
its files, and a live whistle where its case is handled, as a small model has it; and every link undone, each case is what its
twin is, which was worked on alike and never merged."""

import asyncio
from datetime import timedelta
from random import Random
from uuid import UUID

import asyncpg
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from commandcenter.db import schema
from tests.db.centre import Template
from tests.db.county import COMMUNITY_A, COMMUNITY_B, DEPARTMENT_1, UNIT_A, UNIT_B
from tests.db.life import MONDAY
from tests.db.merge_life import MERGE, UNDO
from tests.db.merge_model import Case, Link, Model, Whistle

UNITS = {UNIT_A: "responder", UNIT_B: "responder_b", DEPARTMENT_1: "department"}
AREAS = (COMMUNITY_A, COMMUNITY_B)
COLUMNS = (
    "state, grade, flags, unit_id, dispatched_at, accept_due_at, return_until, soon_at, due_at, paused_at, finished_at, archived_at, "
    "holder, held_at, returns, redos, reports, merged_into, extension_days"
)
WEIGHED = (
    4 * ["on"] + 4 * ["merge"] + 2 * ["undo", "tick"]
    + 2 * ["blow", "attach"] + ["lead", "call_off"]
    + ["register", "pause", "resume", "grade", "reassign", "finish", "redo", "extend", "later", "split", "void"]
)  # fmt: skip
STEPS = st.lists(
    st.tuples(
        st.sampled_from(WEIGHED),
        st.integers(0, 3), st.integers(0, 3), st.integers(0, 4),
    ),
    min_size=18, max_size=30,
)  # fmt: skip

DECIDED_BETWEEN = [
    ("on", 0, 0, 0), ("on", 0, 0, 0), ("merge", 0, 2, 0),
    ("grade", 0, 0, 2), ("pause", 0, 0, 0), ("resume", 0, 0, 0), ("later", 2, 0, 0), ("undo", 1, 0, 0),
]  # fmt: skip
"""A report comes to the source after a person graded the kept case anew: taken out again, the person's grade stands."""


class Play:
    """Plays one sequence on the database and on the model."""

    def __init__(self, connection: asyncpg.Connection, template: Template, seed: int) -> None:
        self.on = connection
        self.logins = template.logins
        self.model = Model()
        self.chance = Random(seed)
        self.at = MONDAY
        self.step = 0
        self.item = 0

    def key(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128))

    async def as_(self, who: str) -> None:
        await self.on.execute(f"set session authorization {self.logins.of(who)}")

    async def verb(self, who: str, verb: str, case: int, *rest: object) -> None:
        """The same deed to a case and to its twin."""
        twins = [case, *(t for t in [self.model.cases[case].twin] if t)]
        await self.as_(who)
        for one in twins:
            version = await self.on.fetchval("select version from cc.cases where id = $1", one)
            marks = ", ".join(f"${n}" for n in range(3, 3 + len(rest) + 1))
            await self.on.fetchrow(f"select * from cc.{verb}($1, $2, {marks})", one, version, *rest, self.key())

    async def register(self, grade: int, area: int) -> None:
        await self.as_("duty")
        ids = []
        for _ in range(2):
            row = await self.on.fetchrow(
                "select * from cc.register(1, '路灯不亮', '', '求助', null, $1, $2, null, null, '', '', '', '', '', false, $3)",
                grade, area, self.key(),
            )  # fmt: skip
            ids.append(row["case_id"])
        self.model.cases[ids[0]] = Case(
            ids[0], grade, self.at, twin=ids[1], caller="head_b" if area == COMMUNITY_B else "head"
        )
        self.model.homes[await self.report(ids[0])] = ids[0]

    async def report(self, home: int) -> int:
        return int(await self.on.fetchval("select id from cc.reports where home_id = $1", home))

    async def merge(self, kept: int, source: int) -> None:
        model = self.model
        k, s = model.cases[kept], model.cases[source]
        wrong = (
            "CC082" if kept == source
            else "CC080" if max(k.state, s.state) > 5
            else "CC081" if s.state >= 2 and model.keeps(kept, source) == source
            else "CC083" if len(model.live_at(kept) + model.live_at(source)) > 1
            else ""
        )  # fmt: skip
        await self.as_("duty")
        try:
            async with self.on.transaction():
                row = await self.on.fetchrow(MERGE, kept, None, source, None, "person", None, "", self.key())
        except asyncpg.PostgresError as error:
            if error.sqlstate != wrong:
                raise
            return
        assert not wrong
        goes = [w.id for w in model.live_at(source)]
        model.links[source] = Link(row["merge_id"], kept, source, self.step, s.state, *goes)
        s.state = 8

    async def undo(self, source: int) -> None:
        await self.as_("supervisor")
        await self.on.fetchrow(UNDO, self.model.links[source].id, "不是一件", self.key())
        self.unlinked(source)

    def unlinked(self, source: int) -> None:
        """The model after a link was undone: its whistle is with the source again, and none of those above carried it."""
        link = self.model.links.pop(source)
        self.model.cases[source].state = link.was
        above = link.kept
        while link.whistle and above in self.model.links:
            if self.model.links[above].whistle == link.whistle:
                self.model.links[above].whistle = 0
            above = self.model.links[above].kept

    async def later(self, named: int, grade: int) -> None:
        """A report that names a case, wherever that one is handled by now."""
        await self.as_("duty")
        row = await self.on.fetchrow(
            "select * from cc.register_into(1, '还是不亮', '', '求助', null, $1, $2, null, null, '', '', '', '', '', false, null, $3, "
            "0.9, '[]', '', $4)",
            grade, COMMUNITY_B, named, self.key(),
        )  # fmt: skip
        made = row["source_id"]
        self.model.cases[made] = Case(made, grade, self.at, state=8)
        self.model.homes[await self.report(made)] = made
        self.model.links[made] = Link(row["merge_id"], named, made, self.step, 1)

    async def split(self, case: int, at: int) -> None:
        reports = self.model.reports(case)
        report = reports[at % len(reports)]
        home = self.model.homes[report]
        await self.as_("duty")
        version = await self.on.fetchval("select version from cc.cases where id = $1", case)
        try:
            async with self.on.transaction():
                row = await self.on.fetchrow(
                    "select * from cc.split($1, $2, $3, '另一件事', $4)", case, version, report, self.key()
                )
        except asyncpg.PostgresError as error:
            if (error.sqlstate, len(reports)) != ("CC087", 1):
                raise
            return
        assert len(reports) > 1
        alone = home != case and sum(h in self.model.family(home) for h in self.model.homes.values()) == 1
        if alone:  # it came alone: that merge is undone
            assert row["case_id"] == home
            self.unlinked(home)
            return
        made = row["case_id"]
        self.model.cases[made] = Case(made, self.model.graded(home), self.model.cases[home].received)
        self.model.cases[home].twin = 0  # of what was taken from it, the twin still has its part
        self.model.homes[report] = made

    async def blow(self, case: int) -> None:
        """A whistle that calls units at once, and one like it for the twin."""
        c, made = self.model.cases[case], []
        await self.as_(c.caller)
        for one in (case, c.twin):
            version = await self.on.fetchval("select version from cc.cases where id = $1", one)
            row = await self.on.fetchrow(
                "select whistle_id, state from cc.blow($1, $2, 1, '漏气', '查明并修复', $3, false, '', null, '', null, $4)",
                one, version, self.item, self.key(),
            )  # fmt: skip
            assert row["state"] == 3
            made.append(row["whistle_id"])
        self.model.whistles[made[0]] = Whistle(made[0], made[1], case)

    async def about_a_whistle(self, verb: str, case: int) -> None:
        c, live = self.model.cases[case], self.model.live_at(self.model.root(case))
        if verb == "blow" and c.twin and c.state <= 4 and not live:
            await self.blow(case)
        elif verb == "lead" and live:
            await self.lead(live[0])
        elif verb == "call_off" and live:
            await self.call_off(live[0])

    async def lead(self, w: Whistle) -> None:
        """The unit that leads it answers, arrives with a photo, and is done."""
        steps = (
            ("answer_whistle", "", ()),
            ("check_in", "$4, '现场', null, null, $5, 'image/jpeg', $6, ", ("王工", f"w{w.id}.jpg", b"jpeg")),
            ("stand_down", "$4, $5, ", ("已更换", True)),
        )
        if w.led == len(steps):
            return
        name, places, given = steps[w.led]
        await self.as_("department")
        for one in (w.id, w.twin):
            party = await self.on.fetchrow(
                "select id, version from cc.whistle_parties where whistle_id = $1 and unit_id = $2", one, DEPARTMENT_1
            )
            await self.on.fetchrow(f"select * from cc.{name}($1, $2, {places}$3)", *party, self.key(), *given)
        if name == "check_in":
            self.model.files[f"w{w.id}.jpg"] = ("whistle", w.id)
        w.led += 1

    async def call_off(self, w: Whistle) -> None:
        await self.as_("supervisor")
        for one in (w.id, w.twin):
            version = await self.on.fetchval("select version from cc.whistles where id = $1", one)
            await self.on.fetchrow("select * from cc.withdraw_whistle($1, $2, '误吹', $3)", one, version, self.key())
        w.live = False

    async def attach(self, case: int, at: int, of_report: bool) -> None:
        """A file of one of the case's reports, whichever case that was registered with, or of the case itself."""
        model, name = self.model, f"f{self.step}.jpg"
        reports = model.reports(case)
        report = reports[at % len(reports)] if of_report and reports else None
        home = case if report is None else model.homes[report]
        await self.as_("duty")
        for one, its in ((case, report), (model.cases[home].twin, None)):
            if one:
                known = its if its or report is None else await self.report(one)
                version = await self.on.fetchval("select version from cc.cases where id = $1", one)
                await self.on.fetchrow(
                    "select * from cc.attach($1, $2, $3, $4, 'image/jpeg', $5, $6)",
                    one, version, known, name if one == case else f"t{name}", b"jpeg", self.key(),
                )  # fmt: skip
        model.files[name] = ("case", case) if report is None else ("report", report)

    async def on_with(self, case: int, unit: int) -> None:
        """To a unit, and signed for."""
        c = self.model.cases[case]
        if c.state == 1:
            await self.verb("duty", "dispatch", case, unit, [], "")
            c.state, c.unit, c.dispatched = 2, unit, self.at
        elif c.state == 2:
            await self.verb(UNITS[c.unit], "accept", case)
            c.state = 3

    async def work(self, verb: str, case: int, unit: int, grade: int) -> None:
        c = self.model.cases[case]
        called = self.model.live_at(case)  # it ends with the whistle, or after it
        if verb == "on":
            await self.on_with(case, unit)
        elif verb == "pause" and c.state == 3:
            await self.verb("duty", "pause", case, "等材料")
            c.state = 5
        elif verb == "resume" and c.state == 5:
            await self.verb("duty", "resume", case)
            c.state = 3
        elif verb == "grade" and c.state in {1, 2, 3}:
            await self.verb("duty", "grade", case, grade, None, "核实")
            c.grade, c.decided = grade, self.step
        elif verb == "finish" and c.state == 3 and not called:
            await self.verb(UNITS[c.unit], "finish", case, "诉求人", self.at, "修好", self.at)
            c.state = 6
        elif verb == "redo" and c.state == 6:
            await self.verb("supervisor", "redo", case, "又坏了")
            c.state, c.extended = 3, False
        elif verb == "void" and c.state in {1, 2, 3, 5} and not called:
            await self.verb("supervisor", "void", case, "误报")
            c.state = 9
        elif verb == "extend" and c.state == 3 and not c.extended and c.grade == self.model.graded(case) == 3:
            await self.verb(UNITS[c.unit], "apply_extension", case, 1, "等配件")
            await self.verb("supervisor", "review_extension", case, True, "")
            c.extended = True
        elif verb == "reassign" and c.state in {2, 3} and c.unit != unit:
            await self.verb("duty", "reassign", case, unit, "指定")
            c.state, c.unit = 2, unit

    async def one(self, verb: str, first: int, second: int, grade: int) -> None:
        self.step += 1
        ids = list(self.model.cases)
        a, b = ids[first % len(ids)], ids[second % len(ids)]
        if verb == "tick":
            self.at += timedelta(hours=1 + grade)
            await self.clock()
        elif verb == "register":
            await self.register(grade, AREAS[first % 2])
        elif verb == "merge":
            await self.merge(a, b)
        elif verb == "undo" and self.model.links:
            await self.undo(list(self.model.links)[first % len(self.model.links)])
        elif verb == "later" and self.model.cases[self.model.root(a)].state <= 5:
            await self.later(a, grade)
        elif verb in {"blow", "lead", "call_off"}:
            await self.about_a_whistle(verb, a)
        elif verb == "attach" and self.model.cases[a].state <= 6:
            await self.attach(a, second, of_report=grade > 0)
        elif verb == "split" and self.model.cases[a].state <= 6 and self.model.reports(a):
            await self.split(a, second)
        else:
            await self.work(verb, a, list(UNITS)[second % 3], grade)
        await self.agree()

    async def clock(self) -> None:
        await self.on.execute("reset session authorization")
        await self.on.execute("update cc.centre set fixed_now = $1", self.at)

    async def agree(self) -> None:
        """Database and model say the same of every case and report."""
        await self.on.execute("reset session authorization")
        model, twins = self.model, {c.twin for c in self.model.cases.values()}
        reports = await self.on.fetch("select id, case_id, home_id from cc.reports")
        assert {r["id"]: (r["case_id"], r["home_id"]) for r in reports if r["home_id"] in model.cases} == {
            r: (model.root(home), home) for r, home in model.homes.items()
        }
        rows = await self.on.fetch(
            "select id, state, grade, reports, merged_into from cc.cases where id = any($1)", list(model.cases)
        )
        assert {r["id"]: (r["state"], r["grade"], r["reports"], r["merged_into"]) for r in rows} == {
            c.id: (
                c.state,
                model.graded(c.id),
                0 if c.id in model.links else len(model.reports(c.id)),
                model.links[c.id].kept if c.id in model.links else None,
            )
            for c in model.cases.values()
        }
        assert not twins & set(model.cases)
        whistles = await self.on.fetch(
            "select id, case_id, state < 6 as live from cc.whistles where id = any($1)", list(model.whistles)
        )
        assert {tuple(w) for w in whistles} == {(w.id, model.whistle_at(w.id), w.live) for w in model.whistles.values()}
        files = await self.on.fetch("select name, case_id from cc.attachments where name = any($1)", list(model.files))
        assert {(f["name"], f["case_id"]) for f in files if f["case_id"] in model.cases} == {
            (name, model.file_at(name)) for name in model.files
        }

    async def end(self) -> None:
        """Everything undone, in any order: each case is what its twin is."""
        while self.model.links:
            await self.undo(self.chance.choice(list(self.model.links)))
            await self.agree()
        units = (
            "select unit_id, part, accept_due_at, due_at, accepted_at from cc.assignments where case_id = $1 and ended_at is null "
            "order by part, unit_id"
        )
        called = (
            "select w.state, w.path, array_agg(p.unit_id || ':' || p.state order by p.id), count(p.photo_id) from cc.whistles w "
            "join cc.whistle_parties p on p.whistle_id = w.id where w.case_id = $1 group by w.id, w.state, w.path order by w.id"
        )
        files = (
            "select ltrim(a.name, 't') as name, a.report_id is null as own from cc.attachments a "
            "where a.case_id = $1 and not starts_with(a.name, 'w') order by 1"
        )
        sight = "select path, reason, open from cc.case_scope where case_id = $1 order by path, reason"
        for c in self.model.cases.values():
            if c.twin:
                for query in (f"select {COLUMNS} from cc.cases where id = $1", units, sight, called, files):
                    assert await self.on.fetch(query, c.id) == await self.on.fetch(query, c.twin), query
        assert await self.on.fetch("select * from cc.merge_bases") == []


async def play(
    connection: asyncpg.Connection, template: Template, steps: list[tuple[str, int, int, int]], seed: int
) -> None:
    transaction = connection.transaction()
    await transaction.start()
    try:
        game = Play(connection, template, seed)
        game.item = await connection.fetchval("select id from cc.duty_list where code = '1'")
        await game.clock()
        for grade in (4, 3, 1):
            game.step += 1
            await game.register(grade, AREAS[grade % 2])
        for step in steps:
            await game.one(*step)
        found = [tuple(row) for row in await connection.fetch("select code, name from cc.audit()")]
        assert found == []
        await game.end()
        found = [tuple(row) for row in await connection.fetch("select code, name from cc.audit()")]
        assert found == []
    finally:
        await connection.execute("reset session authorization") if not connection.is_in_transaction() else None
        await transaction.rollback()


def test_reports_are_on_one_case_and_what_is_undone_never_was(template: Template) -> None:
    with asyncio.Runner() as runner:
        name = runner.run(template.copy())
        connection = runner.run(
            asyncpg.connect(schema.with_database(template.server, name), server_settings={"timezone": "UTC"})
        )

        @settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(STEPS, st.integers(0, 2**32))
        @example(DECIDED_BETWEEN, 1)
        def any_sequence(steps: list[tuple[str, int, int, int]], seed: int) -> None:
            runner.run(play(connection, template, steps, seed))

        try:
            any_sequence()
        finally:
            runner.run(connection.close())
            runner.run(template.drop(name))
