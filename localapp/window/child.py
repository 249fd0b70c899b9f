"""The process of the window. Started by ``process.py``; what is said over its pipes stands in ``protocol.py``.

It imports the toolkit while the desk still prepares itself, and knows nothing of the desk but one address.
"""

import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any

from localapp.window import protocol
from localapp.window.ending import NO_TOOLKIT, end


class Line:
    """The child's end of the conversation."""

    def __init__(self, given: IO[bytes], taken: IO[bytes]) -> None:
        self._orders = protocol.messages(given)
        self._taken = taken
        self._lock = threading.Lock()

    def tell(self, word: str, **facts: object) -> None:
        """Say something to the desk; when the desk has ended, so does this process."""
        try:
            with self._lock:
                self._taken.write(protocol.line(word, **facts))
                self._taken.flush()
        except OSError:
            end()

    def orders(self) -> Iterator[protocol.Said]:
        """What the desk says; when it has ended, so does this process, whatever its window is doing."""
        yield from self._orders
        end()

    def first(self) -> Mapping[str, Any]:
        """The facts of ``open``."""
        word, facts = next(self._orders, ("", {}))
        if word != "open" or not isinstance(facts.get("address"), str):
            end()
        return facts


def main() -> None:
    """Show the window until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the desk, which closes the window in order
    os.umask(0o077)  # what is saved is the advisor's alone
    _leave_no_core()
    line = Line(sys.stdin.buffer, _own_output())
    sys.excepthook = partial(_note_fault, line)  # with Python's own, Qt would abort the process
    try:
        if sys.platform.startswith("linux"):
            from localapp.window import qt_window as toolkit  # noqa: PLC0415 - this import is the long work
        else:
            from localapp.window import plain_window as toolkit  # type: ignore[no-redef]  # noqa: PLC0415 - as above
    except ImportError:
        line.tell("missing")
        end(NO_TOOLKIT)
    line.tell("begun")
    toolkit.show(line)
    line.tell("closed")
    end()


def _note_fault(line: Line, kind: type[BaseException], failure: BaseException, _trace: object) -> None:
    """Tell the desk what failed and where; nothing of what was being worked with."""
    last = traceback.extract_tb(failure.__traceback__)[-1]
    line.tell("fault", kind=kind.__name__, place=f"{Path(last.filename).name}:{last.lineno}")


def _own_output() -> IO[bytes]:
    """Standard output for the protocol alone: whatever else is printed goes nowhere."""
    own = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return own


def _leave_no_core() -> None:
    """A crash shall not leave the memory with a client's data on the disk."""
    if os.name == "posix":
        import resource  # noqa: PLC0415 - Windows has none

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
