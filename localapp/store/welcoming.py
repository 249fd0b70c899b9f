"""What the endpoint's welcome brings: notices, blocks of numbers, the next cut-off. Most welcomes bring nothing new."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, bindparam, select

from localapp.domain.sync.messages import Welcome
from localapp.store import (
    attachment_store,
    documents,
    enrolments,
    leases,
    manifests,
    nights,
    notices,
    numbers,
    outbox,
    schema,
    wanting,
)
from localapp.store.enrolments import Enrolment
from localapp.store.leases import Lease
from localapp.store.moments import as_moment

_document = schema.document.c
_NAMELESS = (
    select(_document.uuid)
    .where(_document.enrolment_id == bindparam("row"), _document.number.is_(None))
    .order_by(_document.id)
)


@dataclass(frozen=True)
class BeforeHello:
    """What a hello says of the desk; read at once, since most sessions have nothing else to ask of the store."""

    waiting: int
    numbers: Mapping[str, int]
    lease: Lease


def before_hello(connection: Connection, enrolment: Enrolment) -> BeforeHello:
    """How much waits, how many numbers are left – of an enrolment that has ended none are needed –, and the lease."""
    left = numbers.numbers_left(connection, enrolment.id) if enrolment.ended_at is None else {}
    known = leases.begin(connection, enrolment.id, renew=False)
    return BeforeHello(outbox.count_waiting(connection, enrolment.id), left, known)


def is_quiet(connection: Connection, known: Enrolment, welcome: Welcome) -> bool:
    """Whether no manifest, no report of a night, no content and no file of a signature is due."""
    return not (
        known.stream not in {"", welcome.stream}
        or manifests.is_due(connection, known.id, welcome.server_time)
        or (known.ended_at is None and nights.is_due(connection, welcome))
        or wanting.wants_anything(connection, known.id)
        or attachment_store.has_waiting(connection)
    )


def brings_news(connection: Connection, known: Enrolment, welcome: Welcome, ahead: timedelta) -> bool:
    """Whether there is anything to write; a durable write costs as much as the whole call."""
    if leases.is_pending(connection, known.id) or _begins(known, welcome):
        return True
    if welcome.numbers or known.partner_name != welcome.partner_name or known.cutoff_at != as_moment(welcome.cutoff_at):
        return True
    if known.ended_at is None and not notices.says(connection, welcome, ahead):
        return True
    return connection.execute(_NAMELESS.limit(1), {"row": known.id}).first() is not None


def keep(connection: Connection, row: int, welcome: Welcome, ahead: timedelta) -> None:
    """Keep what it brings, and number the documents that had to wait for it."""
    leases.settle(connection, row)
    if row == enrolments.current_id(connection):
        notices.keep_welcome(connection, welcome, ahead)
    numbers.add_blocks(connection, row, welcome.numbers)
    if _begins(enrolments.by_id(connection, row), welcome):
        enrolments.change(connection, row, stream=welcome.stream)
    enrolments.change(connection, row, cutoff_at=welcome.cutoff_at, partner_name=welcome.partner_name)
    for uuid in connection.execute(_NAMELESS, {"row": row}).scalars().all():
        _give_number(connection, uuid, row)


def _begins(known: Enrolment, welcome: Welcome) -> bool:
    """Whether the feed has nothing yet for a desk that begins to read it; what it sends it need not read back."""
    return known.stream == "" and known.cursor == 0 and not welcome.changed


def _give_number(connection: Connection, uuid: str, enrolment: int) -> None:
    stored = documents.find(connection, uuid)
    number = numbers.take_number(connection, stored.record.kind, enrolment)
    if number is not None:
        documents.learn(connection, stored, {"number": number})
