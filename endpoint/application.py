"""One endpoint on one data folder. Nothing runs by itself here; ``serve`` adds the threads."""

from pathlib import Path

from flask import Flask

from endpoint import counting, durable, keys
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

    def close(self) -> None:
        """Close the file and stop the worker process."""
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
