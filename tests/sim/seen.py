"""What lies in the files of the endpoint and of a desk at one moment, read once, for the invariants."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from localapp.store.lineage import ELSEWHERE

if TYPE_CHECKING:
    from tests.sim.desk import Desk
    from tests.sim.insurer import Insurer

Row = Mapping[str, Any]

_DOCUMENTS = "SELECT d.*, a.identity FROM document d JOIN advisor a ON a.id = d.advisor_id ORDER BY d.id"
_REVISIONS = """SELECT d.uuid, r.number, r.base_revision, r.digest, r.envelope, r.installation_id, r.backed_up_at
    FROM revision r JOIN document d ON d.id = r.document_id ORDER BY d.id, r.number"""
_OPERATIONS = "SELECT o.*, i.uuid AS installation FROM operation o JOIN installation i ON i.id = o.installation_id"
_KEPT = "SELECT * FROM kept"
_ITEMS = "SELECT d.uuid, i.* FROM export_item i JOIN document d ON d.id = i.document_id"
_RUNS = "SELECT * FROM export_run ORDER BY frozen_at"
_FILES = "SELECT d.uuid, d.attachments_missing, f.* FROM attachment f JOIN document d ON d.id = f.document_id"
_LEFT = "SELECT d.uuid, l.* FROM left_behind l JOIN document d ON d.id = l.document_id"


def plainly(connection: Connection, query: str) -> list[Row]:
    """What a query finds, from the driver itself: it is asked some ten times after each step."""
    driver: Any = connection.connection.driver_connection
    cursor = driver.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


class AtInsurer:
    """The endpoint's tables."""

    def __init__(self, insurer: "Insurer") -> None:
        self.documents = {row["uuid"]: row for row in insurer.rows(_DOCUMENTS)}
        self.revisions = {(row["uuid"], row["number"]): row for row in insurer.rows(_REVISIONS)}
        self.operations = insurer.rows(_OPERATIONS)
        self.kept = {row["operation"]: row for row in insurer.rows(_KEPT)}
        self.items = {row["uuid"]: row for row in insurer.rows(_ITEMS)}
        self.runs = insurer.rows(_RUNS)
        self.files = insurer.rows(_FILES)
        self.left = insurer.rows(_LEFT)
        self.sequence = insurer.rows("SELECT value FROM counter")[0]["value"]

    @cached_property
    def outcomes(self) -> dict[str, set[str]]:
        """What became of each operation. Copies of one desk may each have sent it."""
        found: dict[str, set[str]] = {}
        for row in self.operations:
            found.setdefault(row["id"], set()).add(row["outcome"])
        return found

    def words(self, document: str, revision: int) -> int:
        """What a revision says."""
        return words_of(self.revisions[document, revision]["envelope"])

    def says(self, document: str) -> set[int]:
        """What the revisions of a document say."""
        return {self.words(*place) for place in self.revisions if place[0] == document}


def words_of(envelope: str) -> int:
    """What an operation says."""
    completion = json.loads(envelope)["completion"]
    return int(json.loads(completion["answers"])["values"]["words"])


@dataclass(frozen=True)
class Shown:
    """What the screen shows of a document: the words of both parts, and whether it is a working copy."""

    answers: int
    health: int
    is_working_copy: bool


class OnDesk:
    """A desk's tables."""

    def __init__(self, desk: "Desk") -> None:
        with desk.store._database.read() as connection:
            self._read(connection)
            self.shown = {uuid: self._shown(connection, desk, row) for uuid, row in self.documents.items()}
        self.listed_refused = {each.id for each in desk.store.sync.refused()}
        self.integrity: list[str] = []

    def _read(self, connection: Connection) -> None:
        def rows(query: str) -> list[Row]:
            return plainly(connection, query)

        self.documents = {row["uuid"]: row for row in rows("SELECT * FROM document ORDER BY id")}
        found = "SELECT d.uuid, x.* FROM {} x JOIN document d ON d.id = x.document_id"
        self.working = {row["uuid"]: row for row in rows(found.format("working_copy"))}
        self.revisions = {(row["uuid"], row["number"]): row for row in rows(found.format("revision"))}
        overtaken = [row for row in rows(found.format("overtaken")) if row["actor"] != ELSEWHERE]
        own = [row for row in self.revisions.values() if row["actor"] != ELSEWHERE]
        self.completed = {(row["uuid"], row["number"], row["digest"]): row for row in (*own, *overtaken)}
        self.outbox = rows(found.format("outbox") + " ORDER BY x.position")
        self.overtaken = {(row["uuid"], row["number"]) for row in overtaken}
        self.files = rows(found.format("attachment"))
        self.conflicts = [row for row in rows(found.format("conflict")) if row["resolved_at"] is None]
        self.elsewhere = {row["document"]: json.loads(row["facts"]) for row in rows("SELECT * FROM elsewhere")}
        self.let_go = {row["document"] for row in rows("SELECT document FROM let_go")}
        (self.enrolment,) = rows("SELECT * FROM enrolment WHERE ended_at IS NULL")

    def _shown(self, connection: Connection, desk: "Desk", row: Row) -> Shown:
        health, working = desk.store._health, self.working.get(row["uuid"])
        if working is not None:
            _, values = health.working(connection, row["id"], row["uuid"])
            return Shown(json.loads(working["answers"])["words"], values["words"], is_working_copy=True)
        frozen = json.loads(health.frozen(connection, row["id"], row["uuid"], row["revision"]))["values"]
        return Shown(self.words(row["uuid"], row["revision"]), frozen["words"], is_working_copy=False)

    def words(self, document: str, revision: int) -> int:
        """What a revision says."""
        return int(json.loads(self.revisions[document, revision]["answers"])["values"]["words"])

    def is_from_elsewhere(self, document: str) -> bool:
        """Whether the screen shows what another machine has completed."""
        place = document, self.documents[document]["revision"]
        is_shown = document not in self.working and place in self.revisions
        return is_shown and self.revisions[place]["actor"] == ELSEWHERE

    def own_words(self, completed: tuple[str, int, str]) -> int:
        """What a revision that was completed here says, taken or overtaken."""
        return int(json.loads(self.completed[completed]["answers"])["values"]["words"])

    @cached_property
    def waiting(self) -> list[Row]:
        """The operations that wait to be sent."""
        ended = ("withdrawn_at", "acknowledged_at", "refused_at")
        return [row for row in self.outbox if all(row[name] is None for name in ended)]

    @cached_property
    def _by_document(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.outbox:
            found.setdefault(row["uuid"], []).append(row)
        return found

    def operations_of(self, document: str) -> list[Row]:
        """All operations of a document, oldest first."""
        return self._by_document.get(document, [])
