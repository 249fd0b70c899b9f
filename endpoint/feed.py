"""The change feed: the present facts of documents in the order of their last change. Never answers."""

import json

from sqlalchemy import Connection, bindparam, exists, select

from endpoint import counting, documents
from endpoint.authentication import Caller
from endpoint.store import schema
from endpoint.store.engine import several
from localapp.domain.sync.messages import MOST_CHANGES, Changes

_table = schema.document
_IS_NEWER = _table.c.sequence > bindparam("cursor")
_OF_LINKED = (_table.c.advisor_id == bindparam("advisor"), _IS_NEWER)
_OF_UNLINKED = (_table.c.installation_id.in_(several()), _IS_NEWER)
_LINKED_HAS_NEWER, _UNLINKED_HAS_NEWER = select(exists().where(*_OF_LINKED)), select(exists().where(*_OF_UNLINKED))
_IN_ORDER = documents.CHOSEN.order_by(_table.c.sequence).limit(MOST_CHANGES + 1)
_PAGE_OF_LINKED, _PAGE_OF_UNLINKED = _IN_ORDER.where(*_OF_LINKED), _IN_ORDER.where(*_OF_UNLINKED)
"""``documents.visible_to``, as statements that stay the same: every hello asks."""


def changes(connection: Connection, caller: Caller, cursor: int, stream: str) -> Changes:
    """One page of what the caller may see beyond its cursor; ``resync`` when the cursor is of another stream."""
    own = counting.stream(connection)
    if not is_of_stream(connection, cursor, stream):
        return Changes(own, (), 0, more=False, resync=True)
    chosen = _PAGE_OF_LINKED if caller.linked else _PAGE_OF_UNLINKED
    rows = connection.execute(chosen, _asked(caller, cursor)).all()
    page = [documents.stored(row).facts() for row in rows[:MOST_CHANGES]]
    return Changes(own, tuple(page), page[-1].sequence if page else cursor, more=len(rows) > MOST_CHANGES)


def has_changes(connection: Connection, caller: Caller, cursor: int, stream: str) -> bool:
    """Whether a pull would bring anything; one look into an index, however many documents there are."""
    if not is_of_stream(connection, cursor, stream):
        return True
    chosen = _LINKED_HAS_NEWER if caller.linked else _UNLINKED_HAS_NEWER
    return bool(connection.execute(chosen, _asked(caller, cursor)).scalar())


def _asked(caller: Caller, cursor: int) -> dict[str, int | str]:
    whose: dict[str, int | str] = {"advisor": caller.advisor_id}
    return {**(whose if caller.linked else {"several": json.dumps(caller.lineage)}), "cursor": cursor}


def is_at_end(connection: Connection, caller: Caller, cursor: int, stream: str) -> bool:
    """Whether a desk that has a stream has read all that the caller may see: what it sends now will be all there is."""
    return bool(stream) and not has_changes(connection, caller, cursor, stream)


def is_of_stream(connection: Connection, cursor: int, stream: str) -> bool:
    """Whether the cursor was given by this stream; a desk that begins has none and the cursor 0."""
    if not stream and cursor == 0:
        return True
    return bool(stream == counting.stream(connection) and cursor <= counting.sequence(connection))
