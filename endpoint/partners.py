"""Partners: who may activate, and who may still be heard."""

from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from endpoint.refusal import RequestRefused
from endpoint.store import schema
from localapp.domain.sync.enrolment import clean_partner_number

_table = schema.partner


@dataclass(frozen=True)
class Partner:
    """A brokerage."""

    number: str
    name: str
    blocked_at: str | None = None
    ended_at: str | None = None


def put(connection: Connection, partner: Partner) -> None:
    """Add a partner or bring what is known of it up to date."""
    values = {"name": partner.name, "blocked_at": partner.blocked_at, "ended_at": partner.ended_at}
    added = insert(_table).values(number=partner.number, **values)
    connection.execute(added.on_conflict_do_update(index_elements=[_table.c.number], set_=values))


def find(connection: Connection, number: str) -> Partner | None:
    """The partner of that number."""
    row = connection.execute(select(_table).where(_table.c.number == number)).one_or_none()
    return None if row is None else Partner(row.number, row.name, row.blocked_at, row.ended_at)


def admit(connection: Connection, typed: str) -> Partner:
    """The partner for which somebody wants to activate.

    Raises RequestRefused ``partner_number_invalid``, ``partner_unknown``, ``partner_blocked``, ``partner_ended``.
    """
    number = clean_partner_number(typed)
    if number is None:
        raise RequestRefused("partner_number_invalid", typed=typed[:40])
    partner = find(connection, number)
    if partner is None:
        raise RequestRefused("partner_unknown", partner_number=number)
    if partner.blocked_at:
        raise RequestRefused("partner_blocked", partner_number=number)
    if partner.ended_at:
        raise RequestRefused("partner_ended", partner_number=number)
    return partner
