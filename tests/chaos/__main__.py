"""``python -m tests.chaos --kills 50``: kill the desk so often, and say what was found."""

import argparse
import secrets
import sys
import tempfile
from pathlib import Path

from tests.chaos.rounds import chaos


def main() -> int:
    """1 when anything acknowledged was lost or anything damaged."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32))
    chosen = parser.parse_args()
    _say(f"seed {chosen.seed}")
    acknowledged = 0
    with tempfile.TemporaryDirectory() as folder, chaos(Path(folder), chosen.seed) as desk:
        for number in range(1, chosen.kills + 1):
            try:
                done = desk.kill_once()
            except AssertionError as fault:
                _say(f"kill {number}: {fault}")
                return 1
            acknowledged += done.acknowledged
            _say(
                f"kill {number} after {done.after:.2f} s: {done.acknowledged} acknowledged, all there; "
                f"{done.in_flight} in flight, {done.got_in} of them got in; store whole"
            )
        desk.see_at_last()
    _say(f"{chosen.kills} kills, {acknowledged} acknowledged changes, none lost")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
