"""Versions of forms and calculation libraries in which no document is taken in any more. What was taken in stays."""

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from endpoint import audit
from endpoint.store import schema
from localapp import clock
from localapp.domain.canonical import Pinned

_table = schema.withdrawn_version


def withdrawn(connection: Connection) -> frozenset[Pinned]:
    """All of them. Names of forms and of libraries never meet: each is a folder of its own kind."""
    return frozenset(Pinned(row.name, row.version) for row in connection.execute(select(_table)))


def withdraw(connection: Connection, version: Pinned) -> None:
    """Take in nothing in this version from now on."""
    values = {"name": version.name, "version": version.version, "at": clock.stamp()}
    added = connection.execute(insert(_table).values(values).on_conflict_do_nothing())
    if added.rowcount:
        audit.note(connection, "version_withdrawn", f"{version.name} {version.version}")


def permit(connection: Connection, version: Pinned) -> bool:
    """Take documents in this version in again; False when it was not withdrawn."""
    same = (_table.c.name == version.name, _table.c.version == version.version)
    if connection.execute(delete(_table).where(*same)).rowcount == 0:
        return False
    audit.note(connection, "version_permitted", f"{version.name} {version.version}")
    return True
