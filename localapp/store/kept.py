"""What every page asks for, kept until the next commit: only this process writes the file."""

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from localapp.store.engine import Database

_T = TypeVar("_T")


class Kept:
    """Answers of a store by what was asked; one made before the last commit is made anew."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._answers: dict[Hashable, tuple[int, Any]] = {}

    def of(self, asked: Hashable, make: Callable[[], _T]) -> _T:
        """The kept answer, or a fresh one. ``asked`` comes from a small fixed set: nothing is ever thrown away."""
        commits = self._database.commits  # before it is made: a commit meanwhile makes it stale at once
        with self._lock:
            made, answer = self._answers.get(asked, (-1, None))
        if made == commits:
            kept: _T = answer
            return kept
        fresh = make()
        with self._lock:
            self._answers[asked] = (commits, fresh)
        return fresh
