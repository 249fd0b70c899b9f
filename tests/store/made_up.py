"""Made-up people and documents for the tests of the store, and facts that the insurer would send."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import update

from localapp import clock
from localapp.domain.canonical import FrozenRevision, Pinned, freeze
from localapp.domain.lifecycle import Kind
from localapp.domain.sync.enrolment import Advisor
from localapp.domain.sync.messages import NumberBlock, Welcome
from localapp.output.sealing import new_sealing_key
from localapp.store import documents, enrolments, schema
from localapp.store.edit import Edit
from localapp.store.enrolments import Enrolment
from localapp.store.ids import new_id
from localapp.store.records import Keys, ListRow, NewDocument
from localapp.store.store import Store

KEYS = Keys(bytes(range(32)), bytes(range(32, 64)))
ALENA = "alena"
BOREK = "borek"
FORM = Pinned("flexi-offer", "1")
CALCULATION = Pinned("flexi-demo", "2026.1")
NOVAK = ListRow("Novák", "Jiří", "Ing.", "1234.00", 12, "Ing. Jiří Novák 7123456789 +420777123456")


def open_store(folder: Path) -> Store:
    store = Store.open(folder / "documents.db", KEYS)
    if store.sync.enrolment() is None:
        enrolled(store)
    return store


INTAKE_PRIVATE, INTAKE_PUBLIC = new_sealing_key()


def enrolled(store: Store, **changes: Any) -> Enrolment:  # noqa: ANN401 - any field of Enrolment
    """Alena, activated and linked, with numbers of this year at hand."""
    advisor = Advisor("Alena", "Nováková", "anovakova", "012345PPZ")
    plain = Enrolment(
        id=0, installation=new_id(), endpoint="http://127.0.0.1:1", partner_number="900001", partner_name="Demo",
        advisor=advisor, private_key=bytes(range(32)), health_key=bytes(range(64, 96)), intake_key=None,
        began_at=clock.now(), confirmed_at=None, linked_at=None, ended_at=None, stream="", cursor=0, cutoff_at=None,
    )  # fmt: skip
    begun = store.sync.begin_enrolment(replace(plain, **changes))
    store.sync.confirm_enrolment(begun.id, intake_key=INTAKE_PUBLIC, linked=True, partner_name="Demo")
    year = clock.today().year % 100
    blocks = [NumberBlock(f"{letter}{year:02d}-", 1, 999_999) for letter in "NMZO"]
    store.sync.welcome(begun.id, welcomed(numbers=tuple(blocks)))
    found = store.sync.enrolment()
    assert found is not None
    return found


def leave_partner(store: Store) -> None:
    """The advisor has left the partner and is not activated anew yet."""
    with store._database.write() as connection:
        enrolments.end_current(connection)
    store._counts.forget()


def welcomed(**changes: Any) -> Welcome:  # noqa: ANN401 - any field of Welcome
    plain = Welcome(
        session="s", stream="stream", sequence=0, server_time=clock.stamp(), cutoff_at=clock.stamp(), linked=True,
        changed=False, partner_name="Demo", partner_ended=False,
    )  # fmt: skip
    return replace(plain, **changes)


def new_offer(**changes: Any) -> NewDocument:  # noqa: ANN401 - any field of NewDocument
    plain = NewDocument(Kind.OFFER, FORM, CALCULATION, {"last_name": "Novák"}, {"weight": 80}, NOVAK, ALENA)
    return replace(plain, **changes)


def client(last_name: str, search: str | None = None) -> ListRow:
    return replace(NOVAK, client_last_name=last_name, search=last_name if search is None else search)


def frozen(edit: Edit) -> FrozenRevision:
    return freeze(edit.answers, edit.health, edit.record.form, edit.record.calculation, ("ab" * 32, "cd" * 32))


def change(store: Store, document: str, path: str, value: object, row: ListRow | None = None) -> None:
    """Save one field outside health, as a page does."""
    with store.edit(document, ALENA) as edit:
        answers = {**edit.answers, path: value}
        shown = row or edit.record.row
        edit.save(answers, edit.health, row=shown, last_quote=None)


def change_health(store: Store, document: str, path: str, value: object) -> None:
    with store.edit(document, ALENA) as edit:
        health = {**edit.health, path: value}
        edit.save(edit.answers, health, row=edit.record.row, last_quote=None)


def complete(store: Store, document: str) -> int:
    with store.edit(document, ALENA) as edit:
        return edit.complete(frozen(edit), edit.record.row, None)


def completed_offer(store: Store) -> str:
    document = store.create_document(new_offer())
    complete(store, document)
    return document


def plant_fact(store: Store, document: str, fact: str) -> None:
    """Let a fact arrive that synchronization will bring one day, e.g. ``exported`` for the newest revision."""
    with store._database.write() as connection:
        table = schema.document
        values: dict[str, Any] = {f"{fact}_at": clock.stamp()}
        if f"{fact}_revision" in table.c:
            values[f"{fact}_revision"] = table.c.revision
        connection.execute(update(table).where(table.c.uuid == document).values(**values))
        if fact == "backed_up":
            row = documents.find(connection, document).row
            done = update(schema.outbox).where(schema.outbox.c.document_id == row)
            connection.execute(done.values(acknowledged_at=clock.stamp()))
        documents._arrange(connection, documents.find(connection, document))
    store._counts.forget()


def names(rows: list[Any]) -> list[str]:
    return [row.client_last_name for row in rows]
