"""Documents whose time is over: announced, confirmed or kept by the advisor, removed for good.

The rule is ``domain/retention``. Of what left, its id alone stays, so that the insurer's list does not bring it back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from localapp.domain.retention import MONTHS, NOTICE, Held, Kept, Retention, months_after, retention
from localapp.domain.sync.messages import DocumentFacts
from localapp.store import deletion, documents, outbox, schema
from localapp.store.backups import Backups
from localapp.store.documents import StoredDocument
from localapp.store.engine import Database
from localapp.store.kept import Kept as Remembered
from localapp.store.listing import Counts
from localapp.store.moments import as_moment, as_moment_or_none, as_text
from localapp.store.records import DocumentRecord
from localapp.store.sync_schema import conflict, let_go, notice_of_leaving

AT_ONCE = 500
_EVERY = timedelta(days=7)  # each time all earlier backups go too
_LET_GO_AT, _OLD_BACKUPS = "retention.let_go_at", "retention.old_backups"
EVENT = "let_go"
_told = notice_of_leaving


@dataclass(frozen=True)
class Leaving:
    """A document that was announced, and when it leaves or why it stays."""

    record: DocumentRecord
    retention: Retention

    @property
    def is_to_confirm(self) -> bool:
        """Whether it leaves only once the advisor says so."""
        return self.retention.kept is Kept.UNCONFIRMED


class Retaining:
    """Of one open store. ``now`` is always the insurer's time: a wrong clock of the laptop must delete nothing."""

    def __init__(self, database: Database, backups: Backups, remembered: Remembered, counts: Counts) -> None:
        self._database, self._backups, self._remembered, self._counts = database, backups, remembered, counts

    def attend(self, now: datetime) -> int:
        """Announce what comes to its end and, once a week, remove what is over, from the backups too; how many.

        Raises StoreFull, DamagedStore: the backups are made anew at the next call then.
        """
        self.announce(now)
        if self._setting(_OLD_BACKUPS):
            self._forget_backups()
        last = as_moment_or_none(self._setting(_LET_GO_AT))
        if last is not None and last <= now < last + _EVERY:
            return 0
        gone = self.let_go(now)
        if gone:
            self._forget_backups()
        return gone

    def _forget_backups(self) -> None:
        """Another backup in the place of all that still hold what was removed."""
        self._backups.start_over()
        with self._database.write() as connection:
            _set(connection, _OLD_BACKUPS, None)

    def _setting(self, name: str) -> str | None:
        with self._database.read() as connection:
            chosen = select(schema.setting.c.value).where(schema.setting.c.name == name)
            return connection.execute(chosen).scalar()

    def announced(self, now: datetime) -> list[Leaving]:
        """What the advisor is told of, the first to leave first."""
        return self._remembered.of(("leaving", now.date()), lambda: self._read_announced(now))

    def _read_announced(self, now: datetime) -> list[Leaving]:
        with self._database.read() as connection:
            told = connection.execute(select(_told.c.document_id).where(_told.c.told_at.is_not(None))).scalars().all()
            found = [
                Leaving(each.stored.record, each.retention)
                for each in _judged(connection, told)
                if each.retention.is_announced(now)
            ]
        return sorted(found, key=lambda each: each.retention.leaves_at)

    def announce(self, now: datetime) -> int:
        """Note that the advisor is told from now on of what comes to its end; how many documents are new."""
        with self._database.read() as connection:
            fresh = [each.stored.row for each in _old(connection, now) if each.is_fresh(now)]
        if fresh:
            with self._database.write() as connection:
                for row in fresh:
                    _note(connection, row, told_at=as_text(now), confirmed_at=None)
        return len(fresh)

    def confirm(self, document: str, now: datetime) -> None:
        """The advisor has read that a document leaves which exists here only. Raises UnknownDocument."""
        self._answer(document, confirmed_at=as_text(now))

    def keep(self, document: str, now: datetime) -> None:
        """Another six months. Raises UnknownDocument."""
        self._answer(document, kept_at=as_text(now), told_at=None, confirmed_at=None)

    def _answer(self, document: str, **values: str | None) -> None:
        with self._database.write() as connection:
            _note(connection, documents.find(connection, document).row, **values)

    def let_go(self, now: datetime) -> int:
        """Remove for good what was announced long enough ago and is over; how many documents."""
        with self._database.write() as connection:
            over = [each.stored for each in _old(connection, now) if each.is_over(now)]
            for stored in over:
                _remove(connection, stored, now)
            _set(connection, _LET_GO_AT, as_text(now))
            if over:
                _set(connection, _OLD_BACKUPS, "1")
        if over:
            self._counts.forget()
            self._database.truncate_log()
        return len(over)


