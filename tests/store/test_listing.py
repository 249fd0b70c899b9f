"""The list: newest change first, each document once, under its filter."""

import pytest

from localapp.domain.lifecycle import Kind, Shelf
from localapp.store.records import Page
from localapp.store.store import Store
from tests.store.made_up import ALENA, change, client, complete, completed_offer, names, new_offer, plant_fact


def _all(store: Store, **chosen: object) -> list[str]:
    rows, before = [], None
    while True:
        page: Page = store.page(**{"shelf": None, "kind": None, "limit": 7, **chosen}, before=before)  # type: ignore[arg-type]
        rows += page.rows
        before = page.next
        if before is None:
            return [row.id for row in rows]


def test_the_last_changed_document_stands_first(store: Store) -> None:
    made = [store.create_document(new_offer()) for _ in range(3)]
    assert _all(store) == made[::-1]
    change(store, made[0], "a", 1)
    assert _all(store) == [made[0], made[2], made[1]]
    complete(store, made[1])
    assert _all(store) == [made[1], made[0], made[2]]


def test_paging_shows_each_document_exactly_once(store: Store) -> None:
    made = [store.create_document(new_offer()) for _ in range(50)]
    for document in made[::3]:
        change(store, document, "a", 1)
    seen = _all(store)
    assert len(seen) == 50
    assert set(seen) == set(made)
    found = store.search("novak", limit=20)
    rest = store.search("novak", before=found.next, limit=50)
    assert [row.id for row in found.rows + rest.rows] == seen
    assert rest.next is None


def test_a_document_changed_while_paging_is_not_shown_twice(store: Store) -> None:
    made = [store.create_document(new_offer()) for _ in range(10)]
    first = store.page(shelf=None, kind=None, before=None, limit=5)
    change(store, made[0], "a", 1)
    second = store.page(shelf=None, kind=None, before=first.next, limit=50)
    assert not {row.id for row in first.rows} & {row.id for row in second.rows}


def test_filters_show_their_own_and_counts_agree(store: Store) -> None:
    store.create_document(new_offer())
    completed_offer(store)
    for fact in ("signature_requested", "backed_up", "exported", "cancelled", "returned"):
        plant_fact(store, completed_offer(store), fact)
    store.create_document(new_offer(kind=Kind.ILLUSTRATION))
    counts = store.counts(None)
    each: dict[Shelf | None, int] = dict.fromkeys(Shelf, 1)
    assert counts == {**each, None: 8, Shelf.IN_PROGRESS: 3}
    for shelf in Shelf:
        assert len(_all(store, shelf=shelf)) == counts[shelf]
        assert len(store.search("novak", shelf=shelf).rows) == counts[shelf]
    assert len(_all(store, kind=Kind.ILLUSTRATION)) == store.counts(Kind.ILLUSTRATION)[None] == 1
    assert len(store.search("nov", kind=Kind.OFFER, shelf=Shelf.IN_PROGRESS).rows) == 2


def test_counts_follow_every_command(store: Store) -> None:
    document = store.create_document(new_offer())
    assert store.counts(None)[Shelf.IN_PROGRESS] == 1
    change(store, document, "a", 1)
    assert store.counts(None)[Shelf.IN_PROGRESS] == 1
    with store.edit(document, ALENA) as edit:
        edit.delete()
    assert store.counts(None)[None] == 0
    with store.edit(document, ALENA) as edit:
        edit.restore()
    complete(store, document)
    assert store.counts(Kind.OFFER)[Shelf.TO_SEND] == 1
    with store.edit(document, ALENA) as edit:
        edit.cancel()
    assert store.counts(Kind.OFFER)[Shelf.CANCELLED] == 1


def test_a_line_says_which_completed_version_goes_while_a_change_is_in_progress(store: Store) -> None:
    document = completed_offer(store)
    record = store.document(document)
    assert record is not None
    change(store, document, "last_name", "Dvořák", row=client("Dvořák"))
    (row,) = store.page(shelf=None, kind=None, before=None).rows
    assert row.completed_revision_at == record.facts.completed_at
    assert row.facts.working_copy_at is not None
    assert (row.client_last_name, row.premium, row.payments_per_year) == ("Dvořák", "1234.00", 12)


@pytest.mark.parametrize(("limit", "shown"), [(-1, 1), (0, 1), (2, 2), (10**9, 3)])
def test_a_page_has_at_least_one_and_at_most_two_hundred_lines(store: Store, limit: int, shown: int) -> None:
    for name in ("A", "B", "C"):
        store.create_document(new_offer(row=client(name)))
    assert len(store.page(shelf=None, kind=None, before=None, limit=limit).rows) == shown


def test_a_cursor_out_of_this_world_is_harmless(store: Store) -> None:
    store.create_document(new_offer(row=client("A")))
    assert store.page(shelf=None, kind=None, before=-(10**30)).rows == []
    assert names(store.page(shelf=None, kind=None, before=10**30).rows) == ["A"]
    assert store.search("a", before=0).rows == []


def test_an_endless_name_is_listed_and_found_by_its_beginning(store: Store) -> None:
    document = store.create_document(new_offer(row=client("Dlouhá" * 10_000 + "\0", "Dlouhá " * 10_000)))
    (row,) = store.search("dlouha").rows
    assert (row.id, row.client_last_name) == (document, ("Dlouhá" * 40)[:200])
