"""The list, the search and one save over 100,000 documents."""

import itertools
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from localapp import clock
from localapp.domain.canonical import Pinned
from localapp.domain.lifecycle import Facts, Kind, Shelf, shelf
from localapp.store import schema, search_index
from localapp.store.moments import as_text
from localapp.store.records import Keys, ListRow, NewDocument
from localapp.store.store import Store
from tests.bench.table import Row, measured

DOCUMENTS = 100_000
LIST_TARGET, SEARCH_TARGET = 15.0, 20.0
KEYS = Keys(bytes(32), bytes(range(32)))
FORM, CALCULATION = Pinned("flexi-offer", "1"), Pinned("flexi-demo", "2026.1")
# A desk of many years: nearly all exported, a few of everything else, spread over the whole list.
_HISTORIES: dict[tuple[str, ...], int] = {
    ("completed", "backed_up", "exported"): 9_400,
    ("working_copy",): 300,
    ("completed", "cancelled"): 200,
    ("completed", "backed_up"): 50,
    ("completed",): 40,
    ("completed", "signature_requested"): 10,
}
_SYLLABLES = [
    *("no", "vá", "ko", "svo", "bo", "da", "pro", "cház", "ka", "ně", "mec", "ký"),
    *("dvo", "řák", "ma", "rek", "jel", "í", "nek", "ha", "ja", "hor", "ná", "čer"),
]
_ADD_WORDS = text("INSERT INTO document_search (rowid, words) VALUES (:rank, :words)")


def rows() -> list[Row]:
    """Measure on a fresh file in a temporary folder."""
    with filled_store(DOCUMENTS) as store:
        drafts = [store.create_document(_offer(number)) for number in range(50)]
        return [*_list_rows(store), *_search_rows(store), _counts_row(store), *_save_rows(store, drafts)]


@contextmanager
def filled_store(count: int) -> Iterator[Store]:
    """A store whose list and search hold ``count`` documents, built by bulk SQL; they have no answers."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "documents.db", KEYS)
        try:
            fill(store, count)
            yield store
        finally:
            store.close()


def fill(store: Store, count: int) -> None:
    """Put so many documents into the list and the search."""
    chance = random.Random(7)  # noqa: S311 - no secret
    names = ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))).capitalize() for _ in range(5_000)]
    histories = chance.choices(list(_HISTORIES), list(_HISTORIES.values()), k=count)
    for start in range(0, count, 10_000):
        lines = [
            _line(
                number,
                histories[number],
                ListRow(chance.choice(names), chance.choice(names), "Ing.", "1234.00", 12, ""),
            )
            for number in range(start, min(start + 10_000, count))
        ]
        with store._database.write() as connection:
            connection.execute(insert(schema.document), lines)
            connection.execute(_ADD_WORDS, [_words(line) for line in lines])


def _line(number: int, history: tuple[str, ...], row: ListRow) -> dict[str, Any]:
    moment = clock.now() - timedelta(days=30)
    facts = Facts(Kind.OFFER, **{f"{fact}_at": moment for fact in history})
    phone, policy = 600_000_000 + number * 7_919 % 200_000_000, 7_000_000_000 + number
    words = f"{row.client_last_name} {row.client_first_name} {policy} {phone}"
    times = {name: value and as_text(value) for name, value in asdict(facts).items() if name != "kind"}
    return {
        "uuid": f"bulk-{number}",
        "number": f"N25-{number + 1:06d}",
        "kind": Kind.OFFER,
        "shelf": shelf(facts),
        "rank": number + 1,
        "form_name": FORM.name,
        "form_version": FORM.version,
        "calculation_name": CALCULATION.name,
        "calculation_version": CALCULATION.version,
        "created_at": as_text(moment),
        "changed_at": as_text(moment),
        "revision": 1 if facts.completed_at else None,
        **times,
        **asdict(row),
        "search": words,
    }


def _words(line: dict[str, Any]) -> dict[str, Any]:
    words = search_index.indexed_words([line["number"]], line["search"])
    return {"rank": line["rank"], "words": words}


def _offer(number: int) -> NewDocument:
    answers = {f"field_{n:03d}": f"hodnota {number} {n} a ještě něco k tomu" for n in range(170)}
    health = {"smoker": False, "weight": 80}
    row = ListRow("Zkoušková", "Eva", "", "1234.00", 12, f"Zkoušková Eva {number}")
    return NewDocument(Kind.OFFER, FORM, CALCULATION, answers, health, row, "alena")


def _list_rows(store: Store) -> list[Row]:
    chosen: list[tuple[str, Shelf | None, Kind | None, int | None]] = [
        ("first page", None, None, None),
        ("deep page", None, None, 5_000),
        *((f"page of {stands.value}", stands, None, None) for stands in Shelf),
        ("page of exported offers", Shelf.EXPORTED, Kind.OFFER, None),
    ]
    return [
        measured(
            f"list: {what}",
            lambda stands=stands, kind=kind, before=before: store.page(shelf=stands, kind=kind, before=before),  # type: ignore[misc]
            count=100,
            target_p95=LIST_TARGET,
        )
        for what, stands, kind, before in chosen
    ]


def _search_rows(store: Store) -> list[Row]:
    typed = {
        "one letter": "n",
        "one digit": "7",
        "one word": "nova",
        "two words": "dvor ma",
        "number": "N25-054321",
        "policy number": "7000054321",
        "no hit": "xyzxyz",
        "letters of two words": "n k",
    }
    plain = [
        measured(f"search: {what}", lambda words=words: store.search(words), count=100, target_p95=SEARCH_TARGET)  # type: ignore[misc]
        for what, words in typed.items()
    ]
    return [*plain, *(_filtered_search(store, stands) for stands in (Shelf.CANCELLED, Shelf.TO_SIGN))]


def _filtered_search(store: Store, stands: Shelf) -> Row:
    return measured(
        f"search: one letter in {stands.value}",
        lambda: store.search("n", shelf=stands),
        count=100,
        target_p95=SEARCH_TARGET,
    )


def _counts_row(store: Store) -> Row:
    def cold() -> None:
        store._counts.forget()
        store.counts(None)

    return measured("counts, not kept", cold, count=30)


def _save_rows(store: Store, drafts: list[str]) -> list[Row]:
    numbers = itertools.count()
    other_drafts = itertools.cycle(drafts)

    def save(document: str) -> None:
        with store.edit(document, "alena") as edit:
            value = str(next(numbers))
            answers = {**edit.answers, "field_007": value}
            row = edit.record.row
            edit.save(answers, edit.health, row=row, last_quote=None)

    return [
        measured("save one field (8 kB of answers), same document", lambda: save(drafts[0]), count=200),
        measured("save one field, another document each time", lambda: save(next(other_drafts)), count=200),
    ]
