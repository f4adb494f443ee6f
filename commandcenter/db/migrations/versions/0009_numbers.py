"""Numbers of cases in lanes."""

from pathlib import Path

from alembic import op

from commandcenter.db.schema import run_script

revision = "0009"
down_revision = "0008"

SQL = Path(__file__).parents[2] / "sql" / "revisions" / "0009_numbers.sql"


def upgrade() -> None:
    run_script(op.get_bind(), SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    msg = "numbers given since are records; a backup is the way back"
    raise NotImplementedError(msg)
