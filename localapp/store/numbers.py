"""Document numbers, e.g. ``N26-000001``. A later issue hands them out in blocks."""

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from localapp import clock
from localapp.domain.lifecycle import NUMBER_LETTERS, Kind
from localapp.store import schema


def next_number(connection: Connection, kind: Kind) -> str:
    """The next free number of the kind in the year of today's Prague day; unique by the caller's write transaction."""
    prefix = f"{NUMBER_LETTERS[kind]}{clock.today().year % 100:02d}"
    source = schema.number_source.c
    taken = connection.execute(
        insert(schema.number_source)
        .values(prefix=prefix, next=2)
        .on_conflict_do_update(index_elements=[source.prefix], set_={"next": source.next + 1})
        .returning(source.next - 1)
    ).scalar_one()
    return f"{prefix}-{taken:06d}"
