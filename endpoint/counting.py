"""The stream and its sequence: given inside the write transaction, so that its order is the order of commits."""

import secrets

from sqlalchemy import Connection, bindparam, insert, select, update

from endpoint.store import schema
from localapp import clock

_SEQUENCE = "sequence"
_STREAM, _OPENED_AT, _RESTORED_AT = "stream", "opened_at", "restored_at"
_NEWEST = select(schema.counter.c.value)
_NAMED = select(schema.meta.c.value).where(schema.meta.c.name == bindparam("meta"))
_TAKE = (
    update(schema.counter)
    .where(schema.counter.c.name == _SEQUENCE)
    .values(value=schema.counter.c.value + bindparam("count"))
    .returning(schema.counter.c.value)
)


def start(connection: Connection) -> None:
    """Give a new file its stream, its counter and the moment of its beginning; an old one keeps its own."""
    if connection.execute(select(schema.counter.c.value)).first() is None:
        connection.execute(insert(schema.counter).values(name=_SEQUENCE, value=0))
        values = {_STREAM: secrets.token_hex(16), _OPENED_AT: clock.stamp()}
        connection.execute(insert(schema.meta), [{"name": name, "value": value} for name, value in values.items()])


def stream(connection: Connection) -> str:
    """The stream that cursors belong to; a restored file gets another."""
    return _meta(connection, _STREAM)


def begin_stream(connection: Connection) -> None:
    """Give a restored file another stream: cursors of the former one hold no longer."""
    of_stream = schema.meta.c.name == _STREAM
    connection.execute(update(schema.meta).where(of_stream).values(value=secrets.token_hex(16)))
    kept = {"name": _RESTORED_AT, "value": clock.stamp()}
    connection.execute(insert(schema.meta).prefix_with("OR REPLACE").values(kept))


def is_restored(connection: Connection) -> bool:
    """Whether the file was ever put back from a backup, so that something may have been known that is not any more."""
    return connection.execute(_NAMED, {"meta": _RESTORED_AT}).first() is not None


def opened_at(connection: Connection) -> str:
    """When the file was made, as a stamp."""
    return _meta(connection, _OPENED_AT)


def sequence(connection: Connection) -> int:
    """The newest number given."""
    return int(connection.execute(_NEWEST).scalar_one())


def take(connection: Connection, count: int = 1) -> int:
    """The first of ``count`` new numbers, in a write transaction."""
    return int(connection.execute(_TAKE, {"count": count}).scalar_one()) - count + 1


def _meta(connection: Connection, name: str) -> str:
    return str(connection.execute(_NAMED, {"meta": name}).scalar_one())
