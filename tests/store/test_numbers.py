"""A document's number is its own: from the blocks of its enrolment, oldest first, of the insurer's newest year."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from localapp import clock
from localapp.domain.lifecycle import Kind
from localapp.domain.sync.messages import NumberBlock
from localapp.store.store import Store
from tests.store.made_up import complete, leave_partner, new_offer, welcomed

NEW_YEAR = datetime(2031, 1, 1, 0, 30, tzinfo=clock.PRAGUE)


def number_of(store: Store, document: str) -> str:
    record = store.document(document)
    assert record is not None
    return record.number


def given(store: Store, *blocks: NumberBlock) -> None:
    enrolment = store.sync.enrolment()
    assert enrolment is not None
    store.sync.welcome(enrolment.id, welcomed(numbers=blocks))


@pytest.fixture
def numberless(store: Store) -> Store:
    """Alena's desk after its last number was used."""
    with store._database.write() as connection:
        connection.exec_driver_sql("DELETE FROM number_block")
    return store


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


def test_a_block_is_used_up_before_the_next_one(numberless: Store) -> None:
    year = clock.today().year % 100
    given(numberless, NumberBlock(f"N{year}-", 7, 8), NumberBlock(f"N{year}-", 51, 51))
    numbers = [number_of(numberless, numberless.create_document(new_offer())) for _ in range(4)]
    assert numbers == [f"N{year}-000007", f"N{year}-000008", f"N{year}-000051", ""]


def test_without_numbers_work_goes_on_and_a_document_gets_its_number_with_the_next_welcome(numberless: Store) -> None:
    first, second = (numberless.create_document(new_offer()) for _ in range(2))
    complete(numberless, second)
    enrolment = numberless.sync.enrolment()
    assert enrolment is not None
    assert numberless.sync.freeze_batch(enrolment, 10, 10**6) == []
    year = clock.today().year % 100
    given(numberless, NumberBlock(f"N{year}-", 3, 9))
    assert [number_of(numberless, each) for each in (first, second)] == [f"N{year}-000003", f"N{year}-000004"]
    assert len(numberless.sync.freeze_batch(enrolment, 10, 10**6)) == 1


def test_a_number_once_given_never_changes(store: Store) -> None:
    document = store.create_document(new_offer())
    before = number_of(store, document)
    given(store, NumberBlock("N31-", 1, 50))
    complete(store, document)
    assert number_of(store, document) == before


def test_numbers_of_the_newest_year_that_the_insurer_has_given_come_first(numberless: Store) -> None:
    given(numberless, NumberBlock("N30-", 1, 50), NumberBlock("N31-", 1, 1))
    numbers = [number_of(numberless, numberless.create_document(new_offer())) for _ in range(2)]
    assert numbers == ["N31-000001", "N30-000001"]


@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_that_is_wrong_by_years_keeps_no_document_from_its_number(store: Store, years: int) -> None:
    year = clock.today().year % 100
    with clock.moved_by(timedelta(days=365.25 * years)):
        assert number_of(store, store.create_document(new_offer())).startswith(f"N{year}-")
        enrolment = store.sync.enrolment()
        assert enrolment is not None
        assert set(store.sync.before_hello(enrolment).numbers) == {f"{letter}{year}" for letter in "NMZO"}


def test_numbers_of_the_old_year_do_not_count_as_left(numberless: Store) -> None:
    given(numberless, NumberBlock("N30-", 1, 50), NumberBlock("N31-", 1, 20))
    enrolment = numberless.sync.enrolment()
    assert enrolment is not None
    with clock.moved_to(NEW_YEAR):
        numberless.create_document(new_offer())
        assert numberless.sync.before_hello(enrolment).numbers == {"N31": 19, "M31": 0, "Z31": 0, "O31": 0}


def test_each_kind_has_its_letter_and_a_document_of_another_enrolment_its_own_numbers(store: Store) -> None:
    letters = {number_of(store, store.create_document(new_offer(kind=kind)))[0] for kind in Kind}
    assert letters == set("NMZO")
    leave_partner(store)
    assert number_of(store, store.create_document(new_offer())) == ""
