"""Attack 41 for both sides of a synchronization: the desk's disk is full, the insurer's is full, and both again."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from tests.sim import ready
from tests.sim.checking import check
from tests.sim.quiet import settle
from tests.sim.world import World

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
NAME = "alena"
ROOM = range(0, 60_000, 4_096)
"""Bytes that are left, so that each write meets the end of the disk somewhere else."""


@pytest.fixture
def small_disks(tmp_path: Path) -> Iterator[Path]:
    """A world whose desk and insurer lie on disks of 16 MB each. Only root can mount one."""
    places = [tmp_path / name for name in (NAME, ready.INSURER)]
    for place in places:
        place.mkdir()
        line = ["mount", "-t", "tmpfs", "-o", "size=16m,mode=0700", "none", str(place)]
        if not ROOT or subprocess.run(line, check=False, capture_output=True).returncode:
            pytest.skip("NOT RUN: only root may mount a small disk; run the tests once as root")
    shutil.copytree(ready.made_once() / NAME, places[0], dirs_exist_ok=True)
    shutil.copytree(ready.made_once() / ready.INSURER, places[1], dirs_exist_ok=True)
    try:
        yield tmp_path
    finally:
        for place in places:
            subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path, leave: int) -> Path:
    """Take all room but so many bytes."""
    free = os.statvfs(place)
    (place / "ballast").write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - leave)))
    return place / "ballast"


@pytest.mark.parametrize("side", [NAME, ready.INSURER])
def test_41_a_disk_that_is_full_on_either_side_loses_and_doubles_nothing(small_disks: Path, side: str) -> None:
    world = World([NAME], folder=small_disks)
    failures = 0
    try:
        for leave in ROOM:
            before = world.new(NAME)
            ballast = fill(small_disks / side, leave)
            failures += not work(world, before or "")
            check(world)
            ballast.unlink()
        settle(world)
    finally:
        world.let_go()
    assert failures > 3


def work(world: World, document: str) -> bool:
    """A day on the full disk; whether all of it could be done."""
    done = [world.complete(NAME, document), world.new(NAME) is not None, world.type_in(NAME, document)]
    report = world.synchronize(NAME)
    with suppress(OSError, DBAPIError):  # the export is tried again when it is due the next time
        world.export(by_hand=True)
        done.append(True)
    return all(done) and len(done) == 4 and report is not None and report.refusal is None
