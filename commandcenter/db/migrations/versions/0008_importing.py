"""导入: profiles, runs and watched folders."""

from pathlib import Path

from alembic import op

from commandcenter.db.schema import run_script

revision = "0008"
down_revision = "0007"

SQL = Path(__file__).parents[2] / "sql" / "revisions" / "0008_importing.sql"


def upgrade() -> None:
    run_script(op.get_bind(), SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    msg = "what was imported are records; a backup is the way back"
    raise NotImplementedError(msg)
