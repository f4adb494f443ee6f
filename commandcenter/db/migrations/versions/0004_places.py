"""地名: the gazetteer by which addresses are understood."""

from pathlib import Path

from alembic import op

from commandcenter.db.schema import run_script

revision = "0004"
down_revision = "0003"

SQL = Path(__file__).parents[2] / "sql" / "revisions" / "0004_places.sql"


def upgrade() -> None:
    run_script(op.get_bind(), SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    msg = "places learned and edited are records; a backup is the way back"
    raise NotImplementedError(msg)
