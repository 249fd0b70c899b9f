"""What is done with the folders of desks: copied, put back, gone on with on a second computer."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.sim import ready
from tests.sim.desk import Desk

if TYPE_CHECKING:
    from tests.sim.world import World

COPY = "{}'s copy"


class Copies:
    """The copies of a world's desks, with what each user had been told by then."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._kept: dict[str, dict[str, dict[Any, int]]] = {}

    def keep(self, name: str) -> None:
        """Copy the folder of a desk that is not running."""
        world, desk = self._world, self._world.desks[name]
        desk.stopped(lambda: shutil.copytree(desk.folder, self._place(name), dirs_exist_ok=False))
        self._kept[name] = {
            "saved": {place: words for place, words in world.saved.items() if place[0] == name},
            "completed": {place: words for place, words in world.completed.items() if place[0] == name},
        }

    def has(self, name: str) -> bool:
        """Whether there is a copy of the desk's folder."""
        return name in self._kept

    def put_back(self, name: str, *, database_only: bool) -> None:
        """Put the copy in the folder's place; ``database_only`` leaves what lies beside the database as it is."""
        world, desk, copy = self._world, self._world.desks[name], self._place(name)
        world.is_copied = True
        desk.stopped(lambda: ready.put_back(copy, desk.folder, database_only=database_only))
        for what in (world.saved, world.completed):
            for place in [place for place in what if place[0] == name]:
                del what[place]  # type: ignore[arg-type]  # both are told apart by their first part
        kept = self._kept.pop(name)
        world.saved.update(kept["saved"])
        world.completed.update(kept["completed"])
        world.pulled.discard(name)
        world.behind.add(name)

    def go_on_with(self, name: str) -> str:
        """A second computer goes on with the copy; its name."""
        world, clone = self._world, COPY.format(name)
        world.is_copied = True
        self._place(name).rename(world.folder / clone)
        world.desks[clone] = Desk(world, clone, world.folder / clone)
        for what, kept in ((world.saved, "saved"), (world.completed, "completed")):
            what.update({(clone, *place[1:]): words for place, words in self._kept[name][kept].items()})
        del self._kept[name]
        world.behind.add(clone)
        return clone

    def leave_twin_behind(self, name: str) -> None:
        """What a desk has sent its copy does not know of, and the other way round, until that one has synchronized."""
        copy = COPY.format(name)
        twin = copy if copy in self._world.desks else original_of(name)
        if twin != name:
            self._world.behind.add(twin)

    def _place(self, name: str) -> Path:
        return self._world.folder / f"{name}.kept"


def original_of(name: str) -> str:
    """The desk that a copy was made of; a desk that is none itself."""
    return name.removesuffix(COPY.format(""))
