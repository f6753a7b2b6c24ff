"""Run by Alembic: steps are done on the connection it was given, inside that connection's transaction."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"], transactional_ddl=True, transaction_per_migration=False
)
context.run_migrations()
