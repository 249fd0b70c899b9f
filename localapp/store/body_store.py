"""What synchronization asks of the store about whole revisions of other machines. Each method is one transaction."""

from collections.abc import Sequence

from localapp.domain.sync.bodies import MOST_BODIES, Bodies
from localapp.domain.sync.messages import DocumentFacts, Refusal
from localapp.store import documents, enrolments, overtaken, taking_in, wanting
from localapp.store.engine import Database
from localapp.store.health import HealthTables
from localapp.store.listing import Counts
from localapp.store.opened_bodies import BodyRefused, OpenedBody, open_body
from localapp.store.overtaken import Overtaken

MOST_AGAIN = 20
"""What was refused before is asked for again in one request of a synchronization, so many at most."""


class BodyStore:
    """The contents that lie at the insurer and are not here yet."""

    def __init__(self, database: Database, health: HealthTables, counts: Counts) -> None:
        self._database = database
        self._health = health
        self._counts = counts

    def wants_anything(self, enrolment: int) -> bool:
        """Whether any revision is not here, whatever the reason."""
        with self._database.read() as connection:
            return wanting.wants_anything(connection, enrolment)

    def wanted(self, enrolment: int, *, again: bool = False) -> list[DocumentFacts]:
        """The next revisions to ask for; none of an installation that has not been linked. See ``wanting.wanted``."""
        with self._database.read() as connection:
            if enrolments.by_id(connection, enrolment).linked_at is None:
                return []
            return wanting.wanted(connection, enrolment, MOST_AGAIN if again else MOST_BODIES, again=again)

    def lacking(self) -> list[tuple[DocumentFacts, Refusal | None]]:
        """What other machines have made and is not here, newest first, and why what came could not be used."""
        with self._database.read() as connection:
            return wanting.lacking(connection)

    def overtaken(self, document: str) -> list[Overtaken]:
        """The completed revisions of a document that were not taken and made way, oldest first."""
        with self._database.read() as connection:
            return overtaken.read_all(connection, self._health, documents.find(connection, document))

    def take(self, enrolment: int, asked: Sequence[DocumentFacts], answer: Bodies) -> int:
        """Verify, open and store what came of what was asked; how many were taken or refused.

        What is refused is applied in no part; its reason stays with the facts (``lacking``).
        """
        with self._database.read() as connection:
            whose = enrolments.by_id(connection, enrolment)
        by_document = {facts.document: facts for facts in asked}
        opened: list[tuple[DocumentFacts, OpenedBody]] = []
        refused: dict[str, Refusal] = {}
        for body in answer.bodies:
            facts = by_document.pop(body.document, None)
            if facts is None or facts.revision != body.revision:
                continue
            try:
                opened.append((facts, open_body(body, facts, whose)))
            except BodyRefused as reason:
                refused[facts.document] = reason.refusal
        for document, revision in answer.unknown:
            gone = by_document.get(document)
            if gone is not None and gone.revision == revision:
                refused[document] = Refusal("body_gone", {"number": gone.number})
        return self._keep(enrolment, opened, refused)

    def _keep(
        self, enrolment: int, opened: Sequence[tuple[DocumentFacts, OpenedBody]], refused: dict[str, Refusal]
    ) -> int:
        with self._database.write() as connection:
            whose = enrolments.by_id(connection, enrolment)
            for asked, body in opened:
                facts = wanting.still_wants(connection, asked)
                if facts is None:
                    continue
                try:
                    taking_in.take_in(connection, self._health, whose, facts, body)
                except BodyRefused as reason:
                    refused[facts.document] = reason.refusal
            for document, refusal in refused.items():
                wanting.refuse(connection, document, refusal)
        self._counts.forget()
        return len(opened) + len(refused)
