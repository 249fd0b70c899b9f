"""The command line: ``python -m localapp …`` and ``smartclient …``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from localapp import paths
from localapp.calculation.calculator import Calculator
from localapp.calculation.failures import CalculationError
from localapp.calculation.library import CalculationLibrary
from localapp.calculation.lines import quote_lines
from localapp.calculation.sandbox import Sandbox

_LIBRARY = Path("calculations") / "flexi-demo" / "2026.1"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 the desk could not do it, 2 the command is wrong."""
    parser = argparse.ArgumentParser(prog="smartclient", description="The advisor's desk on the command line.")
    commands = parser.add_subparsers(dest="command", required=True)
    quote = commands.add_parser("quote", help="price contracts: JSON Lines in, JSON Lines out")
    quote.add_argument("file", help="a file of JSON Lines, or - for standard input")
    asked = parser.parse_args(arguments)
    return _quote(asked.file)


def _quote(name: str) -> int:
    """Price every line. Needs no activation, keyring or network: the library is the one that came with the program."""
    try:
        if name == "-":
            return _quote_stream(sys.stdin.buffer)
        with Path(name).open("rb") as source:
            return _quote_stream(source)
    except BrokenPipeError:
        return 1
    except OSError as error:
        print(f"{name}: {error.strerror}", file=sys.stderr)
        return 1
    except CalculationError as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        return 1


def _quote_stream(source: BinaryIO) -> int:
    with Sandbox() as sandbox:
        calculator = Calculator(CalculationLibrary.open(paths.components() / _LIBRARY), sandbox)
        for line in quote_lines(calculator, source):
            sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace") + b"\n")
            sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
