"""The command line: ``python -m endpoint …``."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from endpoint.help_desk_commands import register_commands as register_help_desk
from endpoint.layout import default_data_dir
from endpoint.publishing.commands import register_commands

PORT = 8700
LOOPBACK = "127.0.0.1"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 it could not be done, 2 the command is wrong."""
    os.umask(0o077)
    options = _parser().parse_args(arguments)
    code: int = options.run(options)
    return code


def _parser() -> argparse.ArgumentParser:
    data_dir = argparse.ArgumentParser(add_help=False)
    data_dir.add_argument("--data-dir", type=Path, default=default_data_dir(), help="the endpoint's data folder")
    parser = argparse.ArgumentParser(prog="endpoint", description="The insurer's endpoint of SmartClient.")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", parents=[data_dir], help="serve desks: on the loopback interface, or over TLS")
    serve.add_argument("--port", type=_port, default=PORT, help=f"0 means any free one; {PORT} if not given")
    serve.add_argument(
        "--with-parent", action="store_true", help="end when standard input closes, as a demonstration's does"
    )
    serve.add_argument("--certificate", type=Path, help="serve TLS with this certificate (PEM, its chain after it)")
    serve.add_argument("--key", type=Path, help="the private key of the certificate (PEM)")
    serve.add_argument("--host", default=LOOPBACK, help="address to listen on; another than loopback needs TLS")
    serve.set_defaults(run=_serve)
    seed = commands.add_parser("seed-demo", parents=[data_dir], help="demonstration partners, keys and components")
    seed.set_defaults(run=_seed)
    export = commands.add_parser("export", parents=[data_dir], help="export now: the cut-off is this moment")
    export.set_defaults(run=_export)
    restored = commands.add_parser("restored", parents=[data_dir], help="make ready a database put back from a backup")
    restored.set_defaults(run=_restored)
    register_commands(commands, default_data_dir())
    register_help_desk(commands, data_dir)
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{text}: 0 to 65535")
    return port


def _serve(options: argparse.Namespace) -> int:
    from endpoint import serving  # noqa: PLC0415 - heavy imports come after the options are known to be right
    from endpoint.keys import KeyMissing  # noqa: PLC0415 - as above
    from endpoint.listening import PortTaken  # noqa: PLC0415 - as above

    if (options.certificate is None) != (options.key is None):
        return _wrong("--certificate and --key belong together")
    if options.certificate is None and options.host != LOOPBACK:
        return _wrong(f"--host {options.host} needs --certificate and --key: without TLS only {LOOPBACK}")
    place = serving.Place(options.port, options.host, options.certificate, options.key)
    try:
        serving.serve(options.data_dir, place, with_parent=options.with_parent)
    except (PortTaken, KeyMissing, OSError) as problem:
        return _told(problem)
    return 0


def _seed(options: argparse.Namespace) -> int:
    from endpoint import demo  # noqa: PLC0415 - as above

    demo.seed(options.data_dir)
    sys.stdout.write(f"{options.data_dir}: {', '.join(demo.NAMES)}\n")
    return 0


def _export(options: argparse.Namespace) -> int:
    from endpoint.application import create_endpoint  # noqa: PLC0415 - as above
    from endpoint.export.files import places  # noqa: PLC0415 - as above
    from endpoint.keys import KeyMissing  # noqa: PLC0415 - as above

    try:
        endpoint = create_endpoint(options.data_dir)
    except (KeyMissing, OSError) as problem:
        return _told(problem)
    try:
        run = endpoint.run_export()
        place = places(endpoint.parts.layout.exports, run.key).data
    finally:
        endpoint.close()
    sys.stdout.write(f"{place}: {run.count} exported, {run.left_behind} left behind\n")
    return 0


def _restored(options: argparse.Namespace) -> int:
    from endpoint.export.importing import ExportSpoilt  # noqa: PLC0415 - as above
    from endpoint.restoring import restore  # noqa: PLC0415 - as above

    try:
        found = restore(options.data_dir)
    except (ExportSpoilt, OSError) as problem:
        return _told(problem)
    sys.stdout.write(f"{options.data_dir}: {found.runs} runs with {found.documents} documents read back\n")
    return 0


def _wrong(reason: str) -> int:
    sys.stderr.write(f"{reason}\n")
    return 2


def _told(problem: Exception) -> int:
    sys.stderr.write(f"{type(problem).__name__}: {problem}\n")
    return 1
