"""Where damaged files are kept: ``broken/<time>/`` of the data folder, for half a year."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from localapp import clock

BROKEN = "broken"
KEPT_FOR = timedelta(days=180)
_STAMP = "%Y%m%dT%H%M%S%fZ"


def place_for(folder: Path) -> Path:
    """A fresh folder for what was found damaged now. Raises OSError."""
    place = folder / BROKEN / clock.now().astimezone(UTC).strftime(_STAMP)
    place.mkdir(mode=0o700, parents=True)
    return place


def forget_old(folder: Path) -> list[datetime]:
    """Delete what has been kept for half a year: it holds personal data. From when it was."""
    forgotten = []
    for place in (folder / BROKEN).glob("*Z"):
        try:
            at = datetime.strptime(place.name, _STAMP).replace(tzinfo=UTC)
        except ValueError:
            continue
        if clock.now() - at > KEPT_FOR:
            shutil.rmtree(place, ignore_errors=True)
            forgotten.append(at)
    return forgotten
