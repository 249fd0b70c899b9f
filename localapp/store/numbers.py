"""Document numbers, e.g. ``N26-000001``: taken from the blocks that the endpoint gave to this installation."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, bindparam, func, insert, select, update

from localapp import clock
from localapp.domain.lifecycle import NUMBER_LETTERS, Kind
from localapp.domain.sync.messages import NumberBlock
from localapp.store.sync_schema import number_block

_table = number_block.c
_LEFT = _table.next <= _table.last
_COUNT_LEFT = (
    select(_table.prefix, func.sum(_table.last - _table.next + 1))
    .where(_table.enrolment_id == bindparam("enrolment"))
    .group_by(_table.prefix)
    .order_by(_table.prefix)
)


def prefix_of(kind: Kind, day: date) -> str:
    """The letter of the kind and the year's two digits."""
    return f"{NUMBER_LETTERS[kind]}{day.year % 100:02d}"


def take_number(connection: Connection, kind: Kind, enrolment: int | None) -> str | None:
    """The next number of the newest year's oldest block with one left; None without a block: the synchronization gives
    one then. The year is the insurer's, never that of this computer's clock.
    """
    oldest = (
        select(_table.id)
        .where(_table.enrolment_id == enrolment, _table.prefix.startswith(NUMBER_LETTERS[kind]), _LEFT)
        .order_by(_table.prefix.desc(), _table.id)
        .limit(1)
        .scalar_subquery()
    )
    taken = connection.execute(
        update(number_block)
        .where(_table.id == oldest)
        .values(next=_table.next + 1)
        .returning(_table.prefix, _table.next - 1)
    ).first()
    return None if taken is None else f"{taken[0]}-{taken[1]:06d}"


def add_blocks(connection: Connection, enrolment: int, blocks: Iterable[NumberBlock]) -> None:
    """Keep the blocks that the endpoint has given."""
    rows = [
        {
            "enrolment_id": enrolment,
            "prefix": block.prefix.removesuffix("-"),
            "next": block.first,
            "last": block.last,
        }
        for block in blocks
    ]
    if rows:
        connection.execute(insert(number_block), rows)


def numbers_left(connection: Connection, enrolment: int) -> dict[str, int]:
    """How many numbers are left of each kind's newest year; of the year of the clock where there were none yet."""
    found = connection.execute(_COUNT_LEFT, {"enrolment": enrolment})
    newest = {str(prefix)[0]: (str(prefix), int(count)) for prefix, count in found}
    none = {NUMBER_LETTERS[kind]: (prefix_of(kind, clock.today()), 0) for kind in Kind}
    return dict((none | newest).values())
