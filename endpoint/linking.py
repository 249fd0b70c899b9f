"""Linking a further installation of an advisor by a one-time code, of which the endpoint has only a digest."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from endpoint import audit, counting, leases
from endpoint.authentication import Caller
from endpoint.refusal import RequestRefused
from endpoint.store import schema
from localapp import clock

LIFE = timedelta(minutes=10)
LONGEST_WAIT = 60
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_table = schema.link_code


def make_code(connection: Connection, caller: Caller, proof_hash: str, wrapped_key: str) -> str:
    """Keep the digest of a code's proof and the wrapped key; when it expires. An earlier code is worth nothing now.

    Raises RequestRefused ``not_linked``, ``malformed``.
    """
    if not caller.linked:
        raise RequestRefused("not_linked")
    if not _DIGEST.fullmatch(proof_hash):
        raise RequestRefused("malformed", reason="proof_hash")
    leases.use(connection, caller)
    expires_at = keep_code(connection, caller.advisor_id, caller.id, proof_hash, wrapped_key)
    audit.note(connection, "link_code_made", caller.uuid)
    return expires_at


def keep_code(connection: Connection, advisor: int, made_by: int | None, proof_hash: str, wrapped_key: str) -> str:
    """Keep a code's digest instead of an earlier one; when it expires. Help Desk has neither installation nor key."""
    expires_at = _stamp(clock.now() + LIFE)
    own = (_table.c.advisor_id == advisor, _table.c.expires_at > clock.stamp())
    connection.execute(update(_table).where(*own).values(expires_at=clock.stamp()))
    values = {"advisor_id": advisor, "made_by": made_by, "proof_hash": proof_hash, "wrapped_key": wrapped_key}
    connection.execute(insert(_table).values(expires_at=expires_at, **values))
    return expires_at


def link(connection: Connection, caller: Caller, proof: bytes) -> str | RequestRefused:
    """Link the caller and return the wrapped key; the same proof of the same installation gives it again.

    A refusal is returned, not raised, because the failed attempt has to be counted: ``link_code_wait``,
    ``link_code_wrong``.
    """
    leases.use(connection, caller)
    waited = _wait(connection, caller)
    if waited:
        return RequestRefused("link_code_wait", retry_after=waited, seconds=str(waited))
    code = connection.execute(
        select(_table).where(
            _table.c.advisor_id == caller.advisor_id,
            _table.c.proof_hash == hashlib.sha256(proof).hexdigest(),
            _table.c.expires_at > clock.stamp(),
            _table.c.used_by.is_(None) | (_table.c.used_by == caller.id),
        )
    ).first()
    if code is None:
        _count_failure(connection, caller)
        return RequestRefused("link_code_wrong", minutes=str(int(LIFE.total_seconds()) // 60))
    if code.used_by is None:
        connection.execute(update(_table).where(_table.c.id == code.id).values(used_by=caller.id))
        _set_linked(connection, caller)
    return str(code.wrapped_key)


def _wait(connection: Connection, caller: Caller) -> int:
    """Seconds until the advisor's next attempt."""
    chosen = select(schema.advisor.c.link_wait_until).where(schema.advisor.c.id == caller.advisor_id)
    until = connection.execute(chosen).scalar_one()
    if until is None:
        return 0
    left = (datetime.fromisoformat(until) - clock.now()).total_seconds()
    return max(0, -int(-left // 1))


def _count_failure(connection: Connection, caller: Caller) -> None:
    """Wrong proofs make the advisor wait 1, 2, 4 … 60 s."""
    table = schema.advisor
    of_advisor = table.c.id == caller.advisor_id
    failures = int(connection.execute(select(table.c.link_failures).where(of_advisor)).scalar_one())
    wait = timedelta(seconds=min(LONGEST_WAIT, 2 ** min(failures, 6)))
    values = {"link_failures": failures + 1, "link_wait_until": _stamp(clock.now() + wait)}
    connection.execute(update(table).where(of_advisor).values(values))
    audit.note(connection, "link_code_wrong", caller.uuid)


def _set_linked(connection: Connection, caller: Caller) -> None:
    """Link the installation. Its advisor's documents enter every feed anew: it sees them now, its own are verified."""
    installation, advisor, document = schema.installation, schema.advisor, schema.document
    connection.execute(update(installation).where(installation.c.id == caller.id).values(linked_at=clock.stamp()))
    reset = update(advisor).where(advisor.c.id == caller.advisor_id)
    connection.execute(reset.values(link_failures=0, link_wait_until=None))
    chosen = select(document.c.id).where(document.c.advisor_id == caller.advisor_id).order_by(document.c.sequence)
    ids = list(connection.execute(chosen).scalars())
    first = counting.take(connection, len(ids))
    for position, document_id in enumerate(ids):
        moved = update(document).where(document.c.id == document_id).values(sequence=first + position)
        connection.execute(moved)
    audit.note(connection, "linked", caller.uuid)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
