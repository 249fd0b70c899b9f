"""The beginning of a session: a fresh session value, numbers, and what there is to know before anything is sent."""

import secrets

from sqlalchemy import Connection, func, select, update

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


def greet(connection: Connection, caller: Caller, hello: Hello) -> Welcome:
    """Begin a session of the caller; requests of its earlier one are refused from now on.

    Raises RequestRefused ``installation_forked``.
    """
    now, session = clock.now(), secrets.token_urlsafe(24)
    table = schema.installation
    values = leases.renewed(caller, hello)
    values |= {"session": session, "last_seen_at": clock.stamp(), "version": hello.version}
    connection.execute(update(table).where(table.c.id == caller.id).values(values))
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
    run = schema.export_run.c
    newest = select(run.key, run.cutoff_at, run.frozen_at).order_by(run.frozen_at.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    return None if row is None else ExportRun(row.key, row.cutoff_at, row.frozen_at)


def _notices(connection: Connection, caller: Caller) -> tuple[str, ...]:
    """For a linked installation: of others without a link, and of documents that the last run left unevaluated."""
    if not caller.linked:
        return ()
    table = schema.installation
    others = select(func.count()).where(
        table.c.advisor_id == caller.advisor_id, table.c.linked_at.is_(None), table.c.blocked_at.is_(None)
    )
    found = [NOTICE_UNLINKED] if connection.execute(others).scalar_one() else []
    found += [NOTICE_SUCCEEDED] if succession.is_told(connection, caller) else []
    return (*found, *_left_behind(connection, caller))


def _left_behind(connection: Connection, caller: Caller) -> list[str]:
    """``left_behind:<export>:<number>:<code>`` for what the newest run left and no later fact explains.

    ``+ 0`` keeps the search from beginning at all documents of the advisor instead of at the few that were left.
    """
    left, document, run = schema.left_behind, schema.document, schema.export_run
    newest = select(run.c.key).order_by(run.c.frozen_at.desc()).limit(1).scalar_subquery()
    chosen = (
        select(left.c.export_key, document.c.number, left.c.code)
        .join(document, document.c.id == left.c.document_id)
        .where(left.c.export_key == newest, document.c.advisor_id + 0 == caller.advisor_id)
        .where(document.c.exported_at.is_(None), document.c.cancelled_at.is_(None), document.c.returned_at.is_(None))
        .limit(_MOST_NOTICES)
    )
    return [f"left_behind:{row.export_key}:{row.number}:{row.code}" for row in connection.execute(chosen)]
