"""The ground floor: tables, the rules' defaults, the work calendar."""

from pathlib import Path

from alembic import op
from sqlalchemy import text

from commandcenter.db.schema import run_script
from commandcenter.domain.holidays import calendar_days

revision = "0001"
down_revision = None

SQL = Path(__file__).parents[2] / "sql"
FIRST_YEAR, LAST_YEAR = 2023, 2028


def upgrade() -> None:
    connection = op.get_bind()
    run_script(connection, (SQL / "tables.sql").read_text(encoding="utf-8"))
    run_script(connection, (SQL / "defaults.sql").read_text(encoding="utf-8"))
    nth = 0
    rows = []
    for day in calendar_days(FIRST_YEAR, LAST_YEAR):
        nth += day.working
        rows.append({"day": day.day, "working": day.working, "nth": nth, "name": day.name, "prov": day.provisional})
    connection.execute(
        text(
            "insert into cc.calendar (day, working, nth, name, provisional) values (:day, :working, :nth, :name, :prov)"
        ),
        rows,
    )


def downgrade() -> None:
    run_script(op.get_bind(), "drop schema cc cascade")
