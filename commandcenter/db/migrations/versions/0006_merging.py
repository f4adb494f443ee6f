"""并单: links between cases, themes, what may be a repeat."""

from pathlib import Path

from alembic import op

from commandcenter.db.schema import run_script

revision = "0006"
down_revision = "0005"

SQL = Path(__file__).parents[2] / "sql" / "revisions" / "0006_merging.sql"


def upgrade() -> None:
    run_script(op.get_bind(), SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    msg = "merges are records; a backup is the way back"
    raise NotImplementedError(msg)
