"""The beginning of a session: a fresh session value, numbers, and what there is to know before anything is sent."""

import secrets

from sqlalchemy import Connection, bindparam, func, select, update

from endpoint import counting, feed, leases, numbers, succession
from endpoint.authentication import Caller
from endpoint.store import schema
from localapp import clock
from localapp.domain.cutoff import next_cutoff
from localapp.domain.sync.exports import ExportRun
from localapp.domain.sync.messages import Hello, Welcome

NOTICE_UNLINKED = "installation_unlinked"
"""Another installation names this advisor and has not been linked; the desk warns, Help Desk can block it."""
NOTICE_SUCCEEDED = "installation_succeeded"
"""A copied or restored desk of this advisor goes on under a new name."""

_MOST_NOTICES = 20

_installation, _run = schema.installation, schema.export_run
_BEGIN = update(_installation).where(_installation.c.id == bindparam("caller"))
_LAST_RUN = select(_run.c.key, _run.c.cutoff_at, _run.c.frozen_at).order_by(_run.c.frozen_at.desc()).limit(1)
_UNLINKED = select(func.count()).where(
    _installation.c.advisor_id == bindparam("advisor"),
    _installation.c.linked_at.is_(None),
    _installation.c.blocked_at.is_(None),
)
_left, _document = schema.left_behind, schema.document
_LEFT_BEHIND = (
    select(_left.c.export_key, _document.c.number, _left.c.code)
    .join(_document, _document.c.id == _left.c.document_id)
    .where(_left.c.export_key == select(_run.c.key).order_by(_run.c.frozen_at.desc()).limit(1).scalar_subquery())
    .where(_document.c.advisor_id + 0 == bindparam("advisor"))
    .where(_document.c.exported_at.is_(None), _document.c.cancelled_at.is_(None), _document.c.returned_at.is_(None))
    .limit(_MOST_NOTICES)
)
"""``+ 0`` keeps the search from beginning at all documents of the advisor instead of at the few that were left."""


def greet(connection: Connection, caller: Caller, hello: Hello) -> Welcome:
    """Begin a session of the caller; requests of its earlier one are refused from now on.

    Raises RequestRefused ``installation_forked``.
    """
    now, session = clock.now(), secrets.token_urlsafe(24)
    values = leases.renewed(caller, hello)
    values |= {"session": session, "last_seen_at": clock.stamp(), "version": hello.version}
    connection.execute(_BEGIN, {"caller": caller.id, **values})
    return Welcome(
        session=session,
        stream=counting.stream(connection),
        sequence=counting.sequence(connection),
        server_time=clock.stamp(),
        cutoff_at=next_cutoff(now).isoformat(timespec="microseconds"),
        linked=caller.linked,
        changed=feed.has_changes(connection, caller, hello.cursor, hello.stream),
        partner_name=caller.partner_name,
        partner_ended=caller.partner_ended,
        numbers=() if caller.partner_ended else numbers.refill(connection, caller, hello.numbers),
        notices=_notices(connection, caller),
        exported=_last_run(connection),
    )


def _last_run(connection: Connection) -> ExportRun | None:
    row = connection.execute(_LAST_RUN).one_or_none()
    return None if row is None else ExportRun(row.key, row.cutoff_at, row.frozen_at)


def _notices(connection: Connection, caller: Caller) -> tuple[str, ...]:
    """For a linked installation: of others without a link, and of documents that the last run left unevaluated."""
    if not caller.linked:
        return ()
    others = connection.execute(_UNLINKED, {"advisor": caller.advisor_id}).scalar_one()
    found = [NOTICE_UNLINKED] if others else []
    found += [NOTICE_SUCCEEDED] if succession.is_told(connection, caller) else []
    return (*found, *_left_behind(connection, caller))


def _left_behind(connection: Connection, caller: Caller) -> list[str]:
    """``left_behind:<export>:<number>:<code>`` for what the newest run left and no later fact explains."""
    found = connection.execute(_LEFT_BEHIND, {"advisor": caller.advisor_id})
    return [f"left_behind:{row.export_key}:{row.number}:{row.code}" for row in found]
