"""Ways to damage the files of a closed (or killed) desk, and what a store holds, to be compared."""

from pathlib import Path

from localapp.store.change_log import log_files
from localapp.store.engine import connected
from tests.store.made_up import KEYS


def flip(file: Path, position: int, bit: int = 1) -> None:
    """Turn one bit over; a negative position counts from the end."""
    content = bytearray(file.read_bytes())
    content[position] ^= bit
    file.write_bytes(content)


def cut(file: Path, to: int) -> None:
    """Cut the file to so many bytes; a negative number is cut off the end."""
    content = file.read_bytes()
    file.write_bytes(content[:to])


def newest_log(folder: Path) -> Path:
    return log_files(folder / "changes")[-1]


def newest_backup(folder: Path) -> Path:
    return max((folder / "backups").glob("*.db"))


def left_behind(folder: Path, copy: Path) -> Path:
    """A copy of the folder as a process that is killed now would leave it."""
    copy.mkdir()
    for file in sorted(folder.rglob("*")):
        place = copy / file.relative_to(folder)
        if file.is_dir():
            place.mkdir(mode=0o700)
        elif file.suffix != ".db-shm":
            place.write_bytes(file.read_bytes())
    return copy


def everything_in(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, the search index too."""
    with connected(folder / "documents.db", KEYS.database) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'document!_search!_%' ESCAPE '!'"
        ).fetchall()
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)  # noqa: S608 - own names
            for (name,) in names
        }
