"""What the endpoint's welcome brings: notices, blocks of numbers, the next cut-off. Most welcomes bring nothing new."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Select, select

from localapp.domain.sync.messages import Welcome
from localapp.store import documents, enrolments, leases, notices, numbers, schema
from localapp.store.enrolments import Enrolment
from localapp.store.moments import as_moment


def brings_news(connection: Connection, row: int, welcome: Welcome, ahead: timedelta) -> bool:
    """Whether there is anything to write; a durable write costs as much as the whole call."""
    if leases.is_pending(connection, row):
        return True
    known = enrolments.by_id(connection, row)
    if _begins(known, welcome):
        return True
    if welcome.numbers or known.partner_name != welcome.partner_name or known.cutoff_at != as_moment(welcome.cutoff_at):
        return True
    if row == enrolments.current_id(connection) and not notices.says(connection, welcome, ahead):
        return True
    return connection.execute(_nameless(row).limit(1)).first() is not None


def keep(connection: Connection, row: int, welcome: Welcome, ahead: timedelta) -> None:
    """Keep what it brings, and number the documents that had to wait for it."""
    leases.settle(connection, row)
    if row == enrolments.current_id(connection):
        notices.keep_welcome(connection, welcome, ahead)
    numbers.add_blocks(connection, row, welcome.numbers)
    if _begins(enrolments.by_id(connection, row), welcome):
        enrolments.change(connection, row, stream=welcome.stream)
    enrolments.change(connection, row, cutoff_at=welcome.cutoff_at, partner_name=welcome.partner_name)
    for uuid in connection.execute(_nameless(row)).scalars().all():
        _give_number(connection, uuid, row)


def _begins(known: Enrolment, welcome: Welcome) -> bool:
    """Whether the feed has nothing yet for a desk that begins to read it; what it sends it need not read back."""
    return known.stream == "" and known.cursor == 0 and not welcome.changed


def _nameless(row: int) -> "Select[Any]":
    table = schema.document.c
    return select(table.uuid).where(table.enrolment_id == row, table.number.is_(None)).order_by(table.id)


def _give_number(connection: Connection, uuid: str, enrolment: int) -> None:
    stored = documents.find(connection, uuid)
    number = numbers.take_number(connection, stored.record.kind, enrolment)
    if number is not None:
        documents.learn(connection, stored, {"number": number})
