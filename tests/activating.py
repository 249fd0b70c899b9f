"""Desks that have been activated: Alena of partner 900001 at the endpoint of her own demonstration."""

import atexit
import shutil
import tempfile
import time
from functools import cache
from pathlib import Path

from localapp.app import demo_keys
from localapp.config import DEMO_PASSPHRASE, KEY_FILE
from localapp.store.keys import KeyFile
from localapp.store.wrapping import Hardness
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


def put_activated_desk(folder: Path, *, as_made: bool = False) -> None:
    """Make ``folder`` the data of a demonstration that has been activated and holds no document.

    Its key file asks for the least work that a guess may cost, unless the cost is what is measured: else each start of
    some hundred desks would spend a fifth of a second on it.
    """
    shutil.copytree(_activated_once(), folder)
    if not as_made:
        shutil.copyfile(_cheap_key_file(), folder / KEY_FILE)


@cache
def _activated_once() -> Path:
    parent = _until_the_end("activated")
    with started(parent / "desk", "--demo") as running:
        activate(running)
    for log in (parent / "desk").glob("**/*.log*"):
        log.unlink()
    return parent / "desk"


@cache
def _cheap_key_file() -> Path:
    """The same keys under the same passphrase."""
    made, cheap = _activated_once(), _until_the_end("cheap") / KEY_FILE
    shutil.copyfile(made / KEY_FILE, cheap)
    cheap.chmod(0o600)
    passphrase = (made / DEMO_PASSPHRASE).read_text("ascii").strip()
    KeyFile(cheap, Hardness(memory=8 * 1024, passes=1, lanes=1)).change_passphrase(demo_keys(made), passphrase)
    return cheap


def _until_the_end(name: str) -> Path:
    """A folder that is gone once this process ends."""
    folder = Path(tempfile.mkdtemp(prefix=f"smartclient-{name}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
