"""The command line: ``python -m localapp …`` and ``smartclient …``."""

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, TextIO

from localapp import paths
from localapp.calculation.calculator import Calculator
from localapp.calculation.failures import CalculationError
from localapp.calculation.library import CalculationLibrary
from localapp.calculation.lines import quote_lines
from localapp.calculation.sandbox import Sandbox
from localapp.window import desktop_entry

_LIBRARY = Path("calculations") / "flexi-demo" / "2026.1"
_INTERRUPTED = 130  # as shells have it for a program ended by Ctrl-C


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 it could not be done, 2 the command is wrong, 130 Ctrl-C."""
    parser = argparse.ArgumentParser(prog="smartclient", description="The advisor's desk on the command line.")
    commands = parser.add_subparsers(dest="command", required=True)
    quote = commands.add_parser("quote", help="price contracts: JSON Lines in, JSON Lines out")
    quote.add_argument("file", help="a file of JSON Lines, or - for standard input")
    entry = commands.add_parser("desktop-entry", help="put SmartClient into the menu of a Linux desktop")
    entry.add_argument("--remove", action="store_true", help="take it out again")
    asked = parser.parse_args(arguments)
    if asked.command == "desktop-entry":
        return desktop_entry.run(remove=asked.remove)
    return _quote(asked.file)


def _quote(name: str) -> int:
    """Price every line. Needs no activation, keyring or network: the library is the one that came with the program."""
    try:
        if name == "-":
            _quote_stream(_bytes_of(sys.stdin))
        else:
            with Path(name).open("rb") as source:
                _quote_stream(source)
    except BrokenPipeError:
        return 1  # whoever read the answers has enough
    except KeyboardInterrupt:
        return _INTERRUPTED
    except OSError as error:
        print(f"{name}: {error.strerror}", file=sys.stderr)
        return 1
    except CalculationError as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        return 1
    return 0


def _quote_stream(source: BinaryIO) -> None:
    answers = _bytes_of(sys.stdout)
    with Sandbox() as sandbox:
        calculator = Calculator(CalculationLibrary.open(paths.components() / _LIBRARY), sandbox)
        for line in quote_lines(calculator, source):
            answers.write(line.encode("utf-8", "backslashreplace") + b"\n")
            answers.flush()


def _bytes_of(stream: TextIO | None) -> BinaryIO:
    """A standard stream for bytes. Raises OSError where the program was started without it."""
    if stream is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    return stream.buffer


if __name__ == "__main__":
    sys.exit(main())
