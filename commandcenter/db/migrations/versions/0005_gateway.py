"""网关: keys of apps, what citizens look back with, their ratings."""

from pathlib import Path

from alembic import op

from commandcenter.db.schema import run_script

revision = "0005"
down_revision = "0004"

SQL = Path(__file__).parents[2] / "sql" / "revisions" / "0005_gateway.sql"


def upgrade() -> None:
    run_script(op.get_bind(), SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    msg = "what citizens were told and have said are records; a backup is the way back"
    raise NotImplementedError(msg)
