"""The statements of a write transaction, as the change log keeps them, and their repetition on a copy.

They are repeated exactly as they ran: text and parameters as the driver got them, in order. So none may ask the
database for the time, for chance or for what an earlier statement left behind in the connection; a test watches.
"""

import base64
import json
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

_MARK = "sc_recording"
_READING = frozenset({"SELECT", "PRAGMA"})
_HITTING = frozenset({"UPDATE", "DELETE"})


class Recording:
    """The statements of one transaction, compressed as they come: a large one must not fill the memory."""

    def __init__(self) -> None:
        self._press = zlib.compressobj(1)
        self._parts: list[bytes] = []
        self.count = 0

    def note(self, statement: str, parameters: Sequence[Any], *, many: bool) -> None:
        """Append one statement."""
        line = json.dumps([statement, parameters, many], ensure_ascii=False, separators=(",", ":"), default=_as_json)
        self._parts.append(self._press.compress(line.encode() + b"\n"))
        self.count += 1

    def body(self) -> bytes:
        """All of it, to be sealed."""
        return b"".join([*self._parts, self._press.flush()])


def prepare(engine: Engine) -> None:
    """Let ``recorded`` hear what runs on the engine's connections."""
    event.listen(engine, "after_cursor_execute", _note)


@contextmanager
def recorded(connection: Connection) -> Iterator[Recording]:
    """Record what the block writes on the connection."""
    recording = connection.info[_MARK] = Recording()
    try:
        yield recording
    finally:
        connection.info.pop(_MARK, None)


def _note(
    connection: Connection,
    cursor: Any,  # noqa: ANN401 - the driver has no types
    statement: str,
    parameters: Any,  # noqa: ANN401 - as above
    _context: object,
    many: bool,
) -> None:
    recording = connection.info.get(_MARK)
    if recording is None:
        return
    word = statement.lstrip()[:6].upper()
    if word in _READING or (word in _HITTING and cursor.rowcount == 0 and "RETURNING" not in statement):
        return
    recording.note(statement, parameters, many=many)


def statements(body: bytes) -> Iterator[tuple[str, Any, bool]]:
    """The recorded statements: text, parameters, whether the parameters are many rows."""
    for line in zlib.decompress(body).split(b"\n")[:-1]:
        statement, parameters, many = json.loads(line, object_hook=_from_json)
        yield statement, parameters, many


def repeat(connection: Any, body: bytes) -> None:  # noqa: ANN401 - the driver has no types
    """Run the recorded statements on a driver's connection, inside its transaction. Raises the driver's errors."""
    for statement, parameters, many in statements(body):
        if many:
            connection.executemany(statement, parameters).close()
        else:
            connection.execute(statement, parameters).fetchall()  # a RETURNING has to be read to its end


def _as_json(value: object) -> dict[str, str]:
    if isinstance(value, bytes | bytearray | memoryview):
        return {"b64": base64.b64encode(bytes(value)).decode("ascii")}
    raise TypeError(f"a parameter of type {type(value).__name__} cannot be recorded")


def _from_json(value: dict[str, str]) -> bytes:
    return base64.b64decode(value["b64"])
