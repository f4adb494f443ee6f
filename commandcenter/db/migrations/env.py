"""Alembic's way in: always on a connection that is handed over, inside its transaction."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table_schema="cc", transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
