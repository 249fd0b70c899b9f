"""What the tables themselves refuse."""

from alembic import op


def make_guards() -> None:
    """What is written once stays, except what announces itself in ``purging``: the purge of a whole document, and a
    revision that is overtaken.
    """
    for table in ("revision", "revision_health", "health_history", "journal", "step", "audit", "overtaken", "received"):
        op.execute(
            f"CREATE TRIGGER {table}_is_final BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    for table in ("revision", "revision_health", "health_history", "journal", "step", "overtaken", "received"):
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} "  # noqa: S608 - the names stand above
            "WHEN NOT EXISTS (SELECT 1 FROM purging WHERE document_id = OLD.document_id) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    op.execute(
        "CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
    )
    op.execute(
        "CREATE TRIGGER outbox_is_frozen BEFORE UPDATE OF id, kind, document_id, revision, queued_at ON outbox "
        "BEGIN SELECT RAISE(ABORT, 'an operation is frozen'); END"
    )
    op.execute(
        "CREATE TRIGGER envelope_is_frozen BEFORE UPDATE OF envelope ON outbox WHEN OLD.envelope IS NOT NULL "
        "BEGIN SELECT RAISE(ABORT, 'an envelope is frozen'); END"
    )
    op.execute(
        "CREATE TRIGGER outgoing_is_final BEFORE UPDATE ON outgoing "
        "BEGIN SELECT RAISE(ABORT, 'outgoing is append-only'); END"
    )
    op.execute(
        "CREATE TRIGGER outgoing_stays BEFORE DELETE ON outgoing "
        "WHEN NOT EXISTS (SELECT 1 FROM purging WHERE document_id = OLD.document_id) "
        "AND EXISTS (SELECT 1 FROM outbox WHERE position = OLD.position AND envelope IS NOT NULL) "
        "BEGIN SELECT RAISE(ABORT, 'an envelope is frozen'); END"
    )
