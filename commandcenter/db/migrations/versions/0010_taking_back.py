"""What is taken back: placings, dismissed repeats."""

from pathlib import Path

from alembic import op

from commandcenter.db.schema import run_script

revision = "0010"
down_revision = "0009"

SQL = Path(__file__).parents[2] / "sql" / "revisions" / "0010_taking_back.sql"


def upgrade() -> None:
    run_script(op.get_bind(), SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    msg = "what was placed since is a record; a backup is the way back"
    raise NotImplementedError(msg)
