"""A statement is compiled once for all stores of a process: each test has a file of its own, for the same ones."""

from typing import Any
from unittest import mock

from sqlalchemy import Engine, create_engine
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.util import LRUCache

import endpoint.store.engine
import localapp.store.engine

_COMPILED: LRUCache[Any, Any] = LRUCache(2_000)


def _kept(*args: Any, **kwargs: Any) -> Engine:  # noqa: ANN401 - the signature is SQLAlchemy's
    engine = create_engine(*args, **kwargs)
    engine._compiled_cache = _COMPILED
    return engine


def _is_same(one: SQLiteDialect, other: object) -> bool:
    """The desk's driver is another than the endpoint's."""
    return isinstance(other, SQLiteDialect) and type(one) is type(other) and one.dbapi is other.dbapi


def _hashed(dialect: SQLiteDialect) -> int:
    return hash(type(dialect))


def keep() -> None:
    """Let every engine of this process share what it compiles; SQLAlchemy asks for an equal dialect."""
    for module in (localapp.store.engine, endpoint.store.engine):
        mock.patch.object(module, "create_engine", _kept).start()
    mock.patch.multiple(SQLiteDialect, __eq__=_is_same, __hash__=_hashed).start()
