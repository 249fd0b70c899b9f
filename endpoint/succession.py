"""A new installation takes the place of one whose lease somebody else holds: proved by the old key, never by a claim.

It inherits advisor, partner and whether it is linked, and what its ancestor sent is its own. Linked installations of
the advisor are told, and the audit notes it. Source: docs/sync-protocol.md, "A fork".
"""

import json
from datetime import UTC, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select

from endpoint import audit
from endpoint.authentication import Caller
from endpoint.enrolment import Enrolled
from endpoint.refusal import RequestRefused
from endpoint.store import schema
from endpoint.store.engine import several
from localapp import clock

TOLD_FOR = timedelta(days=30)
_table = schema.installation
_LATELY_SUCCEEDED = (
    select(_table.c.id)
    .where(
        _table.c.advisor_id == bindparam("advisor"),
        _table.c.ancestor_id.is_not(None),
        _table.c.id.not_in(several()),
        _table.c.blocked_at.is_(None),
        _table.c.enrolled_at > bindparam("since"),
    )
    .limit(1)
)


def succeed(connection: Connection, caller: Caller, installation: str, public_key: bytes) -> Enrolled:
    """Enrol the new installation in the place of the caller, or answer again what was answered.

    Raises RequestRefused ``signature_wrong`` when the id belongs to another installation or key.
    """
    ancestor = connection.execute(select(_table).where(_table.c.id == caller.id)).one()
    known = connection.execute(select(_table).where(_table.c.uuid == installation)).one_or_none()
    if known is None:
        _add(connection, ancestor, installation, public_key)
    elif known.ancestor_id != caller.id or bytes(known.public_key) != public_key:
        raise RequestRefused("signature_wrong")
    return Enrolled(installation, linked=caller.linked, known=True, partner_name=caller.partner_name)


def _add(connection: Connection, ancestor: Row[Any], installation: str, public_key: bytes) -> None:
    connection.execute(
        insert(_table).values(
            uuid=installation,
            advisor_id=ancestor.advisor_id,
            ancestor_id=ancestor.id,
            public_key=public_key,
            declared=ancestor.declared,
            version=ancestor.version,
            knew_advisor=True,
            enrolled_at=clock.stamp(),
            linked_at=ancestor.linked_at,
        )
    )
    audit.note(connection, "succeeded", f"{ancestor.uuid} {installation}")


def is_told(connection: Connection, caller: Caller) -> bool:
    """Whether another installation of the advisor has lately been taken the place of by a new one."""
    since = (clock.now() - TOLD_FOR).astimezone(UTC).isoformat(timespec="microseconds")
    asked = {"advisor": caller.advisor_id, "several": json.dumps(caller.lineage), "since": since}
    return connection.execute(_LATELY_SUCCEEDED, asked).first() is not None
