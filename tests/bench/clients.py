"""The clients of 100,000 documents: the list, the search, one client, and what a change of a person costs."""

import itertools
from typing import Any

from sqlalchemy import insert, select

from localapp.domain.canonical import canonical_text
from localapp.domain.clients import Person, Role, card, words_of
from localapp.domain.czech_order import sort_key
from localapp.domain.lifecycle import Kind
from localapp.store import schema, search_index
from localapp.store.client_schema import client, client_person
from localapp.store.records import ListRow, NewDocument
from localapp.store.store import Store
from tests.bench.store import CALCULATION, FORM, filled_store
from tests.bench.table import Row, measured

DOCUMENTS, CLIENTS = 100_000, 40_000
TARGET = 15.0  # of a page and of a search


def rows() -> list[Row]:
    """Measure on a fresh file in a temporary folder."""
    with filled_store(DOCUMENTS) as store:
        fill(store, CLIENTS)
        draft = store.create_document(_offer())
        return [*_page_rows(store), *_search_rows(store), *_save_rows(store, draft)]


def fill(store: Store, count: int) -> None:
    """Put a person into every document, so that each of ``count`` clients has some, built by bulk SQL."""
    table = schema.document.c
    with store._database.read() as connection:
        lines = connection.execute(
            select(table.id, table.rank, table.number, table.search, table.client_last_name, table.client_first_name)
        ).all()
    facts = [_facts(number, line) for number, line in enumerate(lines[:count])]
    people = [_person(line, facts[place % count], place % count + 1) for place, line in enumerate(lines)]
    cards = [_card(number, each) for number, each in enumerate(facts, 1)]
    with store._database.write() as connection:
        connection.execute(insert(client), cards)
        connection.execute(insert(client_person), people)
        words = [words_of(facts[place % count]) for place in range(len(lines))]
        indexed = [search_index.indexed_words([line.number], said) for line, said in zip(lines, words, strict=True)]
        search_index.replace_all(connection, [(line.rank, said) for line, said in zip(lines, indexed, strict=True)])


def _facts(number: int, line: Any) -> dict[str, str | int | bool]:  # noqa: ANN401 - a row
    day, year = number % 28 + 1, 50 + number % 40
    return {
        "last_name": line.client_last_name,
        "first_name": line.client_first_name,
        "birth_number": f"{year}01{day:02}/{number % 10_000:04}{number // 10_000}",
        "birth_date": f"19{year}-01-{day:02}",
        "phone": f"+420{600_000_000 + number * 7_919 % 200_000_000}",
        "street": "Nad Šárkou 1842/7",
        "city": "Žďár nad Sázavou",
        "postal_code": "591 01",
    }


def _person(line: Any, facts: dict[str, Any], owner: int) -> dict[str, Any]:  # noqa: ANN401 - a row
    person = Person("policyholder", (Role.POLICYHOLDER,), facts)
    return {
        "document_id": line.id,
        "client_id": owner,
        "path": person.path,
        "roles": "policyholder insured",
        "name_key": person.name_key,
        "birth_number": person.birth_number,
        "facts": canonical_text(facts),
        "at": "2026-01-01T00:00:00Z",
    }


def _card(number: int, facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": number,
        "uuid": f"client-{number}",
        "key": f"number:{facts['birth_number']}",
        "sort_key": sort_key(facts["last_name"], facts["first_name"]),
        "latest": number,
        "facts": canonical_text(card([facts])),
    }


def _offer() -> NewDocument:
    answers = {"policyholder": {"last_name": "Zkoušková", "first_name": "Eva", "birth_number": "855101/0009"}}
    row = ListRow("Zkoušková", "Eva", "", "1234.00", 12, "Zkoušková Eva 855101/0009")
    return NewDocument(Kind.OFFER, FORM, CALCULATION, answers, {}, row, "alena")


def _page_rows(store: Store) -> list[Row]:
    deep = store.clients.page(after="client-20000").rows[0].id
    busy = store.clients.search("n").rows[0].id
    return [
        measured("clients: first page", store.clients.page, count=100, target_p95=TARGET),
        measured("clients: deep page", lambda: store.clients.page(after=deep), count=100, target_p95=TARGET),
        measured("clients: documents of one", lambda: store.clients.documents(busy), count=100, target_p95=TARGET),
    ]


def _search_rows(store: Store) -> list[Row]:
    typed = {
        "one letter": "n",
        "one digit": "7",
        "one word": "nova",
        "two words": "dvor ma",
        "birth number": "650116/0015",
        "telephone": "607919",
        "document number": "N25-054321",
        "no hit": "xyzxyz",
    }
    return [
        measured(f"clients: {what}", lambda words=words: store.clients.search(words), count=100, target_p95=TARGET)  # type: ignore[misc]
        for what, words in typed.items()
    ]


def _save_rows(store: Store, draft: str) -> list[Row]:
    numbers = itertools.count()

    def save(name: str) -> None:
        with store.edit(draft, "alena") as edit:
            holder = {**edit.answers["policyholder"], name: str(next(numbers))}
            answers = {**edit.answers, "policyholder": holder}
            edit.save(answers, edit.health, row=edit.record.row, last_quote=None)

    return [
        measured("save a field that is not a client's", lambda: save("note"), count=200),
        measured("save a field of a client", lambda: save("city"), count=200),
    ]
