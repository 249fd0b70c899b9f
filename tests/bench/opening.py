"""A family offer opened from the list: until its first section is there, the redirect included."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from localapp import clock
from localapp.app import AFTER_THE_FIRST_PAGE
from tests import family
from tests.activating import put_activated_desk
from tests.asking import OverHttp
from tests.bench.table import Row, measured
from tests.running import started

TARGET = 100.0
STARTS, COUNT = 7, 200
_LOOKED_AT_THE_LIST = 2 * AFTER_THE_FIRST_PAGE  # seconds: nobody finds the offer in the list sooner


def rows() -> list[Row]:
    """The first offer of a run, and one after another."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "desk"
        put_activated_desk(folder)
        with started(folder, "--demo") as running:
            asking = OverHttp(running)
            addresses = [family.write(asking, clock.today()) for _ in range(2)]
            again = measured("opening of the family offer", _opening(asking, addresses), count=COUNT, target_p95=TARGET)
            asking.close()
        times = [_first(folder, addresses[0]) for _ in range(STARTS)]
    first = Row("opening of the family offer, the first of a run", median(times), max(times), STARTS, TARGET)
    return [again, first]


def _opening(asking: OverHttp, addresses: list[str]) -> Callable[[], None]:
    """Opens the offers in turns, as what was shown last is kept."""

    def open_next() -> None:
        addresses.append(addresses.pop(0))
        place = asking.get(addresses[0]).location
        assert asking.get(place).status == 200

    return open_next


def _first(folder: Path, address: str) -> float:
    with started(folder, "--demo") as running:
        asking = OverHttp(running)
        assert asking.get("/documents").status == 200
        time.sleep(_LOOKED_AT_THE_LIST)
        began = time.perf_counter()
        _opening(asking, [address])()
        took = (time.perf_counter() - began) * 1000
        asking.close()
    return took
