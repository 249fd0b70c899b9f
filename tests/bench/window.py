"""Launch → list of documents on the screen, in the window."""

import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from localapp.app import demo_keys
from localapp.window import reasons
from tests.activating import put_activated_desk
from tests.bench.table import Row
from tests.running import LAUNCHER
from tests.window.screens import Screen, screen
from tests.window.test_fall_backs import WITHOUT_TOOLKIT
from tests.window.windowed import ALLOWED, windowed

STARTS = 7
TARGET, FALL_BACK_TARGET = 900.0, 1000.0
_LOADED = "smartclient.window INFO loaded"
_KEY_AT_HAND = (
    "-c",
    f"""import sys; sys.path.insert(0, {str(LAUNCHER.parent)!r})
from localapp import app
def keys(folder):
    from localapp.store.records import Keys
    return Keys(*map(bytes.fromhex, (folder / "keys.txt").read_text().split()))
app.demo_keys = keys
sys.exit(app.main())""",
)


@dataclass(frozen=True)
class _Without:
    """What makes a window impossible."""

    environment: dict[str, str] = field(default_factory=dict)
    start: tuple[str, ...] = ()


_WITHOUT = {
    reasons.NO_DISPLAY: _Without({"DISPLAY": ""}),
    reasons.NO_TOOLKIT: _Without(start=WITHOUT_TOOLKIT),
    **({reasons.AS_ROOT: _Without({reasons.ROOT_SWITCH: ""})} if reasons.is_root() else {}),
    reasons.CRASHED: _Without({"DISPLAY": ":7777"}),
}


def rows() -> list[Row]:
    """With the key at hand, as a keyring gives it: the demonstration's argon2id is done before."""
    with tempfile.TemporaryDirectory() as folder, screen() as shown:
        desk = Path(folder) / "desk"
        put_activated_desk(desk, as_made=True)
        keys = demo_keys(desk)
        (desk / "keys.txt").write_text(f"{keys.database.hex()} {keys.health.hex()}", encoding="ascii")
        _start(desk, shown)  # the first one reads half a gigabyte from the disk
        times = [_start(desk, shown) for _ in range(STARTS)]
        told = [_fall_back(reason, desk, shown) for reason in _WITHOUT]
    listed = Row("launch → list in the window", statistics.median(times), max(times), STARTS, target_p50=TARGET)
    return [listed, *told]


def _fall_back(reason: str, folder: Path, shown: Screen) -> Row:
    """Launch → the sentence that says why there is no window, which comes as the tab is opened."""
    times = []
    for _ in range(STARTS):
        began = time.perf_counter()
        environment = {"BROWSER": "true", **shown.environment, **ALLOWED} | _WITHOUT[reason].environment
        with windowed(folder, environment, *_WITHOUT[reason].start) as desk:
            desk.await_told(f"[window.{reason}]")
            times.append((time.perf_counter() - began) * 1000)
    return Row(f"launch → told: {reason}", statistics.median(times), max(times), STARTS, target_p95=FALL_BACK_TARGET)


def _start(folder: Path, shown: Screen) -> float:
    """Milliseconds from the start of the process until the window has told that the list is loaded."""
    log = folder / "smartclient.log"
    log.unlink(missing_ok=True)
    began = time.perf_counter()
    with windowed(folder, shown.environment | ALLOWED, *_KEY_AT_HAND) as desk:
        while not (log.exists() and _LOADED in log.read_text(encoding="utf-8")):
            assert desk.process.poll() is None, desk.complained
            time.sleep(0.002)
        took = (time.perf_counter() - began) * 1000
        assert "GET /documents 200" in log.read_text(encoding="utf-8")
    return took
