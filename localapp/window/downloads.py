"""Under which name a download is saved: one of its own, visible, and one that every system can hold."""

import re
from pathlib import Path

LONGEST = 120
_RESERVED = re.compile(r"(?i:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])")
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')


def clean_name(proposed: str) -> str | None:
    """The last part of the proposed name; None when it is hidden, reserved, or made to look like another."""
    name = proposed.replace("\\", "/").rpartition("/")[2].strip()
    stem = name.partition(".")[0].strip()
    if not stem or len(name) > LONGEST or name.endswith(".") or _UNFIT.search(name) or _RESERVED.fullmatch(stem):
        return None
    return name


def free_name(folder: Path, name: str) -> str:
    """The name, or the name with the first number under which nothing lies in the folder yet."""
    path = Path(name)
    tried, number = name, 1
    while (folder / tried).exists() or (folder / tried).is_symlink():
        number += 1
        tried = f"{path.stem} ({number}){path.suffix}"
    return tried
