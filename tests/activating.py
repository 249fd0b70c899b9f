"""Desks that have been activated: Alena of partner 900001 at the endpoint of her own demonstration."""

import atexit
import shutil
import tempfile
import time
from functools import cache
from pathlib import Path

from tests.asking import Asking, OverHttp
from tests.running import RunningDesk, started

ALENA = {
    "first_name": "Alena",
    "last_name": "Nováková",
    "advisor_code": "anovakova",
    "cnb_registration_number": "012345PPZ",
}
_PATIENCE = 30.0


def activate(running: RunningDesk, partner_number: str = "900001", **data: str) -> None:
    """Go through activation until the application opens."""
    asking = OverHttp(running)
    try:
        pass_activation(asking, partner_number, **data)
        until = time.monotonic() + _PATIENCE
        while asking.get("/documents").status != 200:
            assert time.monotonic() < until, asking.get("/activation/first-synchronization/progress").text
            time.sleep(0.1)
    finally:
        asking.close()


def pass_activation(asking: Asking, partner_number: str = "900001", **data: str) -> None:
    """Enter the partner number and the advisor's data; the first synchronization begins by itself."""
    verified = asking.post("/activation", {"partner_number": partner_number}, fragments=False)
    assert verified.status == 303, verified.text
    confirmed = asking.post("/activation/user", ALENA | data, fragments=False)
    assert confirmed.location == "/activation/first-synchronization", confirmed.text


def put_activated_desk(folder: Path) -> None:
    """Make ``folder`` the data of a demonstration that has been activated and holds no document."""
    shutil.copytree(_activated_once(), folder)


@cache
def _activated_once() -> Path:
    parent = Path(tempfile.mkdtemp(prefix="smartclient-activated-"))
    atexit.register(shutil.rmtree, parent, ignore_errors=True)
    with started(parent / "desk", "--demo") as running:
        activate(running)
    for log in (parent / "desk").glob("**/*.log*"):
        log.unlink()
    return parent / "desk"
