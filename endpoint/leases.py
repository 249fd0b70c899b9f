"""The lease of an installation: by it a cloned desk and one restored from an older database are known.

Two copies of one database hold the same key and the same lease. Whichever first brings something here has to renew the
lease before; the other one cannot name it and is refused. Why so: docs/adr/0013-installation-lease.md.
"""

from sqlalchemy import Connection, bindparam, update

from endpoint.authentication import Caller
from endpoint.refusal import RequestRefused
from endpoint.store import schema
from localapp.domain.sync.messages import Hello

_table = schema.installation
_USE = update(_table).where(_table.c.id == bindparam("caller")).values(lease_used=True)


def renewed(caller: Caller, hello: Hello) -> dict[str, object]:
    """The columns of the lease after this hello. Raises RequestRefused ``installation_forked``.

    An installation that has none here – it is new, or this database was restored – has the one that it names.

    A renewal whose answer was lost is asked for again and accepted again, until something was done in its session: then
    its answer cannot have been lost, and who asks holds an older state than the one that did it.
    """
    if caller.lease is not None and caller.lease != hello.lease_previous:
        is_repeat = hello.renews and caller.lease == hello.lease_next and not caller.lease_used
        if not is_repeat:
            raise RequestRefused("installation_forked")
    return {"lease": hello.lease_next, "session_writes": hello.renews, "lease_used": False}


def use(connection: Connection, caller: Caller) -> None:
    """Note that something is done in the session of a renewed lease, in the transaction that does it."""
    if not caller.lease_used:
        connection.execute(_USE, {"caller": caller.id})
