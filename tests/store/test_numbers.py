"""A document's number is its own."""

from concurrent.futures import ThreadPoolExecutor

from localapp.store.store import Store
from tests.store.made_up import new_offer


def test_documents_made_at_the_same_time_have_different_numbers(store: Store) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: store.create_document(new_offer()), range(40)))
    numbers = {record.number for record in map(store.document, made) if record}
    assert sorted(int(number[-6:]) for number in numbers) == list(range(1, 41))


def test_the_number_of_a_creation_that_failed_is_not_lost(store: Store) -> None:
    first = store.document(store.create_document(new_offer()))
    try:
        store.create_document(new_offer(answers={"premium": 1.5}))
    except TypeError:
        second = store.document(store.create_document(new_offer()))
    assert first is not None
    assert second is not None
    assert int(second.number[-6:]) == int(first.number[-6:]) + 1
