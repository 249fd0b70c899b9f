"""Runs the migrations on the connection of ``localapp.store.migrate``, inside its transaction."""

from alembic import context

from localapp.store import schema


def _known(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    """FTS5 keeps its own tables; a comparison must not want to drop them."""
    return not (kind == "table" and (name or "").startswith(schema.SEARCH_TABLE))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=schema.metadata,
    render_as_batch=True,
    include_object=_known,
)
with context.begin_transaction():
    context.run_migrations()
