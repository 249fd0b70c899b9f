"""An endpoint whose database was put back from a backup: made ready before it serves, healed by the desks afterwards.

What it does not know any more: documents acknowledged since, which the desks offer again; runs exported since, which
lie in their files; numbers given since; leases and installations of since. Why so: docs/adr/0013-installation-lease.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from endpoint import audit, counting
from endpoint.export import importing
from endpoint.layout import Layout
from endpoint.store import schema
from endpoint.store.engine import Database
from endpoint.store.migrate import bring_to_head
from localapp import clock
from localapp.domain.lifecycle import NUMBER_LETTERS

GAP = 20_000
"""Numbers of each prefix that are left out: more than can have been given between a backup and the loss."""

_HIGHEST = 999_999


@dataclass(frozen=True)
class Restored:
    """What was made ready: runs read back from their files, and the documents in them."""

    runs: int
    documents: int


def restore(folder: Path) -> Restored:
    """Make a restored database ready: all of it or nothing. Again it does no harm but to leave out more numbers.

    Raises ExportSpoilt, NewerStore, FileNotFoundError without a database.
    """
    layout = Layout(folder)
    if not layout.database.is_file():
        raise FileNotFoundError(layout.database)
    runs = importing.filed_runs(layout.exports)
    bring_to_head(layout.database)
    database = Database(layout.database)
    try:
        with database.write() as connection:
            counts = [importing.take_back(connection, run) for run in runs]
            counting.begin_stream(connection)
            _end_sessions(connection)
            _leave_out_numbers(connection, importing.numbers_of(runs))
            found = Restored(sum(count > 0 for count in counts), sum(counts))
            audit.note(connection, "restored", f"{found.runs} runs, {found.documents} documents")
    finally:
        database.close()
    return found


def _end_sessions(connection: Connection) -> None:
    """The leases have moved on since: what a desk names first is its lease."""
    connection.execute(update(schema.installation).values(session=None, lease=None, lease_used=False))


def _leave_out_numbers(connection: Connection, filed: Iterable[str]) -> None:
    """Go on beyond every number that may have been given; those left out are whoever's that names them first."""
    seen = [*connection.execute(select(schema.document.c.number)).scalars(), *filed]
    highest: dict[str, int] = {}
    for number in seen:
        highest[number[:3]] = max(highest.get(number[:3], 0), int(number[4:]))
    source = schema.number_source
    given = {row.prefix: int(row.next) for row in connection.execute(select(source))}
    year = f"{clock.today().year % 100:02d}"
    for prefix in {*highest, *given, *(f"{letter}{year}" for letter in NUMBER_LETTERS.values())}:
        first = given.get(prefix, 1)
        following = min(max(first, highest.get(prefix, 0) + 1) + GAP, _HIGHEST + 1)
        advanced = upsert(source).values(prefix=prefix, next=following)
        connection.execute(advanced.on_conflict_do_update(index_elements=[source.c.prefix], set_={"next": following}))
        if first < following:
            block = {"prefix": prefix, "first": first, "last": following - 1, "given_at": clock.stamp()}
            connection.execute(insert(schema.number_block).values(installation_id=None, **block))
