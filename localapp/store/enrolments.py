"""Whom this desk is enrolled for: one current enrolment, and earlier ones until their outbox is empty."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, exists, insert, select, update

from localapp import clock
from localapp.domain.lifecycle import Kind
from localapp.domain.sync.enrolment import Advisor
from localapp.store import schema
from localapp.store.moments import as_moment, as_moment_or_none
from localapp.store.records import NamedAdvisor
from localapp.store.sync_schema import enrolment

_table, _outbox = enrolment.c, schema.outbox.c
_WAITS = exists().where(
    _outbox.enrolment_id == _table.id,
    _outbox.withdrawn_at.is_(None),
    _outbox.acknowledged_at.is_(None),
    _outbox.refused_at.is_(None),
)
_SPOKEN_FOR = (
    select(enrolment)
    .where(_table.confirmed_at.is_not(None), _table.ended_at.is_(None) | _WAITS)
    .order_by(_table.ended_at.is_not(None), _table.id)
)
_BY_ID = select(enrolment).where(_table.id == bindparam("row"))
_CHANGE = update(enrolment).where(_table.id == bindparam("row"))


@dataclass(frozen=True)
class Enrolment:
    """One enrolment. ``confirmed_at`` is None until the endpoint has answered, ``linked_at`` until it is linked.

    ``private_key`` signs requests (Ed25519), ``health_key`` locks health for the advisor's own machines, ``intake_key``
    is the insurer's public key, ``authority`` the certificate (PEM) that its server is known by. ``stream`` and
    ``cursor`` say how far the change feed has been applied.
    """

    id: int
    installation: str
    endpoint: str
    partner_number: str
    partner_name: str
    advisor: Advisor
    private_key: bytes = field(repr=False)
    health_key: bytes = field(repr=False)
    intake_key: bytes | None
    began_at: datetime
    confirmed_at: datetime | None
    linked_at: datetime | None
    ended_at: datetime | None
    stream: str
    cursor: int
    cutoff_at: datetime | None
    authority: str = ""

    @property
    def named(self) -> NamedAdvisor:
        """As documents name advisor and partner at this moment."""
        person, partner = self.advisor, (self.partner_number, self.partner_name)
        return NamedAdvisor(person.title, person.first_name, person.last_name, person.cnb_registration_number, *partner)


def current(connection: Connection) -> Enrolment | None:
    """The enrolment that new documents are made under; None before activation."""
    row = connection.execute(select(enrolment).where(_table.ended_at.is_(None))).mappings().one_or_none()
    return None if row is None else _enrolment(row)


def current_id(connection: Connection) -> int | None:
    """The row of the current enrolment."""
    return connection.execute(select(_table.id).where(_table.ended_at.is_(None))).scalar()


def by_id(connection: Connection, row: int) -> Enrolment:
    """The enrolment of a row."""
    return _enrolment(connection.execute(_BY_ID, {"row": row}).mappings().one())


def with_waiting(connection: Connection) -> list[Enrolment]:
    """The confirmed enrolments to speak for: the current one first, then ended ones that still have operations."""
    return [_enrolment(row) for row in connection.execute(_SPOKEN_FOR).mappings()]


def begin(connection: Connection, new: Enrolment) -> int:
    """Keep a new enrolment and its keys before anything is sent, so that a crash goes on with the same; its row.

    The earlier one ends: its documents can be read and copied from now on, what waits in its outbox still goes.
    """
    end_current(connection)
    row = connection.execute(
        insert(enrolment).values(
            installation=new.installation,
            endpoint=new.endpoint,
            authority=new.authority,
            partner_number=new.partner_number,
            partner_name=new.partner_name,
            advisor=json.dumps(new.advisor.as_json(), ensure_ascii=False),
            private_key=new.private_key,
            health_key=new.health_key,
            began_at=clock.stamp(),
        )
    ).inserted_primary_key
    assert row is not None  # noqa: S101 - an insert of one row has its key
    return int(row[0])


def end_current(connection: Connection) -> None:
    """End the current enrolment and mark its documents as those of a partner that the advisor has left."""
    row = current_id(connection)
    if row is None:
        return
    connection.execute(update(enrolment).where(_table.id == row).values(ended_at=clock.stamp()))
    document = schema.document
    connection.execute(
        update(document)
        .where(document.c.enrolment_id == row, document.c.kind != Kind.OTHER, document.c.partner_left_at.is_(None))
        .values(partner_left_at=clock.stamp())
    )


def reopen(connection: Connection, row: int) -> None:
    """Make an ended enrolment the current one again, with its documents."""
    end_current(connection)
    connection.execute(update(enrolment).where(_table.id == row).values(ended_at=None))
    document = schema.document.c
    connection.execute(update(schema.document).where(document.enrolment_id == row).values(partner_left_at=None))


def find_same(connection: Connection, endpoint: str, partner_number: str, identity: str) -> Enrolment | None:
    """An enrolment of the same advisor with the same partner at the same endpoint."""
    found = connection.execute(
        select(enrolment)
        .where(_table.endpoint == endpoint, _table.partner_number == partner_number)
        .order_by(_table.id.desc())
    )
    return next((each for each in map(_enrolment, found.mappings()) if each.advisor.identity == identity), None)


def follow(connection: Connection, address: str) -> None:
    """Give every enrolment this endpoint."""
    connection.execute(update(enrolment).where(_table.endpoint != address).values(endpoint=address))


def change(connection: Connection, row: int, **values: object) -> None:
    """Write columns of an enrolment."""
    connection.execute(_CHANGE, {"row": row, **values})


def _enrolment(row: RowMapping) -> Enrolment:
    return Enrolment(
        id=row["id"],
        installation=row["installation"],
        endpoint=row["endpoint"],
        partner_number=row["partner_number"],
        partner_name=row["partner_name"],
        advisor=Advisor(**json.loads(row["advisor"])),
        private_key=row["private_key"],
        health_key=row["health_key"],
        intake_key=row["intake_key"],
        began_at=as_moment(row["began_at"]),
        confirmed_at=as_moment_or_none(row["confirmed_at"]),
        linked_at=as_moment_or_none(row["linked_at"]),
        ended_at=as_moment_or_none(row["ended_at"]),
        stream=row["stream"],
        cursor=row["cursor"],
        cutoff_at=as_moment_or_none(row["cutoff_at"]),
        authority=row["authority"],
    )
