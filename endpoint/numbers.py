"""Numbers in blocks: an installation always has some for documents made off-line."""

import json
import re
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, bindparam, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from endpoint.authentication import Caller
from endpoint.store import schema
from endpoint.store.engine import several
from localapp import clock
from localapp.domain.lifecycle import NUMBER_LETTERS, Kind
from localapp.domain.sync.messages import BLOCK_LOW, BLOCK_SIZE, NumberBlock

_HIGHEST = 999_999
MOST_UNUSED = 1_000
"""Numbers of one prefix that an installation may hold without having sent a document; the space is everybody's."""

_PREFIX = re.compile(r"[NMZO]\d{2}", re.ASCII)
_table, _installation = schema.number_block, schema.installation.c
_BLOCKS = select(_table.c.first, _table.c.last).where(_table.c.prefix == bindparam("prefix"))
_OF_NOBODY = _table.c.installation_id.is_(None)
_OF_ADVISOR = select(_installation.id).where(_installation.advisor_id == bindparam("advisor"))
_BLOCKS_OF_ADVISOR = _BLOCKS.where(_table.c.installation_id.in_(_OF_ADVISOR) | _OF_NOBODY)
_BLOCKS_OF_LINEAGE = _BLOCKS.where(_table.c.installation_id.in_(several()) | _OF_NOBODY)


def refill(connection: Connection, caller: Caller, left: Mapping[str, int]) -> tuple[NumberBlock, ...]:
    """A new block of this year for each letter that runs low at the desk, whatever year it names; offers always."""
    year = f"{clock.today().year % 100:02d}"
    letters = {prefix[0] for prefix in left if _PREFIX.fullmatch(prefix)} | {NUMBER_LETTERS[Kind.OFFER]}
    low = [prefix for prefix in (f"{letter}{year}" for letter in sorted(letters)) if left.get(prefix, 0) < BLOCK_LOW]
    blocks = (_give(connection, caller, prefix) for prefix in low)
    return tuple(block for block in blocks if block is not None)


def _give(connection: Connection, caller: Caller, prefix: str) -> NumberBlock | None:
    if _unused(connection, caller, prefix) >= MOST_UNUSED:
        return None
    source = schema.number_source
    advanced = upsert(source).values(prefix=prefix, next=1 + BLOCK_SIZE)
    advanced = advanced.on_conflict_do_update(
        index_elements=[source.c.prefix], set_={"next": source.c.next + BLOCK_SIZE}
    )
    first = int(connection.execute(advanced.returning(source.c.next)).scalar_one()) - BLOCK_SIZE
    last = min(first + BLOCK_SIZE - 1, _HIGHEST)
    if first > _HIGHEST:
        return None
    values = {"installation_id": caller.id, "prefix": prefix, "first": first, "last": last, "given_at": clock.stamp()}
    connection.execute(insert(_table).values(values))
    return NumberBlock(f"{prefix}-", first, last)


def _unused(connection: Connection, caller: Caller, prefix: str) -> int:
    given = select(func.coalesce(func.sum(_table.c.last - _table.c.first + 1), 0))
    given = given.where(_table.c.installation_id == caller.id, _table.c.prefix == prefix)
    number = schema.document.c.number
    used = select(func.count()).where(
        schema.document.c.installation_id == caller.id, number > f"{prefix}-", number < f"{prefix}."
    )
    return int(connection.execute(given).scalar_one()) - int(connection.execute(used).scalar_one())


def belonging(connection: Connection, caller: Caller, numbers: Iterable[str]) -> set[str]:
    """Those numbers that lie in a block of the caller or, if it is linked, of its advisor's other installations.

    A block without an installation was given before this database was restored: it is whoever's that names it.
    """
    chosen = _BLOCKS_OF_ADVISOR if caller.linked else _BLOCKS_OF_LINEAGE
    whose = {"advisor": caller.advisor_id} if caller.linked else {"several": json.dumps(caller.lineage)}
    blocks: dict[str, list[tuple[int, int]]] = {}
    for prefix in {number[:3] for number in numbers}:
        rows = connection.execute(chosen, {"prefix": prefix, **whose})
        blocks[prefix] = [(row.first, row.last) for row in rows]
    return {number for number in numbers if any(a <= int(number[4:]) <= b for a, b in blocks[number[:3]])}
