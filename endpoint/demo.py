"""Demonstration data: partners, keys, versions of the components for the re-evaluation, and their repository."""

import importlib
import importlib.util
import shutil
from pathlib import Path

from endpoint import counting, durable, keys, partners
from endpoint.layout import Layout
from endpoint.partners import Partner
from endpoint.store.engine import Database, prepare_file
from endpoint.store.migrate import bring_to_head
from localapp import clock, paths

PARTNER, OTHER_PARTNER, BLOCKED_PARTNER = "900001", "900002", "900003"
NAMES = {
    PARTNER: "Středočeské finanční poradenství, s. r. o.",
    OTHER_PARTNER: "Moravská pojišťovací kancelář, a. s.",
    BLOCKED_PARTNER: "Poradna Jihozápad, s. r. o.",
}


def seed(data_dir: Path, *, publish: bool = True) -> None:
    """Fill a fresh folder; on one that has been filled it changes nothing but what is missing.

    ``publish`` also makes the component repository, when the publishing part is there.
    """
    layout = Layout(durable.folder(data_dir))
    keys.create(layout.keys, demo=True)
    if not layout.versions.exists():
        _copy_versions(layout)
    _put_partners(layout)
    if publish and importlib.util.find_spec("endpoint.publishing"):
        importlib.import_module("endpoint.publishing").seed(data_dir)


def _copy_versions(layout: Layout) -> None:
    beside = layout.versions.with_name(f"{layout.versions.name}{durable.PART}")
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(paths.components(), beside)
    beside.rename(layout.versions)


def _put_partners(layout: Layout) -> None:
    prepare_file(layout.database)
    bring_to_head(layout.database)
    database = Database(layout.database)
    try:
        with database.write() as connection:
            counting.start(connection)
            for number, name in NAMES.items():
                if partners.find(connection, number) is None:
                    blocked_at = clock.stamp() if number == BLOCKED_PARTNER else None
                    partners.put(connection, Partner(number, name, blocked_at))
    finally:
        database.close()
