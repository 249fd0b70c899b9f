"""One completed document becomes thousands, straight in the tables: completing so many takes minutes."""

import base64
import json
import secrets
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select

from localapp.domain.sync.operations import written
from localapp.store import schema
from localapp.store.client_schema import client_stale
from localapp.store.ids import new_id
from localapp.store.store import Store

_SEALED = ("sealed_health", "advisor_health")


def multiply(store: Store, numbers: list[str]) -> None:
    """Add a completed document that waits for each of the numbers, all like the newest one but in what is sealed.

    What is sealed is as long as before and as little alike, so that no line packs it better than it would.
    """
    with store._database.write() as connection:
        rows = {table.name: _newest(connection, table) for table in _TABLES}
        first = rows["document"]["id"] + 1, rows["document"]["rank"] + 1, rows["outbox"]["position"] + 1
        for table in _TABLES:
            alike = rows[table.name]
            connection.execute(
                insert(table), [_varied(table, alike, [at + turn for at in first], n) for turn, n in enumerate(numbers)]
            )
        connection.execute(delete(client_stale))  # the directory of clients learns nothing from copies


_TABLES = (schema.document, schema.revision, schema.revision_health, schema.outbox, schema.outgoing)


def _newest(connection: Connection, table: Table) -> dict[str, Any]:
    order = table.c.id if table is schema.document else table.c.document_id
    return dict(connection.execute(select(table).order_by(order.desc()).limit(1)).mappings().one())


def _varied(table: Table, alike: dict[str, Any], place: list[int], number: str) -> dict[str, Any]:
    document, rank, position = place
    if table is schema.document:
        return {**alike, "id": document, "uuid": new_id(), "number": number, "rank": rank}
    row = {**alike, "document_id": document}
    if table is schema.outbox:
        row |= {"position": position, "id": new_id()}
    if table is schema.outgoing:
        row |= {"position": position, "completion": _sealed_anew(alike["completion"])}
    return row


def _sealed_anew(completion: str) -> str:
    content = json.loads(completion)
    fresh = {name: secrets.token_bytes(len(base64.b64decode(content[name]))) for name in _SEALED}
    return written(content | {name: base64.b64encode(sealed).decode() for name, sealed in fresh.items()})
