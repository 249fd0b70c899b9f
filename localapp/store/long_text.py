"""Texts that may be longer than a page of the file, with the check that SQLCipher leaves out."""

from typing import Any

from sqlalchemy import Text
from sqlalchemy.types import TypeDecorator
from sqlcipher3 import dbapi2


class LongText(TypeDecorator[str]):
    """A text without NUL.

    Where a page in the middle of a long value does not authenticate, SQLCipher 4 gives zeros for it without an error;
    no text kept here holds a NUL, so one that does is damage and raises the driver's DatabaseError.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:  # noqa: ANN401, ARG002 - as declared there
        """Refuse a NUL with ValueError; canonical text never holds one."""
        if value is not None and "\0" in value:
            raise ValueError("a NUL has no place in a kept text")
        return value

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:  # noqa: ANN401, ARG002 - as declared there
        """Refuse what has been read as zeros."""
        if value is not None and "\0" in value:
            raise dbapi2.DatabaseError("a page within a text does not authenticate")
        return value
