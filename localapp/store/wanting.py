"""Revisions that lie at the insurer and are not here yet: the facts of each stay listed until its content has come."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, func, select, text, update
from sqlalchemy.dialects.sqlite import insert as upsert

from localapp.domain.canonical import canonical_text
from localapp.domain.sync.messages import DocumentFacts, Refusal, read_facts
from localapp.store import retaining, schema
from localapp.store.document_columns import refusal_of
from localapp.store.several import several, texts
from localapp.store.sync_schema import elsewhere

_table = elsewhere.c
_waits = text(schema.WAITING)
_ANY = select(_table.document).where(_table.enrolment_id == bindparam("enrolment")).limit(1)
_FORGET = delete(elsewhere).where(several(_table.document))
_MAY_COME_RIGHT = ("body_not_verified", "number_taken")
"""Reasons that may be those of one answer. What is gone is not asked for again, nor what is under another key."""


def want(connection: Connection, enrolment: int, facts: DocumentFacts) -> None:
    """The revision that the facts are about is wanted from now on, in place of an earlier one of the document.

    What was let go after its six months is not wanted again.
    """
    if retaining.has_left(connection, facts):
        return
    values: dict[str, Any] = {
        "enrolment_id": enrolment,
        "facts": canonical_text(facts.as_json()),
        "refusal": None,
        "tries": 0,
    }
    connection.execute(
        upsert(elsewhere)
        .values(document=facts.document, **values)
        .on_conflict_do_update(index_elements=[_table.document], set_=values)
    )


def forget(connection: Connection, documents: Sequence[str]) -> None:
    """The newest revisions of these documents are here."""
    if documents:
        connection.execute(_FORGET, {"several": texts(documents)})


def wanted(connection: Connection, enrolment: int, most: int, *, again: bool) -> list[DocumentFacts]:
    """The next wanted revisions of an enrolment: those not refused yet or, ``again``, those that may come right.

    One whose document has an operation waiting is left for later: that operation's answer says whose it is.
    """
    outbox, document = schema.outbox, schema.document.c
    waits = exists().where(outbox.c.document_id == document.id, document.uuid == _table.document, _waits)
    code = func.json_extract(_table.refusal, "$.code")
    chosen = code.in_(_MAY_COME_RIGHT) if again else _table.refusal.is_(None)
    found = connection.execute(
        select(_table.facts)
        .where(_table.enrolment_id == enrolment, chosen, ~waits)
        .order_by(_table.tries, text("elsewhere.rowid"))
        .limit(most)
    )
    return [read_facts(json.loads(each)) for each in found.scalars()]


def wants_anything(connection: Connection, enrolment: int) -> bool:
    """Whether any revision is not here, whatever the reason."""
    return connection.execute(_ANY, {"enrolment": enrolment}).first() is not None


def still_wants(connection: Connection, facts: DocumentFacts) -> DocumentFacts | None:
    """The present facts of the document if this revision of it is still wanted."""
    chosen = select(_table.facts).where(_table.document == facts.document)
    found = connection.execute(chosen).scalar()
    now = None if found is None else read_facts(json.loads(found))
    return now if now and (now.revision, now.digest) == (facts.revision, facts.digest) else None


def refuse(connection: Connection, document: str, refusal: Refusal) -> None:
    """What came cannot be used; whether it is asked for again is a matter of the reason."""
    kept = canonical_text(refusal.as_json())
    changed = update(elsewhere).where(_table.document == document)
    connection.execute(changed.values(refusal=kept, tries=_table.tries + 1))


def lacking(connection: Connection) -> list[tuple[DocumentFacts, Refusal | None]]:
    """The documents whose newest revision is not here, newest first, and why its content could not be used."""
    found = connection.execute(select(_table.facts, _table.refusal))
    pairs = [(read_facts(json.loads(facts)), refusal_of(refusal)) for facts, refusal in found]
    return sorted(pairs, key=lambda pair: -pair[0].sequence)
