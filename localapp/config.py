"""How this start was asked for: the options of the launcher."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from localapp import paths
from localapp.sync.address import AddressRefused, clean_address

DATABASE = "documents.db"
KEY_FILE = "keys.json"
DEMO_MARK = "demo.txt"
DEMO_PASSPHRASE = "demo-passphrase"  # noqa: S105 - the name of a file


class Refused(Exception):  # noqa: N818 - a decision, told to a person
    """A start that cannot be. ``code`` is stable; the two sentences name what is wrong and the way out."""

    def __init__(self, code: str, cs: str, en: str, status: int = 1) -> None:
        super().__init__(code)
        self.code, self.cs, self.en, self.status = code, cs, en, status


@dataclass(frozen=True)
class Config:
    """One start. ``port`` 0 means any free port; ``window`` is false for a start without window and tab.

    ``endpoint`` is the address asked for; without it the one fixed at activation is used.
    """

    data_dir: Path
    demo: bool = False
    window: bool = True
    port: int = 0
    endpoint: str | None = None


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Refused(
            "launch.options",
            f"Tomuto spuštění nerozumím ({message}). Přehled voleb vypíše: launcher.py --help",
            f"This start is not understood ({message}). For the options run: launcher.py --help",
            status=2,
        )


def parse(arguments: Sequence[str]) -> Config:
    """The options of the launcher. Raises Refused ``launch.options``; ``--help`` ends the process."""
    parser = _Parser(prog="launcher.py", description="The SmartClient desk.", allow_abbrev=False)
    parser.add_argument("--demo", action="store_true", help="a demonstration with data of its own")
    parser.add_argument("--no-window", action="store_true", help="open neither window nor tab, print the address")
    parser.add_argument("--port", type=_port, default=0, metavar="N", help="port on the loopback interface")
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="where the data lie")
    parser.add_argument("--endpoint", type=_endpoint, metavar="URL", help="the insurer's endpoint, for the activation")
    chosen = parser.parse_args(list(arguments))
    folder: Path = chosen.data_dir or (_demo_dir() if chosen.demo else paths.default_data_dir())
    return Config(
        folder.absolute(), demo=chosen.demo, window=not chosen.no_window, port=chosen.port, endpoint=chosen.endpoint
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port between 0 and 65535")
    return int(text)


def _endpoint(text: str) -> str:
    try:
        return clean_address(text)
    except AddressRefused:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not an endpoint's address: https://…, or http:// to this computer itself"
        ) from None


def _demo_dir() -> Path:
    """Beside the launcher in a checkout; beside the advisor's own data for an installed program."""
    root = paths.root()
    if (root / "launcher.py").is_file():
        return root / ".demo"
    return paths.default_data_dir().with_name("smartclient-demo")
