"""Which runs are due, by the server's clock. A run of a day has the day as its key and exists once."""

from datetime import date, datetime, timedelta

from sqlalchemy import Connection, bindparam, func, select

from endpoint import counting
from endpoint.store import schema
from localapp.domain.cutoff import business_day_of, cutoff_of, last_closed_day, next_cutoff

_table = schema.export_run
_NEWEST = select(func.max(_table.c.key)).where(_table.c.by_hand.is_(False))
_RUN_OF = select(_table.c.key).where(_table.c.key == bindparam("day"))


def due_days(connection: Connection, now: datetime) -> list[date]:
    """The closed business days without a run, oldest first: one each evening, more after the endpoint was down."""
    newest = connection.execute(_NEWEST).scalar()
    opened = business_day_of(datetime.fromisoformat(counting.opened_at(connection)))
    first = date.fromisoformat(newest) + timedelta(days=1) if newest else opened
    count = (last_closed_day(now) - first).days + 1
    return [first + timedelta(days=number) for number in range(max(0, count))]


class Days:
    """The business days as one request sees them, inside its transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection, self._now = connection, now
        days = due_days(connection, now)
        self.pending_cutoff: datetime | None = cutoff_of(days[-1]) if days else None
        """The cut-off of the newest closed day while its freeze is still to come."""
        self._planned: dict[date, str] = {}
        self._of_moment: dict[str, str] = {}  # what one request takes in was acknowledged in one moment

    def planned_export(self, acknowledged: str) -> str:
        """The cut-off with which something acknowledged then goes, unless its day has been frozen already."""
        if acknowledged not in self._of_moment:
            self._of_moment[acknowledged] = self._of_day(business_day_of(datetime.fromisoformat(acknowledged)))
        return self._of_moment[acknowledged]

    def _of_day(self, day: date) -> str:
        if day not in self._planned:
            frozen = self._connection.execute(_RUN_OF, {"day": day.isoformat()}).first()
            goes = next_cutoff(self._now) if frozen else cutoff_of(day)
            self._planned[day] = goes.isoformat(timespec="microseconds")
        return self._planned[day]
