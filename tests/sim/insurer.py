"""The real endpoint in this process; only its judgement is made up, so that nothing is calculated. It can crash."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from endpoint import durable
from endpoint.application import Endpoint, create_endpoint
from endpoint.restoring import restore
from localapp.domain.sync.messages import Refusal
from localapp.domain.sync.operations import Completion
from localapp.sync.transport import LARGEST_ANSWER, Reply, TransportFailed, checked
from tests.sim.crashing import CrashedError, Crashing, share_compiled
from tests.sim.seen import plainly

ADDRESS = "http://127.0.0.1:8700"
WRONG = Refusal("evaluation_differs", {"theirs": "2", "ours": "1"})
_WATCHED = ("revision", "operation", "kept", "export_item", "export_run", "document", "evaluation", "core_health")


class Insurer:
    """The endpoint on its folder, opened again after each crash."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.changes = 0
        self.has_lost = False
        self._heard: Callable[[Crashing], object] = lambda _: None
        self.doom = 0  # as a desk's
        self._open()

    def _open(self) -> None:
        self.crashing = Crashing(self.folder)
        self.crashing.heard = self._heard
        self.endpoint: Endpoint = create_endpoint(self.folder)
        self.endpoint.evaluator._judge = self._judge  # type: ignore[method-assign,assignment]
        share_compiled("insurer", self.endpoint.parts.database.engine, self.endpoint.parts.database._reader)
        self.crashing.watch(self.endpoint.parts.database.engine)
        self._client = self.endpoint.app.test_client()
        self.changes += 1

    @staticmethod
    def _judge(_envelope: object, completion: Completion, _health: str, _waiting: object) -> Refusal | None:
        return WRONG if json.loads(completion.answers)["values"].get("wrong") else None

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes, *, dies_at: int = 0) -> Reply:
        """The answer to one request. Raises TransportFailed when the process dies on the way."""
        self.changes += 1
        try:
            with self._counting(dies_at):
                told = self._client.open(
                    target, method=method, headers=dict(headers), data=body, base_url=ADDRESS, buffered=True
                )
        except CrashedError:
            self.open_again()
            raise TransportFailed("endpoint_unreachable") from None
        return checked(told.status_code, dict(told.headers.items()), told.get_data()[:LARGEST_ANSWER])

    def export(self, *, by_hand: bool, dies_at: int = 0) -> None:
        """Evaluate what waits and run the export, by hand or what is due; it may die within."""
        self.changes += 1
        try:
            with self._counting(dies_at), self.crashing.files_too():
                if by_hand:
                    self.endpoint.run_export()
                else:
                    self.endpoint.evaluate_waiting()
                    self.endpoint.run_due_exports()
        except CrashedError:
            self.open_again()

    @contextmanager
    def _counting(self, dies_at: int) -> Iterator[None]:
        crashing = self.crashing
        try:
            with crashing.counting(dies_at or self.doom):
                yield
        finally:
            self.doom = max(0, self.doom - len(crashing.passed))

    def hear(self, heard: Callable[[Crashing], object]) -> None:
        """Tell of each point that is passed from now on, in whatever life."""
        self._heard = self.crashing.heard = heard

    def crash(self) -> None:
        """Die between two requests."""
        self.crashing.die()
        self.open_again()

    def keep_copy(self) -> None:
        """The nightly backup of the database."""
        shutil.rmtree(self._backup, ignore_errors=True)
        self._backup.mkdir()
        places = (self.folder / "endpoint.db", self._backup / "endpoint.db")
        with closing(sqlite3.connect(places[0])) as mine, closing(sqlite3.connect(places[1])) as copy:
            mine.backup(copy)

    def drop_copy(self) -> None:
        """The backup has become too old."""
        shutil.rmtree(self._backup, ignore_errors=True)

    @property
    def has_copy(self) -> bool:
        """Whether there is a backup."""
        return self._backup.is_dir()

    def restore(self) -> None:
        """Put the backup in the database's place, as ``docs/operations.md`` says; the files of the exports stay."""
        self.close()
        for place in self.folder.glob("endpoint.db*"):
            place.unlink()
        shutil.copyfile(self._backup / "endpoint.db", self.folder / "endpoint.db")
        restore(self.folder)
        self.has_lost = True
        self._open()

    @property
    def _backup(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.backup")

    def open_again(self) -> None:
        """Start on what the dead process has left, and do what ``serve`` does first."""
        self.close()
        self.crashing.bury()
        self._open()
        durable.sweep(durable.folder(self.endpoint.parts.layout.exports))
        self.endpoint.run_due_exports()

    def close(self) -> None:
        with suppress(CrashedError):
            self.endpoint.close()

    def rows(self, query: str) -> list[Mapping[str, Any]]:
        """What a query finds."""
        with self.endpoint.parts.database.read() as connection:
            return plainly(connection, query)

    def content(self) -> dict[str, list[Mapping[str, Any]]]:
        """Everything that a repeated request must not change."""
        return {table: self.rows(f"SELECT * FROM {table}") for table in _WATCHED}  # noqa: S608 - names of tables

    def lines(self) -> dict[str, list[dict[str, Any]]]:
        """The lines of each file of a run. One without its manifest is not complete, and nobody takes it."""
        manifests = sorted(self.folder.glob("exports/*.manifest.json"))
        texts = {path.name.removesuffix(".manifest.json"): path for path in manifests}
        return {
            key: [json.loads(line) for line in (path.parent / f"{key}.jsonl").read_text(encoding="utf-8").splitlines()]
            for key, path in texts.items()
        }
