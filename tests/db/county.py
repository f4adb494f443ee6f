"""A small county made by hand: three towns, two communities, a grid, two departments, a utility, people of every role."""

from dataclasses import dataclass

import asyncpg

from commandcenter.db.scram import verifier

PASSWORD = "密码-Pässwört-37"

TOWN_A, TOWN_B, TOWN_C = 11, 12, 13
COMMUNITY_A, COMMUNITY_B = 21, 22
GRID_A = 31
UNIT_CENTRE, UNIT_A, UNIT_B, UNIT_C = 1, 111, 112, 113
UNIT_COMMUNITY_A, UNIT_GRID_A = 121, 131
DEPARTMENT_1, DEPARTMENT_2, UTILITY, CLOSED_UNIT = 201, 202, 301, 401
CATEGORY = 501
OTHER_HOURS = 2

AREAS = (
    (TOWN_A, 1, "town", "371082101", "甲镇", "01.01."),
    (TOWN_B, 1, "town", "371082102", "乙镇", "01.02."),
    (TOWN_C, 1, "town", "371082103", "丙街道", "01.03."),
    (COMMUNITY_A, TOWN_A, "community", "371082101001", "甲一社区", "01.01.01."),
    (COMMUNITY_B, TOWN_B, "community", "371082102001", "乙一社区", "01.02.01."),
    (GRID_A, COMMUNITY_A, "grid", "371082101001001", "甲一第一网格", "01.01.01.01."),
)
UNITS = (
    (UNIT_A, UNIT_CENTRE, "town", "甲镇政府", "01.01.", TOWN_A, 1, True),
    (UNIT_B, UNIT_CENTRE, "town", "乙镇政府", "01.02.", TOWN_B, 1, True),
    (UNIT_C, UNIT_CENTRE, "town", "丙街道办", "01.03.", TOWN_C, 1, True),
    (UNIT_COMMUNITY_A, UNIT_A, "community", "甲一居委会", "01.01.01.", COMMUNITY_A, 1, True),
    (UNIT_GRID_A, UNIT_COMMUNITY_A, "grid_team", "甲一第一网格", "01.01.01.01.", GRID_A, 1, True),
    (DEPARTMENT_1, UNIT_CENTRE, "department", "住建局", "01.901.", None, 1, True),
    (DEPARTMENT_2, UNIT_CENTRE, "department", "城管局", "01.902.", None, OTHER_HOURS, True),
    (UTILITY, UNIT_CENTRE, "utility", "燃气公司", "01.951.", None, OTHER_HOURS, True),
    (CLOSED_UNIT, UNIT_CENTRE, "department", "已撤销局", "01.909.", None, 1, False),
)
PEOPLE = {
    "duty": ("cc_duty", UNIT_CENTRE),
    "duty2": ("cc_duty", UNIT_CENTRE),
    "supervisor": ("cc_supervisor", UNIT_CENTRE),
    "followup": ("cc_followup", UNIT_CENTRE),
    "analyst": ("cc_analyst", UNIT_CENTRE),
    "wall": ("cc_wall", UNIT_CENTRE),
    "intake": ("cc_intake", UNIT_CENTRE),
    "admin": ("cc_admin", UNIT_CENTRE),
    "responder": ("cc_responder", UNIT_A),
    "caller": ("cc_caller", UNIT_A),
    "responder_b": ("cc_responder", UNIT_B),
    "responder_c": ("cc_responder", UNIT_C),
    "community": ("cc_caller", UNIT_COMMUNITY_A),
    "grid": ("cc_caller", UNIT_GRID_A),
    "department": ("cc_responder", DEPARTMENT_1),
    "department2": ("cc_responder", DEPARTMENT_2),
    "utility": ("cc_responder", UTILITY),
    "gone": ("cc_responder", UNIT_A),
    "head": ("cc_caller", UNIT_A),
    "head_b": ("cc_caller", UNIT_B),
    "section_head": ("cc_supervisor", UNIT_CENTRE),
    "director": ("cc_supervisor", UNIT_CENTRE),
    "leader": ("cc_supervisor", UNIT_CENTRE),
}
"""Name -> role and unit. ``gone`` is inactive, but still has an open session."""

POSTS = {
    "head": "town_head",
    "head_b": "town_head",
    "section_head": "section_head",
    "director": "director",
    "leader": "leader",
}
"""Name -> 职务, of those who have one."""

ROLE_PEOPLE = {
    "cc_duty": "duty",
    "cc_caller": "caller",
    "cc_responder": "responder",
    "cc_supervisor": "supervisor",
    "cc_followup": "followup",
    "cc_analyst": "analyst",
    "cc_wall": "wall",
    "cc_intake": "intake",
    "cc_admin": "admin",
}
"""One person of each role; those of units belong to town A."""


@dataclass(frozen=True)
class Logins:
    """Logins of this run: roles belong to the whole server, so runs side by side must not share them."""

    prefix: str

    def of(self, name: str) -> str:
        return f"{self.prefix}_{name}"

    def all(self) -> list[str]:
        return [self.of(name) for name in PEOPLE]


async def build(root: asyncpg.Connection, logins: Logins) -> None:
    """Fill a fresh database, as a superuser."""
    await root.execute(f"insert into cc.work_hours (id, name, periods) values ({OTHER_HOURS}, '窗口', '{{480,1080}}')")
    await root.execute(
        f"insert into cc.categories (id, name, path_name, default_grade) values ({CATEGORY}, '燃气', '公用事业 › 燃气', 3)"
    )
    await root.executemany(
        "insert into cc.areas (id, parent_id, level, code, name, path) values ($1, $2, $3, $4, $5, $6)", AREAS
    )
    await root.executemany(
        "insert into cc.units (id, parent_id, kind, name, short_name, path, area_id, hours_id, active) "
        "values ($1, $2, $3, $4, $4, $5, $6, $7, $8)",
        UNITS,
    )
    await root.execute(
        "insert into cc.duty_list (code, field, matter, category_id, lead_unit_id, ground, valid_from) "
        f"values ('1', '燃气', '管线', {CATEGORY}, {DEPARTMENT_1}, '法定', '2026-01-01')"
    )
    secret = verifier(PASSWORD, b"0123456789abcdef", iterations=1)  # tests sign in thousands of times
    for name, (role, unit) in PEOPLE.items():
        await root.execute(
            "select cc.add_person($1, $2, $3, $4, $5, false)", logins.of(name), f"人员{name}", role, unit, secret
        )
    for name, post in POSTS.items():
        await root.execute("select cc.set_person_post($1, $2)", logins.of(name), post)
    # not by set_person_active: the login stays open, so that the test sees what the session can still do
    await root.execute("update cc.people set active = false where login = $1", logins.of("gone"))
