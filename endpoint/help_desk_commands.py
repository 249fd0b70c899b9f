"""``python -m endpoint block-installation …`` and the other commands of Help Desk. In prose: docs/operations.md."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from endpoint import audit, help_desk, withdrawn
from endpoint.audit import AuditBroken
from endpoint.help_desk import NotDone
from endpoint.layout import Layout
from endpoint.linking import LIFE
from endpoint.store.engine import Database, Overloaded
from endpoint.store.migrate import bring_to_head
from localapp.domain.canonical import Pinned

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse has no other name for it

Work = Callable[[Connection, argparse.Namespace], str]


def register_commands(commands: "Commands", data_dir: argparse.ArgumentParser) -> None:
    """Add the commands. Afterwards ``arguments.run(arguments)`` carries one out and gives the exit code."""
    installation, partner, advisor, version = ("installation",), ("number",), ("number", "advisor"), ("name", "version")
    for name, told, takes, work in (
        ("block-installation", "hear nothing of an installation", installation, _block_installation),
        ("unblock-installation", "hear an installation again", installation, _unblock_installation),
        ("block-partner", "hear nothing of a partner's installations", partner, _block_partner),
        ("unblock-partner", "hear a partner's installations again", partner, _unblock_partner),
        ("installations", "the installations of an advisor", advisor, _installations),
        ("link-code", "a code for an advisor of whose linked installations none is left", advisor, _link_code),
        ("refuse-version", "take in no documents in a version of a form or library", version, _refuse_version),
        ("accept-version", "take documents in a version in again", version, _accept_version),
    ):
        parser = commands.add_parser(name, parents=[data_dir], help=told)
        for each in takes:
            parser.add_argument(each)
        parser.set_defaults(run=_carrying_out(work))
    told = "whether every line of the audit is what it was"
    parser = commands.add_parser("verify-audit", parents=[data_dir], help=told)
    parser.add_argument("--noted", type=audit.parsed, help="a head that was printed earlier, which has to be in it")
    parser.set_defaults(run=_carrying_out(_verify_audit))


def _carrying_out(work: Work) -> Callable[[argparse.Namespace], int]:
    def run(options: argparse.Namespace) -> int:
        try:
            sys.stdout.write(f"{_done(options.data_dir, work, options)}\n")
        except (NotDone, AuditBroken, Overloaded, OSError) as problem:
            sys.stderr.write(f"{type(problem).__name__}: {problem}\n")
            return 1
        return 0

    return run


def _done(folder: Path, work: Work, options: argparse.Namespace) -> str:
    """Beside a running ``serve`` or without it: one transaction."""
    layout = Layout(folder)
    if not layout.database.is_file():
        raise FileNotFoundError(layout.database)
    bring_to_head(layout.database)
    database = Database(layout.database)
    try:
        with database.write() as connection:
            return work(connection, options)
    finally:
        database.close()


def _block_installation(connection: Connection, options: argparse.Namespace) -> str:
    help_desk.block_installation(connection, options.installation, blocked=True)
    return f"{options.installation}: blocked"


def _unblock_installation(connection: Connection, options: argparse.Namespace) -> str:
    help_desk.block_installation(connection, options.installation, blocked=False)
    return f"{options.installation}: not blocked"


def _block_partner(connection: Connection, options: argparse.Namespace) -> str:
    help_desk.block_partner(connection, options.number, blocked=True)
    return f"{options.number}: blocked"


def _unblock_partner(connection: Connection, options: argparse.Namespace) -> str:
    help_desk.block_partner(connection, options.number, blocked=False)
    return f"{options.number}: not blocked"


def _installations(connection: Connection, options: argparse.Namespace) -> str:
    found = help_desk.installations(connection, options.number, options.advisor)
    return "\n".join(f"{each.id}  {each.state}  since {each.enrolled_at}  seen {each.last_seen_at}" for each in found)


def _link_code(connection: Connection, options: argparse.Namespace) -> str:
    code = help_desk.make_link_code(connection, options.number, options.advisor)
    return f"{code}: {int(LIFE.total_seconds()) // 60} minutes, one installation, without the health key"


def _refuse_version(connection: Connection, options: argparse.Namespace) -> str:
    withdrawn.withdraw(connection, Pinned(options.name, options.version))
    return f"{options.name} {options.version}: refused"


def _verify_audit(connection: Connection, options: argparse.Namespace) -> str:
    return f"{audit.verify(connection, options.noted)}: every line up to here is what it was"


def _accept_version(connection: Connection, options: argparse.Namespace) -> str:
    if not withdrawn.permit(connection, Pinned(options.name, options.version)):
        raise NotDone(f"{options.name} {options.version}: was not refused")
    return f"{options.name} {options.version}: accepted"
