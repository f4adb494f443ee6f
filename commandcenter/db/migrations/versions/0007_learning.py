"""研习: models and corrections; 直办: knowledge and templates."""

from pathlib import Path

from alembic import op

from commandcenter.db.schema import run_script

revision = "0007"
down_revision = "0006"

SQL = Path(__file__).parents[2] / "sql" / "revisions" / "0007_learning.sql"


def upgrade() -> None:
    run_script(op.get_bind(), SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    msg = "what was learned and answered are records; a backup is the way back"
    raise NotImplementedError(msg)
