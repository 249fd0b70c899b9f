"""The clients follow the documents in the same transaction, and nothing of one stays without its documents."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from localapp import clock
from localapp.domain.clients import Role, search_words
from localapp.store.clients import Client
from localapp.store.store import Store
from tests.store.made_up import ALENA, client, complete, frozen, new_offer, open_store

CANARY = "Přežvýkavec"
JIRI = {"last_name": "Novák", "first_name": "Jiří", "birth_number": "780101/1230", "phone": "+420777123456"}
EVA = {"last_name": "Chalupová", "first_name": "Eva", "birth_date": "1980-02-29"}


def offer(store: Store, holder: dict[str, Any], *insured: dict[str, Any], **health: Any) -> str:  # noqa: ANN401 - any answers
    answers = {"policyholder": holder, "persons": [{"_id": f"p{n}", **each} for n, each in enumerate(insured, 1)]}
    row = client(str(holder.get("last_name", "")), search_words(answers))
    return store.create_document(new_offer(answers=answers, row=row, health=health))


def type_in(store: Store, document: str, **facts: Any) -> None:  # noqa: ANN401 - any answers
    with store.edit(document, ALENA) as edit:
        holder = {name: value for name, value in {**edit.answers["policyholder"], **facts}.items() if value is not None}
        answers = {**edit.answers, "policyholder": holder}
        row = client(str(holder.get("last_name", "")), search_words(answers))
        edit.save(answers, edit.health, row=row, last_quote=None)


def surnames(rows: list[Client]) -> list[str]:
    return [str(row.facts.get("last_name", "")) for row in rows]


def the_client(store: Store) -> Client:
    (found,) = store.clients.page().rows
    return found


def test_clients_stand_in_the_czech_order_one_page_after_another(store: Store) -> None:
    for name in ("Ivan", "Čech", "Chalupa", "Hora", "Cibulka"):
        offer(store, {**EVA, "last_name": name})
    first = store.clients.page(limit=3)
    assert surnames(first.rows) == ["Cibulka", "Čech", "Hora"]
    second = store.clients.page(after=first.next, limit=3)
    assert surnames(second.rows) == ["Chalupa", "Ivan"]
    assert second.next is None
    assert store.clients.count() == 5


def test_two_spellings_with_one_birth_number_are_one_client_as_last_entered(store: Store) -> None:
    offer(store, {**JIRI, "last_name": "Nowak"})
    offer(store, JIRI)
    assert the_client(store).facts["last_name"] == "Novák"
    assert the_client(store).documents == 2
    assert [entry.facts["last_name"] for entry in store.clients.entries(the_client(store).id)] == ["Novák", "Nowak"]


def test_a_person_without_a_birth_number_is_found_again_by_names_and_birth_date(store: Store) -> None:
    offer(store, EVA, {"last_name": "Novak", "first_name": "Jiri", "birth_date": "1978-01-01"})
    assert len(store.clients.page().rows) == 2
    offer(store, JIRI)
    assert [(row.facts["last_name"], row.documents) for row in store.clients.page().rows] == [
        ("Chalupová", 1),
        ("Novák", 2),
    ]
    assert store.integrity() == []


def test_two_birth_numbers_of_one_name_are_two_clients_and_the_numberless_a_third(store: Store) -> None:
    plain = {"last_name": "Novák", "first_name": "Jiří", "birth_date": "1978-01-01"}
    other = offer(store, {**JIRI, "birth_number": "780101/1240"})
    offer(store, JIRI)
    offer(store, plain)
    assert len(store.clients.page().rows) == 3
    type_in(store, other, birth_number=None, birth_date=None)
    assert [row.documents for row in store.clients.page().rows] == [2]
    assert store.integrity() == []


def test_what_the_newest_document_does_not_say_is_taken_from_an_earlier_one(store: Store) -> None:
    offer(store, JIRI)
    offer(store, EVA, {"last_name": "Novák", "first_name": "Jiří", "birth_date": "1978-01-01"})
    (found,) = store.clients.search("novak").rows
    assert (found.documents, found.facts["phone"]) == (2, "+420777123456")


def test_what_is_typed_is_known_in_the_same_transaction(store: Store) -> None:
    document = offer(store, {"last_name": "Novák"})
    assert store.clients.page().rows == []
    type_in(store, document, **JIRI)
    before = the_client(store)
    type_in(store, document, phone="+420601601601", city="Brno")
    assert the_client(store).facts["city"] == "Brno"
    assert the_client(store).id == before.id


def test_several_changes_in_one_transaction_count_as_the_last_one(store: Store) -> None:
    document = offer(store, JIRI)
    with store.edit(document, ALENA) as edit:
        for city in ("Brno", "Praha"):
            answers = {**edit.answers, "policyholder": {**JIRI, "city": city}}
            edit.save(answers, {}, row=edit.record.row, last_quote=None)
        edit.complete(frozen(edit), edit.record.row, None)
    assert the_client(store).facts["city"] == "Praha"
    assert store.integrity() == []


def test_a_change_that_is_taken_back_leaves_the_clients_as_they_were(store: Store) -> None:
    document = offer(store, JIRI)
    complete(store, document)
    type_in(store, document, phone="+420601601601")
    with store.edit(document, ALENA) as edit:
        edit.discard()
    assert the_client(store).facts["phone"] == "+420777123456"
    assert store.integrity() == []


def test_a_client_goes_with_the_deleted_document_and_comes_back_with_it(store: Store) -> None:
    document = offer(store, JIRI)
    with store.edit(document, ALENA) as edit:
        edit.delete()
    assert store.clients.page().rows == []
    with store.edit(document, ALENA) as edit:
        edit.restore()
    assert surnames(store.clients.page().rows) == ["Novák"]
    assert store.integrity() == []


def test_of_a_purged_client_nothing_stays(store: Store) -> None:
    document = offer(store, {**JIRI, "last_name": CANARY, "city": CANARY})
    kept = offer(store, EVA)
    with store.edit(document, ALENA) as edit:
        edit.delete()
    store.purge_deleted(clock.now() + timedelta(days=1))
    with store._database.read() as connection:
        tables = ("client", "client_person", "client_stale")
        text = repr([connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in tables])  # noqa: S608
    assert CANARY not in text
    assert "prezvykavec" not in text.lower()
    assert [row.document for row in store.clients.page().rows] == [kept]


def test_health_is_never_among_what_is_known_of_a_client(store: Store) -> None:
    offer(store, {**JIRI, "smoker": CANARY, "note": CANARY}, EVA, persons=[{"_id": "p1", "weight_kg": CANARY}])
    with store._database.read() as connection:
        assert CANARY not in repr(connection.exec_driver_sql("SELECT * FROM client_person").all())


def test_clients_are_found_by_each_of_their_words_and_numbers(store: Store) -> None:
    document = offer(store, JIRI, {**EVA, "last_name": "Chalupová"})
    offer(store, {**EVA, "first_name": "Olga"})
    number = store.page(shelf=None, kind=None, before=None).rows[1].number
    record = store.document(document)
    assert record is not None
    assert record.number == number
    found = {
        typed: sorted(surnames(store.clients.search(typed).rows))
        for typed in ("novak", "JIŘÍ nov", "777123456", "780101/1230", "780101 1230", number, "nova chal", "xyz", "!?")
    }
    both = ["Chalupová", "Novák"]
    assert found == {
        **{typed: ["Novák"] for typed in ("novak", "JIŘÍ nov", "777123456", "780101/1230", "780101 1230")},
        number: both, "nova chal": [], "xyz": [], "!?": [],
    }  # fmt: skip
    assert len(store.clients.search("chalup").rows) == 2


def test_only_the_person_who_is_meant_is_found_not_the_others_of_the_document(store: Store) -> None:
    offer(store, JIRI, EVA)
    assert surnames(store.clients.search("chalup").rows) == ["Chalupová"]


def test_a_client_lists_the_documents_with_the_roles_last_changed_first(store: Store) -> None:
    first = offer(store, JIRI, EVA)
    second = offer(store, EVA)
    third = offer(store, EVA)
    eva = next(row for row in store.clients.page().rows if row.facts["first_name"] == "Eva")
    page = store.clients.documents(eva.id, limit=2)
    assert [row.id for row, _ in page.rows] == [third, second]
    rest = store.clients.documents(eva.id, before=page.next, limit=2)
    assert [(row.id, roles) for row, roles in rest.rows] == [(first, (Role.INSURED,))]
    assert store.clients.find("nobody") is None


def test_clients_that_differ_from_the_documents_are_noticed_and_made_again(store: Store) -> None:
    offer(store, JIRI, EVA)
    with store._database.write() as connection:
        connection.exec_driver_sql("UPDATE client_person SET facts = '{}' WHERE path = 'policyholder'")
        connection.exec_driver_sql("UPDATE client SET latest = 77 WHERE id = 2")
    assert len(store.integrity()) == 3
    again = store.reopened()
    try:
        assert again.integrity() == []
        assert surnames(again.clients.page().rows) == ["Chalupová", "Novák"]
    finally:
        again.close()


def test_the_clients_come_back_with_the_documents_from_the_change_log(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    offer(store, JIRI, EVA)
    before = store.clients.page().rows
    store.close()
    for name in ("documents.db", "documents.db-wal", "documents.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    again = open_store(tmp_path)
    try:
        assert again.clients.page().rows == before
        assert again.integrity() == []
    finally:
        again.close()
