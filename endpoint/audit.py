"""What happened to people and installations, for Help Desk. Never answers, never keys."""

from sqlalchemy import Connection, insert

from endpoint.store import schema
from localapp import clock


def note(connection: Connection, event: str, subject: str) -> None:
    """Add a line to the audit."""
    connection.execute(insert(schema.audit).values(at=clock.stamp(), event=event, subject=subject))
