"""All benchmarks in one table: ``python -m tests.bench [PART …]``."""

import argparse
import os
import sys
from collections.abc import Callable

from tests.bench import (
    clients,
    editing,
    endpoint,
    launch,
    opening,
    pages,
    peers,
    printing,
    pushes,
    quote,
    resources,
    store,
    synchronization,
    window,
)
from tests.bench.table import Row

PARTS: dict[str, Callable[[], list[Row]]] = {
    "quote": quote.rows,
    "editing": editing.rows,
    "opening": opening.rows,
    "launch": launch.rows,
    "window": window.rows,
    "store": store.rows,
    "clients": clients.rows,
    "pages": pages.rows,
    "peers": peers.rows,
    "printing": printing.rows,
    "resources": resources.rows,
    "endpoint": endpoint.rows,
    "synchronization": lambda: [*pushes.rows(), *synchronization.rows()],
}
_HEAD = ("milliseconds", "p50", "p95", "target p50", "p95", "met", "n")


def main() -> None:
    """Measure the asked parts, all without one, and print the table part by part."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="What has a target, measured.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    asked = parser.parse_args().parts
    unknown = set(asked) - PARTS.keys()
    if unknown:
        parser.error(f"there is no part {min(unknown)}; there are {', '.join(PARTS)}")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a desk that was installed does not compile itself at each start
    _print_load("before")
    _print(*_HEAD)
    missed = [row.what for part in asked or PARTS for row in _printed(PARTS[part]()) if not row.met]
    _print_load("after")
    sys.stdout.write(f"{len(missed)} targets missed{': ' + '; '.join(missed) if missed else ''}\n")


def _printed(rows: list[Row]) -> list[Row]:
    for row in rows:
        if row.missing:
            sys.stdout.write(f"{row.what:<66} {row.missing}\n")
            continue
        targets = ["" if target is None else f"{target:.1f}" for target in (row.target_p50, row.target_p95)]
        met = "" if not any(targets) else "yes" if row.met else "NO"
        _print(row.what, f"{row.p50:.2f}", f"{row.p95:.2f}", *targets, met, str(row.count))
    return rows


def _print_load(when: str) -> None:
    """How busy the machine is: with more work than processors the figures are the neighbours', not ours."""
    if hasattr(os, "getloadavg"):
        sys.stdout.write(f"load {when}: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n")


def _print(what: str, *figures: str) -> None:
    p50, p95, target_p50, target_p95, met, count = figures
    sys.stdout.write(f"{what:<66} {p50:>8} {p95:>8} {target_p50:>10} {target_p95:>6}  {met:<4} {count:>4}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