def has_left(connection: Connection, facts: DocumentFacts) -> bool:
    """Whether the document was let go, and the insurer tells of nothing that came later."""
    found = select(let_go.c.at).where(let_go.c.document == facts.document)
    at = connection.execute(found).scalar()
    return at is not None and as_moment(facts.backed_up_at) < as_moment(at)


@dataclass(frozen=True)
class _Judged:
    stored: StoredDocument
    held: Held
    retention: Retention

    def is_fresh(self, now: datetime) -> bool:
        """Whether it comes to its end and nobody has been told since its last edit or fact."""
        told = self.held.told_at
        return self.retention.is_announced(now) and (told is None or told + NOTICE < self.retention.leaves_at)

    def is_over(self, now: datetime) -> bool:
        """Whether it leaves now: the advisor has been told for thirty days."""
        told = self.held.told_at
        return self.retention.is_over(now) and told is not None and told + NOTICE <= now


def _remove(connection: Connection, stored: StoredDocument, now: datetime) -> None:
    uuid = stored.columns["uuid"]
    deletion.remove(connection, stored.row, stored.rank)
    connection.execute(insert(let_go).values(document=uuid, at=as_text(now)))
    connection.execute(insert(schema.audit).values(at=as_text(now), event=EVENT, subject=stored.number or uuid))


def _old(connection: Connection, now: datetime) -> Iterator[_Judged]:
    """The documents not edited for so long that their end may be near."""
    before = as_text(months_after(now + NOTICE + timedelta(days=1), -MONTHS))
    table = schema.document.c
    chosen = select(table.id).where(table.changed_at < before, table.deleted_at.is_(None))
    return _judged(connection, connection.execute(chosen).scalars().all())


def _judged(connection: Connection, rows: Sequence[int]) -> Iterator[_Judged]:
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        unsettled, notices = outbox.with_unsettled(connection, some), _notices(connection, some)
        conflicts = _conflicts(connection, some)
        chosen = select(schema.document).where(schema.document.c.id.in_(some))
        for row in connection.execute(chosen).mappings():
            stored = documents.as_stored(row)
            resolved = conflicts.get(stored.row)
            changed = max(filter(None, (stored.record.changed_at, resolved)))
            in_conflict = stored.row in conflicts and resolved is None
            held = Held(changed, stored.row in unsettled, in_conflict, **notices.get(stored.row, {}))
            yield _Judged(stored, held, retention(stored.record.facts, held))


def _notices(connection: Connection, rows: Sequence[int]) -> dict[int, dict[str, datetime | None]]:
    found = connection.execute(select(_told).where(_told.c.document_id.in_(rows)))
    names = ("told_at", "confirmed_at", "kept_at")
    return {each.document_id: {name: as_moment_or_none(getattr(each, name)) for name in names} for each in found}


def _conflicts(connection: Connection, rows: Sequence[int]) -> dict[int, datetime | None]:
    """When the last conflict of a document was resolved; None while one is open."""
    table = conflict.c
    found = connection.execute(
        select(table.document_id, func.max(table.resolved_at), func.count() - func.count(table.resolved_at))
        .where(table.document_id.in_(rows))
        .group_by(table.document_id)
    )
    return {row: None if still_open else as_moment_or_none(resolved) for row, resolved, still_open in found}


def _set(connection: Connection, name: str, value: str | None) -> None:
    table = schema.setting
    if value is None:
        connection.execute(delete(table).where(table.c.name == name))
        return
    given = upsert(table).values(name=name, value=value)
    connection.execute(given.on_conflict_do_update(index_elements=[table.c.name], set_={"value": value}))


def _note(connection: Connection, row: int, **values: str | None) -> None:
    given = upsert(_told).values(document_id=row, **values)
    connection.execute(given.on_conflict_do_update(index_elements=[_told.c.document_id], set_=values))
