"""``python -m endpoint publish …``: what the insurer's people type. In prose: docs/components.md."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from endpoint.publishing.failures import PublishingRefused
from endpoint.publishing.publisher import Publisher
from localapp.calculation.components import ComponentKind

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse has no other name for it

_KINDS = {"calc": ComponentKind.CALCULATION, "forms": ComponentKind.FORM}


def register_commands(commands: "Commands", default_data_dir: Path) -> None:
    """Add ``publish``. Afterwards ``arguments.run(arguments)`` carries the command out and gives the exit code."""
    publish = commands.add_parser("publish", help="sign and publish components")
    actions = publish.add_subparsers(dest="action", required=True)
    for kind in _KINDS:
        action = _action(actions, kind, f"publish a folder of {kind}", _publish, default_data_dir)
        action.add_argument("folder", type=Path, help="…/<name>/<version>")
    withdraw = _action(actions, "withdraw", "take a version from new documents", _withdraw, default_data_dir)
    withdraw.add_argument("target", help="e.g. calc/flexi-demo/2026.1.zip")
    _action(actions, "refresh", "renew signatures before they end", _refresh, default_data_dir)
    replace = _action(actions, "replace-key", "revoke a key and make a fresh one", _replace_key, default_data_dir)
    replace.add_argument("key", help="e.g. calc-1")


def _action(
    actions: "Commands", name: str, told: str, run: Callable[[Publisher, argparse.Namespace], int], data_dir: Path
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=told)
    parser.add_argument("--data-dir", type=Path, default=data_dir, help="the endpoint's data folder")

    def carry_out(arguments: argparse.Namespace) -> int:
        try:
            publisher = Publisher(arguments.data_dir)
            publisher.start()
            return run(publisher, arguments)
        except PublishingRefused as refusal:
            sys.stderr.write(f"{refusal}\n")
            return 1

    parser.set_defaults(run=carry_out)
    return parser


def _publish(publisher: Publisher, arguments: argparse.Namespace) -> int:
    published = publisher.publish(_KINDS[arguments.action], arguments.folder)
    said = "published" if published.new else "was published before, nothing changed"
    return _say(f"{published.component.target}: {said}")


def _withdraw(publisher: Publisher, arguments: argparse.Namespace) -> int:
    publisher.withdraw(arguments.target)
    return _say(f"{arguments.target}: withdrawn from new documents")


def _refresh(publisher: Publisher, _arguments: argparse.Namespace) -> int:
    overdue = publisher.refresh()
    for role in overdue:
        sys.stderr.write(f"{role}: near its end, and its keys are not here. Sign it where they are.\n")
    return 1 if overdue else _say("signatures renewed")


def _replace_key(publisher: Publisher, arguments: argparse.Namespace) -> int:
    fresh = publisher.replace_key(arguments.key)
    return _say(f"{arguments.key}: revoked; {fresh} signs instead")


def _say(text: str) -> int:
    sys.stdout.write(f"{text}\n")
    return 0
