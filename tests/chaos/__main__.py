"""``python -m tests.chaos --kills 50 --harms 200 --rounds 200``: kill the desk, kill it and damage its files, kill it
together with the endpoint, kill three desks and the endpoint on a line that breaks, each so often; say what was found.
"""

import argparse
import secrets
import sys
import tempfile
from pathlib import Path

from tests.chaos.both import both
from tests.chaos.harm import HARMS
from tests.chaos.rounds import chaos
from tests.chaos.three import three

_ROUNDS_OF_A_WORLD = 25


def main() -> int:
    """1 when anything acknowledged was lost, exported twice or damaged."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--harms", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32))
    chosen = parser.parse_args()
    _say(f"seed {chosen.seed}")
    try:
        _kill_the_desk(chosen.kills, chosen.seed)
        _harm_the_desk(chosen.harms, chosen.seed)
        _kill_both(chosen.kills, chosen.seed)
        _kill_three(chosen.rounds, chosen.seed)
    except AssertionError as fault:
        _say("\n".join([str(fault), *getattr(fault, "__notes__", [])]))
        return 1
    return 0


def _kill_the_desk(kills: int, seed: int) -> None:
    acknowledged = 0
    with tempfile.TemporaryDirectory() as folder, chaos(Path(folder), seed) as desk:
        for number in range(1, kills + 1):
            done = desk.kill_once()
            acknowledged += done.acknowledged
            _say(
                f"kill {number} after {done.after:.2f} s: {done.acknowledged} acknowledged, all there; "
                f"{done.in_flight} in flight, {done.got_in} of them got in; store whole"
            )
        desk.see_at_last()
    _say(f"{kills} kills of the desk, {acknowledged} acknowledged changes, none lost")


def _harm_the_desk(rounds: int, seed: int) -> None:
    acknowledged, told = 0, 0
    with tempfile.TemporaryDirectory() as folder, chaos(Path(folder), seed) as desk:
        for number in range(1, rounds + 1):
            done = desk.kill_once(HARMS[number % len(HARMS)])
            assert done.harm is not None
            acknowledged, told = acknowledged + done.acknowledged, told + done.harm.must_be_told
            _say(
                f"damage {number}: {done.harm.name}, {'told' if done.harm.must_be_told else 'without effect'}; "
                f"{done.acknowledged} acknowledged, all there; {done.got_in} of {done.in_flight} in flight got in"
            )
        desk.see_at_last()
    _say(f"{rounds} kills with damage, {told} of them told; {acknowledged} acknowledged changes, none lost")


def _kill_both(kills: int, seed: int) -> None:
    acknowledged, exported = 0, 0
    with tempfile.TemporaryDirectory() as folder, both(Path(folder), seed) as pair:
        for number in range(1, kills + 1):
            done = pair.kill_once()
            acknowledged, exported = acknowledged + done.acknowledged, done.exported
            _say(
                f"kill {number} of the desk after {done.desk_after:.2f} s, of the endpoint after "
                f"{done.endpoint_after:.2f} s: {done.acknowledged} completions acknowledged, both agree on all; "
                f"{exported} documents exported, each once"
            )
    _say(f"{kills} kills of both, {acknowledged} acknowledged completions, none lost; {exported} exported, none twice")


def _kill_three(rounds: int, seed: int) -> None:
    completed, cuts, documents, exported = 0, 0, 0, 0
    for first in range(0, rounds, _ROUNDS_OF_A_WORLD):
        with three(seed + first) as world:
            for number in range(first, min(rounds, first + _ROUNDS_OF_A_WORLD)):
                done = world.kill_once()
                completed, cuts = completed + done.completed, cuts + done.cuts
                _say(
                    f"round {number + 1}: {done.saved} saved, {done.completed} completed, {done.cuts} connections "
                    f"cut; all agree on {done.documents} documents, {done.exported} exported, each once"
                )
            world.end()
            documents, exported = documents + done.documents, exported + done.exported
    _say(
        f"{rounds} rounds of three desks, the endpoint and its export, each killed, on a line that was cut {cuts} "
        f"times: {completed} completions told, none lost; {exported} of {documents} exported, none twice"
    )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
