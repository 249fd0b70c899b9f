"""One endpoint on one data folder. Nothing runs by itself here; ``serve`` adds the threads."""

from pathlib import Path

from flask import Flask

from endpoint import counting, durable, keys
from endpoint.evaluation.evaluator import Evaluator
from endpoint.export.exporter import Exporter
from endpoint.export.freeze import Run
from endpoint.http.application import create_app
from endpoint.layout import Layout
from endpoint.parts import Parts
from endpoint.store.engine import Database, prepare_file
from endpoint.store.migrate import bring_to_head


class Endpoint:
    """The endpoint in this process. Time is that of ``localapp.clock``."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.app: Flask = create_app(parts)
        self.evaluator = Evaluator(parts)
        self.exporter = Exporter(parts, self.evaluator.evaluate_waiting)

    def evaluate_waiting(self) -> int:
        """Evaluate what was acknowledged and waits; how many revisions."""
        return self.evaluator.evaluate_waiting()

    def run_export(self) -> Run:
        """Evaluate what waits and export with the cut-off now, as ``python -m endpoint export`` does."""
        return self.exporter.run_by_hand()

    def run_due_exports(self) -> list[Run]:
        """The runs of closed days that have none yet. Evaluates nothing itself; see ``Exporter.run_due``."""
        return self.exporter.run_due()

    def close(self) -> None:
        """Stop the worker process and close the file."""
        self.evaluator.close()
        self.parts.database.close()


def create_endpoint(data_dir: Path) -> Endpoint:
    """The endpoint of a folder, its file made or migrated first.

    Raises KeyMissing when the core system's public key is not there (``demo.seed`` makes one), NewerStore.
    """
    layout = Layout(durable.folder(data_dir))
    keys.create(layout.keys, demo=False)
    sealing = keys.read(layout.keys)
    prepare_file(layout.database)
    bring_to_head(layout.database)
    database = Database(layout.database)
    with database.write() as connection:
        counting.start(connection)
    return Endpoint(Parts(layout, database, sealing))
