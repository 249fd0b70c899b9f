"""A desk that is a copy or was restored goes on as a new installation, and tells the advisor once what came of it.

Nothing of the outbox is lost: what may have left under the former name is sent as it is, byte for byte; what never left
gets operations of its own, because the other copy may have sent its own of the same name.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from localapp import clock
from localapp.domain.sync.messages import DocumentFacts
from localapp.store import documents, enrolments, manifests, outbox, repairs, schema
from localapp.store.engine import Database
from localapp.store.enrolments import Enrolment
from localapp.store.leases import Origin
from localapp.store.repairs import Repair
from localapp.store.sync_schema import enrolment, number_block

_table = enrolment.c
_SETTING = "sync.fork."
_KEPT = select(schema.setting.c.value).where(schema.setting.c.name == bindparam("setting"))
CODES = {Origin.COPIED: "installation_copied", Origin.RESTORED: "installation_restored"}
"""How a fork that is healed is told, by where the database comes from."""


@dataclass(frozen=True)
class Named:
    """An installation with its key: one that is to take an enrolment's place, or whose place it has taken."""

    installation: str
    private_key: bytes = field(repr=False)


class Forks:
    """The forks of one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def prepare(self, known: Enrolment, fresh: Named) -> Named:
        """Keep the successor before it is named to anybody. One that was kept before goes on, so that a lost answer or
        a crash does not make a second one.
        """
        chosen = select(_table.successor, _table.successor_key).where(_table.id == known.id)
        with self._database.write() as connection:
            row = connection.execute(chosen).one()
            if row.successor is not None:
                return Named(row.successor, row.successor_key)
            values = {"successor": fresh.installation, "successor_key": fresh.private_key}
            connection.execute(update(enrolment).where(_table.id == known.id).values(**values))
        return fresh

    def ancestor(self, known: Enrolment) -> Named | None:
        """The installation whose place this one has taken; an insurer that was restored may have to be told again."""
        with self._database.read() as connection:
            chosen = select(_table.ancestor, _table.ancestor_key).where(_table.id == known.id)
            row = connection.execute(chosen).one()
        return None if row.ancestor is None else Named(row.ancestor, row.ancestor_key)

    def complete(self, known: Enrolment, origin: Origin, *, intake_key: bytes, linked: bool) -> Enrolment:
        """The insurer has taken the successor: the enrolment goes on under its name, from the beginning of the feed.

        Numbers at hand are given up: the other copy has the same ones. Documents keep those that they have.
        """
        still = (_table.id == known.id, _table.installation == known.installation, _table.successor.is_not(None))
        linked_at = known.linked_at.isoformat(timespec="microseconds") if known.linked_at else clock.stamp()
        values: dict[str, Any] = {
            "ancestor": _table.installation,
            "ancestor_key": _table.private_key,
            "installation": _table.successor,
            "private_key": _table.successor_key,
            "intake_key": intake_key,
        }
        values |= {"successor": None, "successor_key": None, "lease": "", "lease_next": None}
        values |= {"cursor": 0, "stream": "", "linked_at": linked_at if linked else None}
        of_enrolment = number_block.c.enrolment_id == known.id
        with self._database.write() as connection:
            if connection.execute(update(enrolment).where(*still).values(**values)).rowcount == 1:
                connection.execute(update(number_block).where(of_enrolment).values(next=number_block.c.last + 1))
                outbox.queue_anew(connection, known.id)
                manifests.forget(connection, known.id)
                _begin_to_tell(connection, known.id, origin)
            return enrolments.by_id(connection, known.id)


def count_brought(connection: Connection, row: int, told: Sequence[DocumentFacts], *, more: bool) -> None:
    """Count what the insurer knows and this database does not, page by page; after the last page the advisor is told.

    Called before the page is applied, in the transaction that applies it.
    """
    name = f"{_SETTING}{row}"
    kept = connection.execute(_KEPT, {"setting": name}).scalar()
    if kept is None:
        return
    fork = json.loads(kept)
    here = documents.find_all(connection, [facts.document for facts in told])
    fork["brought"] += sum(
        facts.document not in here or facts.revision > (here[facts.document].backed_up_revision or 0) for facts in told
    )
    if more:
        _keep(connection, name, fork)
        return
    connection.execute(delete(schema.setting).where(schema.setting.c.name == name))
    repairs.note_in(connection, Repair(clock.stamp(), CODES[Origin(fork["origin"])], repeated=fork["brought"]))


def _begin_to_tell(connection: Connection, row: int, origin: Origin) -> None:
    _keep(connection, f"{_SETTING}{row}", {"origin": origin.value, "brought": 0})


def _keep(connection: Connection, name: str, content: object) -> None:
    table, value = schema.setting, json.dumps(content)
    kept = upsert(table).values(name=name, value=value)
    connection.execute(kept.on_conflict_do_update(index_elements=[table.c.name], set_={"value": value}))
