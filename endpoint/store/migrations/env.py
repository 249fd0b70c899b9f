"""Runs the migrations on the connection of ``endpoint.store.migrate``, inside its transaction."""

from alembic import context

from endpoint.store import schema

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=schema.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
