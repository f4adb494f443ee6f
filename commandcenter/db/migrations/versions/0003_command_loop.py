"""吹哨报到, 三单, 回访: whistles, slips, calls, alarms, timekeeper."""

from pathlib import Path

from alembic import op

from commandcenter.db.schema import run_script

revision = "0003"
down_revision = "0002"

SQL = Path(__file__).parents[2] / "sql" / "revisions" / "0003_command_loop.sql"


def upgrade() -> None:
    run_script(op.get_bind(), SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    msg = "whistles and slips are records; a backup is the way back"
    raise NotImplementedError(msg)
