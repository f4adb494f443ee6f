"""Scopes know which cases are open; the queue's index answers the policy; what is due at no time is in no index of it."""

from pathlib import Path

from alembic import op

from commandcenter.db.schema import run_script

revision = "0002"
down_revision = "0001"

SQL = Path(__file__).parents[2] / "sql" / "revisions" / "0002_open_scope.sql"


def upgrade() -> None:
    run_script(op.get_bind(), SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    run_script(
        op.get_bind(),
        "alter table cc.case_scope drop column open; "
        "drop index cc.cases_queue; "
        "create index cases_queue on cc.cases (district_id, grade, due_at, id) include (path) where state < 7; "
        "drop index cc.cases_due; create index cases_due on cc.cases (district_id, due_at, id) where state < 7",
    )
