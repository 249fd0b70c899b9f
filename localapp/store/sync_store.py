"""What synchronization asks of the store. Each method is one transaction."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from localapp import clock
from localapp.domain.sync.messages import Changes, DocumentFacts, PushResult, Refusal, Welcome
from localapp.store import (
    conflicts,
    documents,
    enrolments,
    nights,
    notices,
    outbox,
    receiving,
    welcoming,
)
from localapp.store.attachment_store import AttachmentStore
from localapp.store.body_store import BodyStore
from localapp.store.conflicting import Conflict
from localapp.store.engine import Database
from localapp.store.enrolments import Enrolment
from localapp.store.forks import Forks, count_brought
from localapp.store.health import HealthTables
from localapp.store.kept import Kept
from localapp.store.leases import Leases
from localapp.store.listing import Counts
from localapp.store.manifests import Manifests
from localapp.store.notices import Notices
from localapp.store.records import Operation
from localapp.store.run_history import RunHistory
from localapp.store.runs import SyncRun
from localapp.store.sending import Asked, Batch, next_batch, ready
from localapp.store.server_clock import ServerClock
from localapp.store.settling import Settling
from localapp.store.welcoming import BeforeHello


class SyncStore:
    """The synchronization's side of one store."""

    def __init__(self, database: Database, health: HealthTables, counts: Counts) -> None:
        self._database = database
        self._health = health
        self._counts = counts
        self._kept = Kept(database)
        self._settling = Settling(database, health)
        self.history = RunHistory(database)
        self.server_clock = ServerClock(lambda: self._kept.of("notices", self.notices).ahead)
        self.leases, self.forks, self.manifests = Leases(database), Forks(database), Manifests(database)
        self.bodies, self.attachments = BodyStore(database, health, counts), AttachmentStore(database)

    def enrolment(self) -> Enrolment | None:
        """The current enrolment, confirmed or not; None before activation."""
        return self._kept.of("enrolment", self._read_enrolment)

    def _read_enrolment(self) -> Enrolment | None:
        with self._database.read() as connection:
            return enrolments.current(connection)

    def begin_enrolment(self, new: Enrolment) -> Enrolment:
        """Keep an enrolment before it is sent. The same advisor's earlier one with this partner goes on instead."""
        with self._database.write() as connection:
            notices.forget(connection)
            same = enrolments.find_same(connection, new.endpoint, new.partner_number, new.advisor.identity)
            if same is None:
                return enrolments.by_id(connection, enrolments.begin(connection, new))
            enrolments.reopen(connection, same.id)
            advisor = json.dumps(new.advisor.as_json(), ensure_ascii=False)
            enrolments.change(
                connection, same.id, advisor=advisor, partner_name=new.partner_name, authority=new.authority
            )
            return enrolments.by_id(connection, same.id)

    def return_to(self, row: int) -> None:
        """Make an earlier enrolment the current one again, with its documents."""
        with self._database.write() as connection:
            if row != enrolments.current_id(connection):
                enrolments.reopen(connection, row)
        self._counts.forget()

    def confirm_enrolment(self, row: int, *, intake_key: bytes, linked: bool, partner_name: str) -> None:
        """The endpoint has enrolled this installation."""
        with self._database.write() as connection:
            known = enrolments.by_id(connection, row)
            linked_at = (known.linked_at or clock.now()) if linked else None
            enrolments.change(
                connection,
                row,
                intake_key=intake_key,
                partner_name=partner_name,
                confirmed_at=clock.stamp(),
                linked_at=linked_at and linked_at.isoformat(timespec="microseconds"),
            )

    def link(self, row: int, health_key: bytes) -> None:
        """This installation is linked and holds the advisor's health key. The feed is read from its beginning again."""
        with self._database.write() as connection:
            enrolments.change(connection, row, linked_at=clock.stamp(), health_key=health_key, cursor=0, stream="")

    def follow(self, address: str) -> None:
        """A demonstration's endpoint has moved: speak to it there."""
        with self._database.write() as connection:
            enrolments.follow(connection, address)

    def to_speak_for(self) -> list[Enrolment]:
        """The enrolments that a synchronization speaks for, the current one first."""
        with self._database.read() as connection:
            return enrolments.with_waiting(connection)

    def enrolment_at(self, row: int) -> Enrolment:
        """An enrolment as it stands now."""
        with self._database.read() as connection:
            return enrolments.by_id(connection, row)

    def before_hello(self, enrolment: Enrolment) -> BeforeHello:
        """What there is to say at the beginning of a session."""
        with self._database.read() as connection:
            return welcoming.before_hello(connection, enrolment)

    def count_unsent(self) -> int:
        """How many documents wait to be told to the insurer."""
        with self._database.read() as connection:
            return outbox.count_unsent(connection)

    def welcome(self, row: int, welcome: Welcome, *, ahead: timedelta = timedelta()) -> bool:
        """Keep what a welcome brings, and number the documents that had to wait for it.

        Whether nothing else is due but to send what waits and to read what has changed.
        """
        self.server_clock.heard(welcome)
        with self._database.read() as connection:
            known = enrolments.by_id(connection, row)
            if not welcoming.brings_news(connection, known, welcome, ahead):
                return welcoming.is_quiet(connection, known, welcome)
        with self._database.write() as connection:
            welcoming.keep(connection, row, welcome, ahead)
        return False

    def freeze_batch(
        self, enrolment: Enrolment, most_operations: int, most_bytes: int, *, leave_out: frozenset[str] = frozenset()
    ) -> Batch:
        """The next operations to send: frozen in this transaction, before a byte leaves.

        A document without a number waits for the next welcome. The first operation is taken whatever its size.
        """
        asked = Asked(enrolment, most_operations, most_bytes, leave_out)
        with self._database.read() as connection:
            made_ready = ready(connection, asked, self._database.let_others_write)
        with self._database.write() as connection:
            return next_batch(connection, self._health, asked, made_ready, lambda: self._database.is_waited_for)

    def let_others_write(self) -> None:
        """See ``Database.let_others_write``, ``Database.move_in``."""
        self._database.let_others_write()
        self._database.move_in()

    def settle(self, enrolment: Enrolment, results: Sequence[PushResult], following: int | None = None) -> int:
        """See ``Settling.settle``."""
        settled = self._settling.settle(enrolment, results, following)
        self._counts.forget()
        return settled

    def note_failure(self, operations: Sequence[str], refusal: Refusal) -> None:
        """Note why operations that were sent have no outcome yet."""
        with self._database.write() as connection:
            outbox.note_refusal(connection, operations, refusal)

    def apply_changes(self, enrolment: Enrolment, asked_from: int, changes: Changes) -> bool:
        """Apply one page of the feed and move the cursor, together. False for a late answer to an older question."""
        with self._database.write() as connection:
            if enrolments.by_id(connection, enrolment.id).cursor != asked_from:
                return False
            more = changes.more or changes.resync
            count_brought(connection, enrolment.id, changes.documents, more=more)
            receiving.receive_all(connection, self._health, enrolment.id, changes.documents)
            following = 0 if changes.resync else changes.next
            enrolments.change(connection, enrolment.id, cursor=following, stream=changes.stream)
        self._counts.forget()
        return True

    def learn(self, enrolment: int, facts: DocumentFacts) -> None:
        """Apply what the insurer has told of one document apart from the feed."""
        with self._database.write() as connection:
            receiving.receive_all(connection, self._health, enrolment, [facts])
        self._counts.forget()

    def speaks_for(self, document: str) -> Enrolment | None:
        """The enrolment that a document was made for, or the present one. Raises UnknownDocument."""
        with self._database.read() as connection:
            row = documents.find(connection, document).enrolment
            return enrolments.current(connection) if row is None else enrolments.by_id(connection, row)

    def note_night(self, welcome: Welcome, *, ahead: timedelta = timedelta()) -> None:
        """All that the server had to tell has been applied: write the report of an export that it tells of."""
        with self._database.read() as connection:
            if not nights.is_due(connection, welcome):
                return
        with self._database.write() as connection:
            nights.report(connection, welcome, ahead)

    def refused(self) -> list[Operation]:
        """The operations that the insurer did not take, newest first."""
        with self._database.read() as connection:
            return outbox.refused(connection)

    def conflicts(self) -> list[Conflict]:
        """The open conflicts, newest first."""
        with self._database.read() as connection:
            return conflicts.open_ones(connection)

    def begin_run(self, cause: str, began_at: datetime | None = None) -> int:
        """Note that a synchronization begins to move something, which may be interrupted; its row."""
        return self.history.begin(cause, began_at or clock.now())

    def end_run(self, row: int, *, refusal: Refusal | None, sent: int, received: int) -> None:
        """Note how it ended. Only the last hundred runs are kept."""
        self.history.end(row, refusal=refusal, sent=sent, received=received)

    def note_run(self, cause: str, began_at: datetime, refusal: Refusal | None, *, received: int = 0) -> None:
        """Note one that has ended already; see ``RunHistory.note``."""
        self.history.note(cause, began_at, refusal, received)

    def end_interrupted_runs(self) -> None:
        """Nothing goes on yet: what has no end was interrupted by the end of the application, and is told so."""
        self.history.end_interrupted()

    def runs(self, limit: int = 20) -> list[SyncRun]:
        """The last synchronizations, newest first."""
        with self._database.read() as connection:
            return self.history.newest(connection, limit)

    def notices(self) -> Notices:
        """What the last synchronization found that belongs to no single run."""
        with self._database.read() as connection:
            return notices.read(connection)

    def keep_component_refusals(self, refusals: Sequence[Refusal]) -> None:
        """Keep why the last update did not take components."""
        if self.notices().components == tuple(refusals):
            return
        with self._database.write() as connection:
            notices.keep_components(connection, refusals)
