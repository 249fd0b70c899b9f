"""Search takes whatever is typed: diacritics, case, order and symbols do not matter, syntax means nothing."""

import pytest

from localapp.store.store import Store
from tests.store.made_up import NOVAK, change, client, names, new_offer


@pytest.fixture
def filled(store: Store) -> Store:
    for name in ("Novák Jiří", "Nováková Eva", "Žluťoučký Kůň", "Dvořák OR Petr", "Šťastný 100% a_b"):
        store.create_document(new_offer(row=client(name)))
    return store


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("novak", ["Nováková Eva", "Novák Jiří"]),
        ("NOVÁK jir", ["Novák Jiří"]),
        ("jir novak", ["Novák Jiří"]),
        ("zlutoucky kun", ["Žluťoučký Kůň"]),
        ("Z\u030cluťou", ["Žluťoučký Kůň"]),
        ("d", ["Dvořák OR Petr"]),
        ("or", ["Dvořák OR Petr"]),
        ("stastny", ["Šťastný 100% a_b"]),
        ("ovak", []),
        ("novak petr", []),
    ],
)
def test_words_are_found_by_their_beginnings(filled: Store, typed: str, found: list[str]) -> None:
    assert names(filled.search(typed).rows) == found


@pytest.mark.parametrize(
    "typed",
    [
        *('"', '"novak', "novak OR", "NEAR(novak jiri)", "words:novak", "novak*", "^novak", "-novak", "NOT novak"),
        *(
            "(",
            "{words}:novak",
            "novak AND",
            "novak + jiri",
            "\x00",
            "nov\x00ak",
            "novak\x00",
            "'; DROP TABLE document",
        ),
        *("ž" * 10_000, "a " * 5_000, '"' * 10_000, "\ud800", "\ue000offer", "\ue001inprogress", "☃", "٣", "½"),
    ],
)
def test_no_typed_text_is_syntax_or_breaks_the_search(filled: Store, typed: str) -> None:
    assert len(filled.search(typed).rows) <= 2
    assert len(filled.search("").rows) == 5


@pytest.mark.parametrize("typed", ["%", "_", "*", '""', "()", "%%_", "\ue000offer"])
def test_symbols_are_no_wildcards(filled: Store, typed: str) -> None:
    assert filled.search(typed).rows == []


def test_blank_text_shows_the_whole_list(filled: Store) -> None:
    assert filled.search("  ") == filled.page(shelf=None, kind=None, before=None)


@pytest.mark.parametrize("typed", ["{number}", "{letter}", "{last}", "000002", "7123", "777 123"])
def test_a_document_is_found_by_its_number_policy_and_phone(store: Store, typed: str) -> None:
    store.create_document(new_offer(row=client("A")))
    document = store.create_document(new_offer(row=client("B", "B 7123456789 777 123 456")))
    record = store.document(document)
    assert record is not None
    text = typed.format(number=record.number, letter=record.number[:5] + "000002"[1:], last="2")
    assert names(store.search(text).rows) == ["B"]


def test_a_changed_name_is_found_and_the_former_one_is_not(store: Store) -> None:
    document = store.create_document(new_offer(row=NOVAK))
    change(store, document, "last_name", "Dvořák", row=client("Dvořák"))
    assert names(store.search("dvorak").rows) == ["Dvořák"]
    assert store.search("novak").rows == []
