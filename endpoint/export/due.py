"""Which runs are due, by the server's clock. A run of a day has the day as its key and exists once."""

from datetime import date, datetime, timedelta

from sqlalchemy import Connection, func, select

from endpoint import counting
from endpoint.store import schema
from localapp.domain.cutoff import business_day_of, cutoff_of, last_closed_day, next_cutoff

_table = schema.export_run


def due_days(connection: Connection, now: datetime) -> list[date]:
    """The closed business days without a run, oldest first: one each evening, more after the endpoint was down."""
    newest = connection.execute(select(func.max(_table.c.key)).where(_table.c.by_hand.is_(False))).scalar()
    opened = business_day_of(datetime.fromisoformat(counting.opened_at(connection)))
    first = date.fromisoformat(newest) + timedelta(days=1) if newest else opened
    count = (last_closed_day(now) - first).days + 1
    return [first + timedelta(days=number) for number in range(max(0, count))]


def pending_cutoff(connection: Connection, now: datetime) -> datetime | None:
    """The cut-off of the newest closed day while its freeze is still to come; else None."""
    days = due_days(connection, now)
    return cutoff_of(days[-1]) if days else None


def planned_export(connection: Connection, acknowledged: datetime, now: datetime) -> datetime:
    """The cut-off with which something acknowledged then goes, unless its day has been frozen already."""
    day = business_day_of(acknowledged)
    if connection.execute(select(_table.c.key).where(_table.c.key == day.isoformat())).first():
        return next_cutoff(now)
    return cutoff_of(day)
