"""Demonstration data: partners, keys, versions of the components for the re-evaluation, and their repository."""

import shutil
from pathlib import Path

from endpoint import counting, durable, keys, partners
from endpoint.layout import Layout
from endpoint.partners import Partner
from endpoint.publishing.publisher import seed as publish_components
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

    Without ``publish`` there is no component repository, which costs a second; the re-evaluation has its versions
    all the same. Raises PublishingRefused.
    """
    layout = Layout(durable.folder(data_dir))
    keys.create(layout.keys, demo=True)
    _put_partners(layout)
    if publish:
        publish_components(data_dir, paths.components())
    elif not layout.versions.exists():
        shutil.copytree(paths.components(), layout.versions)


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
