"""Size and place of the window: remembered in the data folder, believed only as far as they are sane."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from localapp import private_files

FILE = "window.json"
SMALLEST = (480, 360)
USUAL = (1280, 860)
_FARTHEST = 32_000  # X11 has no coordinate beyond 15 bits
_GRIP = 64  # pixels of the title bar that have to be on a screen, so that the window can be taken hold of
_FRAME = 48  # pixels that title bar and border of a frame take

Screen = tuple[int, int, int, int]
"""Left, top, width and height of what a screen has for windows."""


@dataclass(frozen=True)
class Place:
    """Position and size in pixels of the frame's inside; ``language`` is that of the last page seen."""

    x: int
    y: int
    width: int
    height: int
    maximized: bool = False
    language: str = "cs"


def checked(facts: Mapping[str, Any]) -> Place | None:
    """The place that the facts tell; None when any of them is missing or out of all reason."""
    numbers = [number for number in map(facts.get, ("x", "y", "width", "height")) if type(number) is int]
    if len(numbers) != 4 or any(abs(number) > _FARTHEST for number in numbers):
        return None
    x, y, width, height = numbers
    if width < SMALLEST[0] or height < SMALLEST[1]:
        return None
    language = "en" if facts.get("language") == "en" else "cs"
    return Place(x, y, width, height, facts.get("maximized") is True, language)


def fitted(place: Place | None, screens: Sequence[Screen]) -> Place:
    """The place on a screen that is there now: as it was where it can be reached, else in the middle of the first."""
    left, top, across, down = screens[0] if screens else (0, 0, *USUAL)
    if place is None:
        width, height = min(USUAL[0], across), min(USUAL[1], down - _FRAME)
        return Place(left + (across - width) // 2, top + (down - height) // 2, width, height)
    for screen in screens:
        if _reachable(place, screen):
            return place
    width, height = min(place.width, across), min(place.height, down - _FRAME)
    middle = left + (across - width) // 2, top + (down - height) // 2
    return Place(*middle, width, height, place.maximized, place.language)


def _reachable(place: Place, screen: Screen) -> bool:
    left, top, across, down = screen
    fits = place.width <= across and place.height <= down
    inside = left - place.width + _GRIP <= place.x <= left + across - _GRIP and top <= place.y <= top + down - _GRIP
    return fits and inside


def read(folder: Path) -> Place | None:
    """The remembered place; None where there is none or it makes no sense."""
    try:
        facts = json.loads(private_files.read(folder / FILE))
    except (OSError, ValueError, RecursionError):
        return None
    return checked(facts) if isinstance(facts, dict) else None


def write(folder: Path, place: Place) -> None:
    """Remember a place (0600)."""
    private_files.replace(folder / FILE, json.dumps(asdict(place)).encode("ascii"))
